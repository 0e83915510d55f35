package io.drasi.postgres.protocol.auth;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The session could not be authenticated for a reason the client found: a method it refuses, or a
 * server that does not prove what it must. What the server itself refuses is a {@link
 * io.drasi.postgres.protocol.ServerErrorException}. Trying again does not help.
 */
public final class AuthenticationException extends IOException {
  private static final long serialVersionUID = 1L;

  /** An authentication that failed; the message says what mends it. */
  public AuthenticationException(String message) {
    this(message, null);
  }

  /** An authentication that failed; the message says what mends it. */
  public AuthenticationException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
