package io.drasi.bench.report;

import io.drasi.bench.Environment;
import io.drasi.bench.Results;
import io.drasi.bench.Results.Measured;
import io.drasi.bench.client.Measurement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * The document with the results: what stands between two comments is written anew, with charts in a
 * folder beside it; the rest is left as it is.
 */
public final class Document {
  private static final String BEGIN = "<!-- measured: ./drasi bench writes what follows -->";
  private static final String END = "<!-- measured: end -->";

  private final Path file;
  private final Path folder;
  private final Map<String, Measured> workloads = new LinkedHashMap<>();
  private final StringBuilder text = new StringBuilder();

  /** The document in a file, which need not be there. */
  public Document(Path file) {
    this.file = file;
    this.folder = file.resolveSibling("performance");
  }

  /** Writes the results into it. */
  public void write(Results results) throws IOException {
    Files.createDirectories(folder);
    workloads.putAll(results.workloads());
    environments();
    text.append("\n### Targets\n\n").append(Targets.of(results));
    streaming();
    bootstraps();
    latency();
    growth();
    String old = Files.exists(file) ? Files.readString(file) : BEGIN + "\n" + END + "\n";
    int begin = old.indexOf(BEGIN);
    int end = old.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IOException("%s has no place for results: %s … %s".formatted(file, BEGIN, END));
    }
    String measured = old.substring(0, begin) + BEGIN + "\n\n" + text + "\n" + old.substring(end);
    Files.writeString(file, measured, StandardCharsets.UTF_8);
  }

  private void environments() {
    Map<Environment, List<String>> places = new LinkedHashMap<>();
    workloads.forEach(
        (name, measured) ->
            places.computeIfAbsent(measured.environment(), at -> new ArrayList<>()).add(name));
    places.forEach(
        (at, names) ->
            text.append(
                "`%s`, %s, on %s; %s; %s%s.%n"
                    .formatted(
                        at.command(),
                        at.date(),
                        at.machine(),
                        at.versions(),
                        at.jvm(),
                        places.size() == 1 ? "" : ": " + String.join(", ", names))));
  }

  private void streaming() throws IOException {
    List<Measured> streams = some(name -> !isGrowth(name), "STREAM");
    section("Streaming", streams);
    for (Measured workload : streams) {
      text.append("\n%s; %,d rows.\n\n".formatted(workload.title(), workload.rows()));
      text.append(Tables.streams(workload));
    }
    Measured small = workloads.get("small");
    if (small != null) {
      chart("small-rows", "Small transactions: rows/s", List.of(small), Figures::rowsPerSecond);
      chart(
          "small-cpu",
          "Small transactions: CPU seconds per million rows",
          List.of(small),
          Figures::cpuPerMillion);
    }
    List<Measured> others = streams.stream().filter(one -> !one.equals(small)).toList();
    chart("streaming-cpu", "CPU seconds per million rows", others, Figures::cpuPerMillion);
  }

  private void bootstraps() throws IOException {
    List<Measured> loads = some(name -> true, "LOAD");
    section("Bootstrap", loads);
    for (Measured workload : loads) {
      text.append("\n%s; %,d rows.\n\n".formatted(workload.title(), workload.rows()));
      text.append(Tables.loads(workload));
    }
    chart("bootstrap-rows", "Bootstrap: rows/s", loads, Figures::rowsPerSecond);
  }

  private void latency() throws IOException {
    List<Measured> rates = some(name -> true, "LATENCY");
    section("Latency", rates);
    if (!rates.isEmpty()) {
      text.append("\nFrom when a row was due to be inserted to when it was delivered.\n\n");
      text.append(Tables.latency(rates));
      chart("latency-p50", "Latency, p50 in ms", rates, Figures.latency("p50"));
      chart("latency-p99", "Latency, p99 in ms", rates, Figures.latency("p99"));
    }
  }

  private void growth() {
    List<Measured> growth = some(Document::isGrowth, "STREAM");
    section("Growth", growth);
    if (!growth.isEmpty()) {
      text.append("\n").append(Tables.growth(growth));
    }
  }

  private static boolean isGrowth(String name) {
    return name.matches("(rows|subscribers|slots|columns|tables)-.*");
  }

  private List<Measured> some(Predicate<String> names, String kind) {
    return workloads.entrySet().stream()
        .filter(entry -> names.test(entry.getKey()) && entry.getValue().kind().equals(kind))
        .map(Map.Entry::getValue)
        .toList();
  }

  private void section(String title, List<Measured> content) {
    if (!content.isEmpty()) {
      text.append("\n### ").append(title).append('\n');
    }
  }

  private void chart(
      String name, String title, List<Measured> shown, ToDoubleFunction<Measurement> figure)
      throws IOException {
    if (shown.isEmpty()) {
      return;
    }
    String picture =
        shown.size() == 1
            ? Charts.ofWorkload(title, shown.get(0), figure)
            : Charts.ofWorkloads(title, shown, figure);
    Files.writeString(folder.resolve(name + ".svg"), picture, StandardCharsets.UTF_8);
    text.append("\n![%s](performance/%s.svg)\n".formatted(title, name));
  }
}
