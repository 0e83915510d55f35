package io.drasi.host;

/**
 * How much is logged. To be told before the first logger is made; the form of a line is in {@code
 * simplelogger.properties}.
 */
final class Logging {
  private static final String PREFIX = "org.slf4j.simpleLogger.";

  private Logging() {}

  static void configure(boolean verbose, boolean debug) {
    String level = verbose ? "info" : "warn";
    System.setProperty(PREFIX + "defaultLogLevel", debug ? "debug" : level);
    System.setProperty(PREFIX + "showShortLogName", Boolean.toString(debug));
    System.setProperty(PREFIX + "showThreadName", Boolean.toString(debug));
  }
}
