package io.drasi.source.postgres.internal.transaction;

import io.drasi.source.postgres.internal.spill.SpillLimitException;
import java.io.IOException;

/**
 * Transactions that have not committed take more of the disk than they may. The server keeps them
 * on its own disk when it is not asked to stream them.
 */
public final class StreamingLimitException extends IOException {
  private static final long serialVersionUID = 1L;

  StreamingLimitException(SpillLimitException cause) {
    super(cause.getMessage(), cause);
  }
}
