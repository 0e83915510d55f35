package io.drasi.source.postgres.internal.session;

import io.drasi.api.change.ElementMetadata;
import io.drasi.api.change.ElementReference;
import io.drasi.api.change.SourceChange;
import io.drasi.postgres.decoder.position.PostgresPosition;
import io.drasi.postgres.decoder.row.RelationCache;
import io.drasi.source.postgres.internal.transaction.CommittedTransaction;
import io.drasi.source.postgres.internal.transaction.RawTransaction;
import io.drasi.source.postgres.internal.transaction.ReceivedTransaction;
import io.drasi.source.postgres.internal.transaction.TransactionBuffer;
import java.time.Instant;
import java.util.List;

/** Changes that only have to be there. */
final class TestChanges {
  static final List<SourceChange> ONE =
      List.of(
          new SourceChange.Delete(
              ElementMetadata.of(
                  new ElementReference("source", "users:1"), List.of("users"), Instant.EPOCH),
              null));

  private TestChanges() {}

  /** A transaction with a change. */
  static ReceivedTransaction transaction(PostgresPosition position) {
    return new ReceivedTransaction(
        new CommittedTransaction(position, 1, Instant.EPOCH, ONE),
        new RawTransaction(
            position, 1, Instant.EPOCH, new TransactionBuffer(), List.of(RelationCache.empty())));
  }
}
