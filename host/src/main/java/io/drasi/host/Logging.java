package io.drasi.host;

import java.util.List;

/**
 * How much is logged. To be told before the first logger is made; the form of a line is in {@code
 * simplelogger.properties}.
 */
final class Logging {
  private static final String PREFIX = "org.slf4j.simpleLogger.";

  /** Log what the host says already: what becomes of a source, and of the standard output. */
  private static final List<String> SAID_ALREADY =
      List.of(
          "io.drasi.source.postgres.internal.Supervisor",
          "io.drasi.sink.jsonl.internal.osgi.Output");

  private Logging() {}

  static void configure(boolean verbose, boolean debug) {
    String told = debug ? "debug" : "info";
    boolean quiet = !verbose && !debug;
    System.setProperty(PREFIX + "defaultLogLevel", quiet ? "warn" : told);
    SAID_ALREADY.forEach(
        logger -> System.setProperty(PREFIX + "log." + logger, quiet ? "off" : told));
    System.setProperty(PREFIX + "showShortLogName", Boolean.toString(debug));
    System.setProperty(PREFIX + "showThreadName", Boolean.toString(debug));
  }
}
