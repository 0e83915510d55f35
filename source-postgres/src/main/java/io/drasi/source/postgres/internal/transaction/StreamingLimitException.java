package io.drasi.source.postgres.internal.transaction;

import java.io.IOException;

/**
 * There is no room on disk while transactions that have not committed take some of it. The server
 * keeps them on its own disk when it is not asked to stream them.
 */
public final class StreamingLimitException extends IOException {
  private static final long serialVersionUID = 1L;

  StreamingLimitException(IOException cause) {
    super(String.valueOf(cause.getMessage()), cause);
  }
}
