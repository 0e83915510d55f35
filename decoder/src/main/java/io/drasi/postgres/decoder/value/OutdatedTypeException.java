package io.drasi.postgres.decoder.value;

import io.drasi.postgres.protocol.message.ProtocolException;

/**
 * A value has other columns than the description of its type, or they cannot be decoded: the type
 * was changed between. Whoever can ask the catalog again does so; where that does not help, {@link
 * TypeCodecs#lenient} decodes the value as text.
 */
public final class OutdatedTypeException extends ProtocolException {
  private static final long serialVersionUID = 1L;

  OutdatedTypeException(String type, int described, int found) {
    super("type %s has %d columns, but a value of it has %d".formatted(type, described, found));
  }

  OutdatedTypeException(String type, String column, ProtocolException cause) {
    super("type %s, column %s: %s".formatted(type, column, cause.getMessage()));
    initCause(cause);
  }

  /** The same, with the place where it happened before it. */
  public OutdatedTypeException(String where, OutdatedTypeException cause) {
    super("%s: %s".formatted(where, cause.getMessage()));
    initCause(cause);
  }
}
