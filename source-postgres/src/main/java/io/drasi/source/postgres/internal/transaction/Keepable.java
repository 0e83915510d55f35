package io.drasi.source.postgres.internal.transaction;

import io.drasi.postgres.decoder.position.PostgresPosition;

/** A transaction that can be put into a {@link Backlog}. */
public sealed interface Keepable permits RawTransaction, SpilledTransaction {

  /** The position right after it. */
  PostgresPosition position();
}
