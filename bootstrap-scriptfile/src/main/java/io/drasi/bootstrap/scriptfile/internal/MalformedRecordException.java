package io.drasi.bootstrap.scriptfile.internal;

/** A line is no record. The message says why, without file and line. */
final class MalformedRecordException extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedRecordException(String reason) {
    super(reason);
  }

  MalformedRecordException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
