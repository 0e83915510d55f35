package io.drasi.bench.report;

import io.drasi.bench.client.Measurement;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** The figures of one contestant in one workload, over its rounds. */
record Figures(List<Measurement> rounds) {
  private static final double MEGA = 1e6;
  private static final double MEBI = 1 << 20;

  static double rowsPerSecond(Measurement measured) {
    return measured.rows() / measured.seconds();
  }

  static double megabytesPerSecond(Measurement measured) {
    return measured.bytes() / MEGA / measured.seconds();
  }

  static double cpuPerMillion(Measurement measured) {
    return measured.cpuSeconds() / measured.rows() * MEGA;
  }

  static double runningCpuPerMillion(Measurement measured) {
    return (measured.cpuSeconds() - measured.startCpuSeconds()) / measured.rows() * MEGA;
  }

  static double allocatedPerRow(Measurement measured) {
    return (double) measured.allocatedBytes() / measured.rows();
  }

  static double heapMegabytes(Measurement measured) {
    return measured.peakHeapBytes() / MEBI;
  }

  static double rssMegabytes(Measurement measured) {
    return measured.peakRssBytes() / MEBI;
  }

  static ToDoubleFunction<Measurement> latency(String percentile) {
    return measured -> measured.latencyMillis().getOrDefault(percentile, Double.NaN);
  }

  double median(ToDoubleFunction<Measurement> figure) {
    return median(values(figure));
  }

  private double[] values(ToDoubleFunction<Measurement> figure) {
    return rounds.stream().mapToDouble(figure).sorted().toArray();
  }

  /**
   * The median of the rounds' ratios to another contestant: what disturbs a round disturbs both.
   */
  double ratio(Figures other, ToDoubleFunction<Measurement> figure) {
    int common = Math.min(rounds.size(), other.rounds.size());
    return median(
        IntStream.range(0, common)
            .mapToDouble(
                i ->
                    figure.applyAsDouble(rounds.get(i)) / figure.applyAsDouble(other.rounds.get(i)))
            .sorted()
            .toArray());
  }

  private static double median(double[] sorted) {
    int middle = sorted.length / 2;
    if (sorted.length == 0) {
      return Double.NaN;
    }
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** Median, least and most. */
  String spread(ToDoubleFunction<Measurement> figure) {
    double[] values = values(figure);
    return values.length == 0
        ? ""
        : "%s (%s–%s)"
            .formatted(
                number(median(values)), number(values[0]), number(values[values.length - 1]));
  }

  /** Three digits that say something; empty for none. */
  static String number(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return "";
    }
    int digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
    return String.format(Locale.ROOT, "%,." + digits + "f", value);
  }

  /** As {@link #number}, and empty for what was not measured. */
  static String orEmpty(double value) {
    return value == 0 ? "" : number(value);
  }
}
