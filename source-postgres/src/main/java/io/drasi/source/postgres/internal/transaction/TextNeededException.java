package io.drasi.source.postgres.internal.transaction;

import java.io.IOException;

/** A session that asked for the binary format gets values that only their text is understood of. */
public final class TextNeededException extends IOException {
  private static final long serialVersionUID = 1L;

  TextNeededException(String message) {
    super(message);
  }
}
