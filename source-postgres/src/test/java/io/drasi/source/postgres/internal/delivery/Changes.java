package io.drasi.source.postgres.internal.delivery;

import io.drasi.api.change.Element;
import io.drasi.api.change.ElementMetadata;
import io.drasi.api.change.ElementPropertyMap;
import io.drasi.api.change.ElementReference;
import io.drasi.api.change.SourceChange;
import io.drasi.api.source.DispatchMode;
import io.drasi.postgres.decoder.position.PostgresPosition;
import io.drasi.postgres.decoder.position.TimelineHistory;
import io.drasi.postgres.decoder.row.RelationCache;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.source.postgres.internal.spill.SpillSpace;
import io.drasi.source.postgres.internal.transaction.CommittedTransaction;
import io.drasi.source.postgres.internal.transaction.DecodedTransaction;
import io.drasi.source.postgres.internal.transaction.RawTransaction;
import io.drasi.source.postgres.internal.transaction.TransactionBuffer;
import io.drasi.source.postgres.internal.transaction.TransactionMemory;
import io.drasi.source.postgres.testing.Incoming;
import io.drasi.source.postgres.testing.PgOutput;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;

/** Transactions and changes to hand over. */
final class Changes {
  static final long SYSTEM = 7;

  /** Nobody listens. */
  static final SubscriptionHub.Listener NO_LISTENER =
      new SubscriptionHub.Listener() {
        @Override
        public void confirmedAdvanced() {}

        @Override
        public void restartWanted() {}
      };

  private Changes() {}

  static PostgresPosition at(long lsn) {
    return PostgresPosition.after(SYSTEM, 1, new Lsn(lsn));
  }

  /** A transaction of one change of {@code users}. */
  static CommittedTransaction transaction(long lsn) {
    return transaction(lsn, insert("users"));
  }

  /** A transaction of so many changes of {@code users}. */
  static CommittedTransaction large(long lsn, int changes) {
    return new CommittedTransaction(
        at(lsn), lsn, Instant.EPOCH, Collections.nCopies(changes, insert("users")), 0);
  }

  static CommittedTransaction transaction(long lsn, SourceChange... changes) {
    return new CommittedTransaction(at(lsn), lsn, Instant.EPOCH, List.of(changes), 0);
  }

  static SourceChange insert(String label) {
    return new SourceChange.Insert(node(label));
  }

  static Element.Node node(String label) {
    return new Element.Node(metadata(label), ElementPropertyMap.empty());
  }

  static Element.Relation relation(String label) {
    return new Element.Relation(
        metadata(label),
        new ElementReference("source", "a:1"),
        new ElementReference("source", "b:1"),
        ElementPropertyMap.empty());
  }

  static ElementMetadata metadata(String label) {
    return ElementMetadata.of(
        new ElementReference("source", label + ":1"), List.of(label), Instant.EPOCH);
  }

  /** As it comes from the stream; its raw messages are none. */
  static DecodedTransaction received(CommittedTransaction transaction) {
    return new DecodedTransaction(
        transaction,
        new RawTransaction(
            transaction.position(),
            transaction.xid(),
            transaction.commitTime(),
            new TransactionBuffer(
                new TransactionMemory(
                    new SpillSpace("source", Path.of("nowhere"), 0), Long.MAX_VALUE)),
            List.of(RelationCache.empty())));
  }

  /** As it comes from the stream, raw messages and all: one user. */
  static DecodedTransaction incoming(long lsn) {
    return new Incoming().transaction(lsn, PgOutput.relation(), PgOutput.insert(lsn, "Alice"));
  }

  /** Settings with which nothing is done while the stream is held back. */
  static DeliverySettings settings(DispatchMode mode, int capacity) {
    return new DeliverySettings(
        "source",
        mode,
        capacity,
        Long.MAX_VALUE,
        Duration.ZERO,
        Duration.ofDays(1),
        new SpillSpace("source", Path.of(System.getProperty("java.io.tmpdir")), 1L << 30));
  }

  /** A session begins on a server whose log goes far and was never on another timeline. */
  static HubSession begin(SubscriptionHub hub, PostgresPosition slot) throws InterruptedException {
    return hub.begin(origin(hub, slot), (subscriber, since) -> {}).orElseThrow();
  }

  static StreamOrigin origin(SubscriptionHub hub, PostgresPosition slot) {
    return new StreamOrigin(
        slot, new Lsn(1_000_000), TimelineHistory.none(slot.timeline()), hub.revision());
  }
}
