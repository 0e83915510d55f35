package io.drasi.source.postgres.testing;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What is logged from here on, until it is closed. */
public final class Log implements AutoCloseable {
  private final PrintStream before = System.err;
  private final ByteArrayOutputStream lines = new ByteArrayOutputStream();

  /** Begins to listen. */
  public Log() {
    System.setErr(new PrintStream(lines, true, StandardCharsets.UTF_8));
  }

  /** The lines so far of this level. */
  public List<String> lines(String level) {
    return lines
        .toString(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.contains(" " + level + " "))
        .toList();
  }

  @Override
  public void close() {
    System.setErr(before);
  }
}
