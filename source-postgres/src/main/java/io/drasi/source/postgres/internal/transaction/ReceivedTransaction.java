package io.drasi.source.postgres.internal.transaction;

import io.drasi.postgres.decoder.position.PostgresPosition;

/** A transaction as it comes from the stream. */
public sealed interface ReceivedTransaction permits DecodedTransaction, SpilledTransaction {

  /** What there is of it, all labels included. */
  PostgresTransaction committed();

  /** What a {@link Backlog} can keep of it. */
  Keepable raw();

  /** Nobody will keep it: its messages are not needed beside its changes. */
  void forgetRaw();

  /** The position right after it. */
  default PostgresPosition position() {
    return committed().position();
  }
}
