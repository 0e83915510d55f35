package io.drasi.api.source;

import org.jspecify.annotations.Nullable;

/**
 * Something is wrong with a source. The message says what, and what mends it: it is for the
 * operator to act.
 */
public class SourceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * A source's error.
   *
   * @param message what is wrong and what mends it
   * @param cause what it came from, or null
   */
  public SourceException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
