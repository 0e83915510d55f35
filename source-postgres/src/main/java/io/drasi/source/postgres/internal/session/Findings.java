package io.drasi.source.postgres.internal.session;

import io.drasi.api.source.Finding;
import io.drasi.api.source.Finding.Level;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a check-up has found so far. Confined to its thread. */
final class Findings {
  private final List<Finding> found = new ArrayList<>();

  void ok(String item, String message) {
    found.add(new Finding(item, Level.OK, message, List.of()));
  }

  void warning(String item, String message, String... sql) {
    found.add(new Finding(item, Level.WARNING, message, Arrays.asList(sql)));
  }

  void problem(String item, String message, List<String> sql) {
    found.add(new Finding(item, Level.PROBLEM, message, sql));
  }

  void problem(String item, Problem problem) {
    problem(item, problem.message(), problem.sql());
  }

  /** A problem, or that all is in order. */
  void judge(String item, Optional<Problem> problem, String inOrder) {
    problem.ifPresentOrElse(found -> problem(item, found), () -> ok(item, inOrder));
  }

  List<Finding> toList() {
    return List.copyOf(found);
  }
}
