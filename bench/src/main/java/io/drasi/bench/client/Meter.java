package io.drasi.bench.client;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * Measures the process it is in. Thread-safe: the counters are atomic, the rest is guarded by this.
 */
final class Meter {
  private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(10);

  private final OperatingSystemMXBean system =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final AtomicLong bytes = new AtomicLong();
  private final ConcurrentHistogram delays = new ConcurrentHistogram(LONGEST_NANOS, 3);
  private volatile boolean begun;
  private long beginNanos;
  private long startNanos;
  private long startCpuNanos;
  private long startAllocatedBytes;

  /** The first row is here. Without effect when called again. */
  void begin() {
    if (!begun) {
      beginNow();
    }
  }

  private synchronized void beginNow() {
    if (begun) {
      return;
    }
    startNanos = sinceProcessBegan().toNanos();
    startCpuNanos = system.getProcessCpuTime();
    startAllocatedBytes = allocated();
    beginNanos = System.nanoTime();
    begun = true;
  }

  /** So many bytes of the output plugin came. */
  void addBytes(long count) {
    bytes.addAndGet(count);
  }

  /** A row is here that was due at a time, in nanoseconds of the Unix epoch. */
  void delivered(long dueNanos) {
    Instant now = Instant.now();
    long nowNanos = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    delays.recordValue(Math.min(Math.max(0, nowNanos - dueNanos), LONGEST_NANOS));
  }

  /** The last row is here. */
  synchronized Measurement end(long rows) {
    long endNanos = System.nanoTime();
    long cpuNanos = system.getProcessCpuTime();
    long allocated = allocated();
    begin();
    if (Boolean.getBoolean("bench.threads")) {
      System.err.println("CPU seconds by thread: " + ProcessStatus.self().threads());
    }
    return new Measurement(
        rows,
        bytes.get(),
        seconds(startNanos),
        seconds(endNanos - beginNanos),
        seconds(cpuNanos),
        seconds(startCpuNanos),
        allocated - startAllocatedBytes,
        peakHeap(),
        ProcessStatus.self().peakRssBytes(),
        percentiles());
  }

  private Map<String, Double> percentiles() {
    Map<String, Double> percentiles = new LinkedHashMap<>();
    if (delays.getTotalCount() > 0) {
      percentiles.put("p50", millis(delays.getValueAtPercentile(50)));
      percentiles.put("p90", millis(delays.getValueAtPercentile(90)));
      percentiles.put("p99", millis(delays.getValueAtPercentile(99)));
      percentiles.put("p999", millis(delays.getValueAtPercentile(99.9)));
      percentiles.put("max", millis(delays.getMaxValue()));
    }
    return percentiles;
  }

  static Duration sinceProcessBegan() {
    Instant start = ProcessHandle.current().info().startInstant().orElseGet(Instant::now);
    return Duration.between(start, Instant.now());
  }

  /** By the threads that live: those of the contestants do as long as rows come. */
  private long allocated() {
    long sum = 0;
    for (long count : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
      sum += Math.max(0, count);
    }
    return sum;
  }

  private static long peakHeap() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .map(MemoryPoolMXBean::getPeakUsage)
        .mapToLong(usage -> usage.getUsed())
        .sum();
  }

  private static double seconds(long nanos) {
    return nanos / 1e9;
  }

  private static double millis(long nanos) {
    return nanos / 1e6;
  }
}
