package io.drasi.postgres.protocol;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The server cannot be reached, or the connection to it broke. May pass by itself. */
public final class ConnectionException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * A connection that cannot be made, or is gone.
   *
   * @param message where to, and what happened
   * @param cause what it came from, or null
   */
  public ConnectionException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
