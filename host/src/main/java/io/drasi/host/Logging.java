package io.drasi.host;

/**
 * How much is logged. To be told before the first logger is made; the form of a line is in {@code
 * simplelogger.properties}.
 */
final class Logging {
  private static final String PREFIX = "org.slf4j.simpleLogger.";

  /** Logs what becomes of a source, which the status lines say already. */
  private static final String STATUS_LOGGER = "io.drasi.source.postgres.internal.Supervisor";

  private Logging() {}

  static void configure(boolean verbose, boolean debug) {
    String told = debug ? "debug" : "info";
    boolean quiet = !verbose && !debug;
    System.setProperty(PREFIX + "defaultLogLevel", quiet ? "warn" : told);
    System.setProperty(PREFIX + "log." + STATUS_LOGGER, quiet ? "off" : told);
    System.setProperty(PREFIX + "showShortLogName", Boolean.toString(debug));
    System.setProperty(PREFIX + "showThreadName", Boolean.toString(debug));
  }
}
