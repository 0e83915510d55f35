package io.drasi.source.postgres.internal.delivery;

import io.drasi.api.source.SourceEvent;
import io.drasi.postgres.decoder.position.PostgresPosition;
import io.drasi.source.postgres.internal.transaction.PostgresTransaction;

/**
 * Transactions that were left out.
 *
 * @param missedTransactions how many
 * @param missedChanges how many changes they held
 * @param position the position after the last of them
 */
record DeliveredLag(long missedTransactions, long missedChanges, PostgresPosition position)
    implements SourceEvent.Lagged {

  DeliveredLag plus(PostgresTransaction transaction) {
    return new DeliveredLag(
        missedTransactions + 1, missedChanges + transaction.changeCount(), transaction.position());
  }

  static DeliveredLag of(PostgresTransaction transaction) {
    return new DeliveredLag(1, transaction.changeCount(), transaction.position());
  }
}
