package io.drasi.bench.client;

import java.util.Map;

/**
 * What a process has measured of itself.
 *
 * @param rows how many rows came, to one subscriber
 * @param bytes how many bytes of the output plugin came; 0 where it does not tell
 * @param startSeconds from the process's begin to the first row
 * @param seconds from the first row to the last
 * @param cpuSeconds what the process took of the processors, from its begin to the last row
 * @param startCpuSeconds the part of that up to the first row
 * @param allocatedBytes what was allocated on the heap from the first row to the last; 0 where
 *     there is none
 * @param peakHeapBytes the most of the heap that was in use
 * @param peakRssBytes the most of the machine's memory that was in use
 * @param latencyMillis delays by percentile ({@code p50}); empty where they were not asked for
 */
public record Measurement(
    long rows,
    long bytes,
    double startSeconds,
    double seconds,
    double cpuSeconds,
    double startCpuSeconds,
    long allocatedBytes,
    long peakHeapBytes,
    long peakRssBytes,
    Map<String, Double> latencyMillis) {}
