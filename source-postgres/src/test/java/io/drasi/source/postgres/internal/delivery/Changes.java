package io.drasi.source.postgres.internal.delivery;

import io.drasi.api.change.Element;
import io.drasi.api.change.ElementMetadata;
import io.drasi.api.change.ElementPropertyMap;
import io.drasi.api.change.ElementReference;
import io.drasi.api.change.SourceChange;
import io.drasi.postgres.decoder.position.PostgresPosition;
import io.drasi.postgres.protocol.message.Lsn;
import java.time.Instant;
import java.util.Collections;
import java.util.List;

/** Transactions and changes to hand over. */
final class Changes {
  static final long SYSTEM = 7;

  private Changes() {}

  static PostgresPosition at(long lsn) {
    return PostgresPosition.after(SYSTEM, 1, new Lsn(lsn));
  }

  /** A transaction of one change of {@code users}. */
  static DeliveredTransaction transaction(long lsn) {
    return transaction(lsn, insert("users"));
  }

  /** A transaction of so many changes of {@code users}. */
  static DeliveredTransaction large(long lsn, int changes) {
    return new DeliveredTransaction(
        at(lsn), lsn, Instant.EPOCH, Collections.nCopies(changes, insert("users")));
  }

  static DeliveredTransaction transaction(long lsn, SourceChange... changes) {
    return new DeliveredTransaction(at(lsn), lsn, Instant.EPOCH, List.of(changes));
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
}
