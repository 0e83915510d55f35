package io.drasi.it.faults;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Prints what the suites have done as the tables of {@code docs/reliability.md}. */
public final class ReliabilityTables {
  private ReliabilityTables() {}

  /**
   * Prints the tables.
   *
   * @param arguments the folder with the summaries, or nothing
   */
  public static void main(String[] arguments) throws IOException {
    Path folder = arguments.length == 0 ? Summary.folder() : Path.of(arguments[0]);
    List<Summary> summaries = Summary.read(folder);
    System.out.println(
        "| Suite | PostgreSQL | Cases | Survived | Transactions compared | Lost | Doubled |");
    System.out.println("|---|---|---|---|---|---|---|");
    for (Summary summary : summaries) {
      System.out.printf(
          "| %s | %s | %,d | %,d | %,d | %d | %d |%n",
          summary.suite(),
          summary.server(),
          summary.cases().size(),
          summary.cases().stream().filter(Summary.Case::survived).count(),
          summary.cases().stream().mapToLong(Summary.Case::transactions).sum(),
          summary.lost(),
          summary.doubled());
    }
    summaries.forEach(ReliabilityTables::print);
    Moments.read(folder).forEach(ReliabilityTables::print);
  }

  private static void print(Moments moments) {
    System.out.printf("%n%s, PostgreSQL %s%n%n", moments.suite(), moments.server());
    System.out.println("| Moment | Times | Median ms | Worst ms |");
    System.out.println("|---|---|---|---|");
    for (Moments.Moment moment : moments.moments()) {
      System.out.printf(
          "| %s | %d | %,.0f | %,.0f |%n",
          moment.state(), moment.millis().size(), moment.median(), moment.worst());
    }
  }

  private static void print(Summary summary) {
    Set<String> kinds = new TreeSet<>();
    Map<String, Map<String, long[]>> places = new TreeMap<>();
    for (Summary.Case one : summary.cases()) {
      kinds.add(one.kind());
      long[] count =
          places
              .computeIfAbsent(one.place(), place -> new TreeMap<>())
              .computeIfAbsent(one.kind(), kind -> new long[2]);
      count[0] += one.survived() ? 1 : 0;
      count[1]++;
    }
    System.out.printf("%n%s, PostgreSQL %s%n%n", summary.suite(), summary.server());
    System.out.println("| Where | " + String.join(" | ", kinds) + " |");
    System.out.println("|---" + "|---".repeat(kinds.size()) + "|");
    places.forEach(
        (place, counts) -> System.out.println("| " + place + " | " + row(kinds, counts)));
  }

  private static String row(Set<String> kinds, Map<String, long[]> counts) {
    var row = new StringBuilder();
    for (String kind : kinds) {
      long[] count = counts.getOrDefault(kind, new long[2]);
      row.append(count[1] == 0 ? "–" : count[0] + "/" + count[1]).append(" | ");
    }
    return row.toString().strip();
  }
}
