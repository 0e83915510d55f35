package io.drasi.source.postgres.internal.transaction;

import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.io.IOException;

/**
 * A transaction that cannot be decoded. Another attempt tells whether the bytes or we are wrong.
 */
public final class TransactionException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient Lsn commitLsn;

  TransactionException(Lsn commitLsn, long xid, ProtocolException cause) {
    super(
        "the transaction with commit LSN %s (xid %d) cannot be decoded: %s"
            .formatted(commitLsn, xid, cause.getMessage()),
        cause);
    this.commitLsn = commitLsn;
  }

  /** Which transaction. */
  public Lsn commitLsn() {
    return commitLsn;
  }
}
