package io.drasi.source.postgres.internal.transaction;

import io.drasi.api.source.SourceEvent;
import io.drasi.postgres.decoder.position.PostgresPosition;

/** A committed transaction as a subscriber gets it, and how much there is of it. */
public sealed interface PostgresTransaction extends SourceEvent.Transaction
    permits CommittedTransaction, SpilledTransaction {

  @Override
  PostgresPosition position();

  /** How many changes it has. */
  long changeCount();

  /** How many bytes of memory it takes, about. */
  long memoryBytes();

  /** Gives back what it has beside memory: nobody will read its changes. */
  void release();
}
