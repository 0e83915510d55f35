package io.drasi.source.postgres.internal.transaction;

import io.drasi.postgres.decoder.position.PostgresPosition;

/** A transaction that comes out of a {@link Backlog}. */
public sealed interface KeptTransaction permits StoredTransaction, SpilledTransaction {

  /** The position right after it. */
  PostgresPosition position();

  /** The transaction with its changes, as they were when it was received. */
  PostgresTransaction decode();

  /** Gives back what it has beside memory: nobody will decode it. */
  void release();
}
