package io.drasi.source.postgres.internal.session;

import io.drasi.api.change.ElementMetadata;
import io.drasi.api.change.ElementReference;
import io.drasi.api.change.SourceChange;
import io.drasi.postgres.decoder.position.PostgresPosition;
import io.drasi.postgres.decoder.row.RelationCache;
import io.drasi.source.postgres.internal.spill.SpillSpace;
import io.drasi.source.postgres.internal.transaction.CommittedTransaction;
import io.drasi.source.postgres.internal.transaction.DecodedTransaction;
import io.drasi.source.postgres.internal.transaction.RawTransaction;
import io.drasi.source.postgres.internal.transaction.TransactionBuffer;
import io.drasi.source.postgres.internal.transaction.TransactionMemory;
import java.nio.file.Path;
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
  static DecodedTransaction transaction(PostgresPosition position) {
    return new DecodedTransaction(
        new CommittedTransaction(position, 1, Instant.EPOCH, ONE, 0),
        new RawTransaction(
            position,
            1,
            Instant.EPOCH,
            new TransactionBuffer(
                new TransactionMemory(
                    new SpillSpace("source", Path.of("nowhere"), 0), Long.MAX_VALUE)),
            List.of(RelationCache.empty())));
  }
}
