package io.drasi.api.bootstrap;

import org.jspecify.annotations.Nullable;

/** A bootstrap could not be done. The message says why, and what mends it. */
public final class BootstrapException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * A failed bootstrap.
   *
   * @param message what is wrong and what mends it
   * @param cause what it came from, or null
   */
  public BootstrapException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
