package io.drasi.bench.report;

import io.drasi.bench.Contestant;
import io.drasi.bench.Results;
import io.drasi.bench.client.Measurement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What the source is to reach, with what it has reached. */
final class Targets {
  private final Results results;
  private final List<List<String>> rows = new ArrayList<>();

  private Targets(Results results) {
    this.results = results;
  }

  /** The table. */
  static String of(Results results) {
    var targets = new Targets(results);
    targets.add();
    return Tables.of(List.of("What", "Compared with", "Wanted", "Measured"), targets.rows);
  }

  private void add() {
    atLeast("small", "rows/s, streaming", Contestant.PG_RECVLOGICAL, 0.95, Figures::rowsPerSecond);
    show("small", "rows/s, streaming", Contestant.RAW, Figures::rowsPerSecond);
    atLeast("small", "rows/s, streaming", Contestant.DEBEZIUM, 3.3, Figures::rowsPerSecond);
    atLeast("small", "rows/s, streaming", Contestant.DEBEZIUM_TUNED, 3.3, Figures::rowsPerSecond);
    atMost(
        "long",
        "CPU, streaming 5,000,000 rows",
        Contestant.PG_RECVLOGICAL,
        1.5,
        Figures::cpuPerMillion);
    atMost("small", "CPU, streaming", Contestant.DEBEZIUM, 1 / 6.0, Figures::cpuPerMillion);
    String latency = "latency at 500 transactions/s, ";
    atMost("latency-500", latency + "p50", Contestant.RAW, 1.25, Figures.latency("p50"));
    atMost("latency-500", latency + "p99", Contestant.RAW, 2, Figures.latency("p99"));
    atMost("bootstrap-huge", "time of a bootstrap", Contestant.RAW, 2, Measurement::seconds);
    atLeast(
        "bootstrap-large",
        "rows/s, bootstrap",
        Contestant.DEBEZIUM_TUNED,
        12,
        Figures::rowsPerSecond);
  }

  private void show(
      String workload, String what, Contestant other, ToDoubleFunction<Measurement> figure) {
    add(workload, what, other, "", figure);
  }

  private void atLeast(
      String workload,
      String what,
      Contestant other,
      double wanted,
      ToDoubleFunction<Measurement> figure) {
    add(workload, what, other, "≥ " + Figures.number(wanted), figure);
  }

  private void atMost(
      String workload,
      String what,
      Contestant other,
      double wanted,
      ToDoubleFunction<Measurement> figure) {
    add(workload, what, other, "≤ " + Figures.number(wanted), figure);
  }

  private void add(
      String workload,
      String what,
      Contestant other,
      String wanted,
      ToDoubleFunction<Measurement> figure) {
    Results.Measured measured = results.workloads().get(workload);
    List<Measurement> ours = measured == null ? null : measured.rounds().get("drasi");
    List<Measurement> theirs = measured == null ? null : measured.rounds().get(other.id());
    if (ours == null || theirs == null) {
      return;
    }
    double ratio = new Figures(ours).ratio(new Figures(theirs), figure);
    rows.add(
        List.of(
            what,
            Tables.title(other.id(), workload.startsWith("bootstrap")),
            wanted,
            Figures.number(ratio)));
  }
}
