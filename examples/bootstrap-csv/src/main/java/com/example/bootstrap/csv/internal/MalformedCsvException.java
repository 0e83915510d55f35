package com.example.bootstrap.csv.internal;

/** A record that cannot be used. */
final class MalformedCsvException extends Exception {
  private static final long serialVersionUID = 1L;

  private final long line;

  /**
   * A record that cannot be used.
   *
   * @param line where it begins, from 1
   * @param reason why, without values: they may be nobody's business
   */
  MalformedCsvException(long line, String reason) {
    super(reason);
    this.line = line;
  }

  long line() {
    return line;
  }
}
