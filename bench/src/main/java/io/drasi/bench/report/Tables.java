package io.drasi.bench.report;

import static io.drasi.bench.report.Figures.number;
import static io.drasi.bench.report.Figures.orEmpty;

import io.drasi.bench.Contestant;
import io.drasi.bench.Results.Measured;
import io.drasi.bench.client.Measurement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The tables of the document, in Markdown. */
final class Tables {
  private static final String RAW = Contestant.RAW.id();

  private final StringBuilder text = new StringBuilder();

  /** A column: its title, and what a contestant has in it. */
  private record Column(String title, Function<Figures, String> cell) {}

  private static final Column SPEED =
      new Column("rows/s", figures -> figures.spread(Figures::rowsPerSecond));

  private static final List<Column> CPU =
      List.of(
          new Column(
              "CPU s per million rows", figures -> number(figures.median(Figures::cpuPerMillion))),
          new Column(
              "without the start",
              figures -> number(figures.median(Figures::runningCpuPerMillion))));

  private static final List<Column> MEMORY =
      List.of(
          new Column("peak heap, MB", figures -> orEmpty(figures.median(Figures::heapMegabytes))),
          new Column("peak RSS, MB", figures -> orEmpty(figures.median(Figures::rssMegabytes))));

  /** A table of how long changes took. */
  static String streams(Measured workload) {
    List<Column> columns = new ArrayList<>();
    columns.add(SPEED);
    columns.add(new Column("× raw", figures -> timesRaw(figures, workload)));
    columns.add(
        new Column("MB/s", figures -> orEmpty(figures.median(Figures::megabytesPerSecond))));
    columns.addAll(CPU);
    columns.add(
        new Column(
            "B allocated a row", figures -> orEmpty(figures.median(Figures::allocatedPerRow))));
    columns.addAll(MEMORY);
    return ofContestants(workload, false, columns);
  }

  /**
   * A table of how long rows of a table took. What was allocated is not in it: the threads of a
   * bootstrap have ended when it is asked for.
   */
  static String loads(Measured workload) {
    List<Column> columns = new ArrayList<>();
    columns.add(SPEED);
    columns.add(new Column("× COPY", figures -> timesRaw(figures, workload)));
    columns.addAll(CPU);
    columns.addAll(MEMORY);
    return ofContestants(workload, true, columns);
  }

  private static String ofContestants(Measured workload, boolean loads, List<Column> columns) {
    List<String> head = new ArrayList<>(List.of("Who"));
    columns.forEach(column -> head.add(column.title()));
    List<List<String>> rows = new ArrayList<>();
    workload
        .rounds()
        .forEach(
            (id, rounds) -> {
              var figures = new Figures(rounds);
              List<String> row = new ArrayList<>(List.of(title(id, loads)));
              columns.forEach(column -> row.add(column.cell().apply(figures)));
              rows.add(row);
            });
    return of(head, rows);
  }

  private static String timesRaw(Figures figures, Measured workload) {
    List<Measurement> raw = workload.rounds().get(RAW);
    return raw == null ? "" : number(figures.ratio(new Figures(raw), Figures::rowsPerSecond));
  }

  /** A table of all rates. */
  static String latency(List<Measured> workloads) {
    var table = new Tables();
    table.row("transactions/s", "Who", "p50, ms", "p99, ms", "p99.9, ms", "CPU s a minute");
    table.line(6);
    for (Measured workload : workloads) {
      for (Map.Entry<String, List<Measurement>> entry : workload.rounds().entrySet()) {
        var figures = new Figures(entry.getValue());
        table.row(
            "%,d".formatted(workload.rows()),
            title(entry.getKey(), false),
            figures.spread(Figures.latency("p50")),
            figures.spread(Figures.latency("p99")),
            number(figures.median(Figures.latency("p999"))),
            number(
                figures.median(
                    one -> 60 * (one.cpuSeconds() - one.startCpuSeconds()) / one.seconds())));
      }
    }
    return table.text.toString();
  }

  /** A table with a line for each workload and contestant. */
  static String growth(List<Measured> workloads) {
    var table = new Tables();
    table.row(
        "Workload",
        "Who",
        "rows",
        "rows/s",
        "CPU s per million rows, without the start",
        "B allocated a row",
        "peak heap, MB");
    table.line(7);
    for (Measured workload : workloads) {
      for (Map.Entry<String, List<Measurement>> entry : workload.rounds().entrySet()) {
        var figures = new Figures(entry.getValue());
        table.row(
            workload.title(),
            title(entry.getKey(), false),
            "%,d".formatted(workload.rows()),
            figures.spread(Figures::rowsPerSecond),
            number(figures.median(Figures::runningCpuPerMillion)),
            orEmpty(figures.median(Figures::allocatedPerRow)),
            orEmpty(figures.median(Figures::heapMegabytes)));
      }
    }
    return table.text.toString();
  }

  static String title(String id, boolean loads) {
    Contestant contestant = Contestant.of(id);
    if (loads) {
      return switch (contestant) {
        case RAW -> "COPY (FORMAT binary) to nowhere";
        case DRASI -> "this source's bootstrap, one connection";
        default -> contestant.title();
      };
    }
    return contestant.title();
  }

  /** Rows of text, under a line that says what is in them. */
  static String of(List<String> head, List<List<String>> rows) {
    var table = new Tables();
    table.row(head.toArray(String[]::new));
    table.line(head.size());
    rows.forEach(row -> table.row(row.toArray(String[]::new)));
    return table.text.toString();
  }

  private void row(String... cells) {
    text.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  private void line(int columns) {
    text.append("|---".repeat(columns)).append("|\n");
  }
}
