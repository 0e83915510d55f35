package io.drasi.bench.report;

import io.drasi.bench.Contestant;
import io.drasi.bench.Results.Measured;
import io.drasi.bench.client.Measurement;
import io.drasi.bench.report.BarChart.Bar;
import io.drasi.bench.report.BarChart.Group;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The charts of the document, as SVG. */
final class Charts {
  private static final List<Contestant> CONTESTANTS = List.of(Contestant.values());

  private Charts() {}

  /** A figure of every contestant in one workload. */
  static String ofWorkload(String title, Measured workload, ToDoubleFunction<Measurement> figure) {
    return BarChart.of(title, bars(workload, figure)).draw();
  }

  /** A figure of every contestant in several workloads. */
  static String ofWorkloads(
      String title, List<Measured> workloads, ToDoubleFunction<Measurement> figure) {
    return new BarChart(
            title,
            workloads.stream().map(one -> new Group(one.title(), bars(one, figure))).toList())
        .draw();
  }

  private static List<Bar> bars(Measured workload, ToDoubleFunction<Measurement> figure) {
    boolean loads = workload.kind().equals("LOAD");
    return workload.rounds().entrySet().stream()
        .map(
            entry ->
                new Bar(
                    Tables.title(entry.getKey(), loads),
                    new Figures(entry.getValue()).median(figure),
                    CONTESTANTS.indexOf(Contestant.of(entry.getKey()))))
        .toList();
  }
}
