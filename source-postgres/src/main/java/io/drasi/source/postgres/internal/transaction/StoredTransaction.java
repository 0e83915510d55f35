package io.drasi.source.postgres.internal.transaction;

import io.drasi.postgres.decoder.position.PostgresPosition;
import io.drasi.postgres.decoder.row.RelationCache;
import io.drasi.postgres.decoder.row.TransactionContext;
import io.drasi.postgres.protocol.message.FieldReader;
import java.io.IOException;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;

/** A transaction that comes out of a {@link Backlog}, not decoded yet. Immutable. */
public final class StoredTransaction {
  private final PostgresPosition position;
  private final long xid;
  private final Instant commitTime;
  private final List<RelationCache> relations;
  private final byte[] messages;

  /**
   * A stored transaction.
   *
   * @param messages its messages, each with its length before it
   */
  StoredTransaction(
      PostgresPosition position,
      long xid,
      Instant commitTime,
      List<RelationCache> relations,
      byte[] messages) {
    this.position = position;
    this.xid = xid;
    this.commitTime = commitTime;
    this.relations = List.copyOf(relations);
    this.messages = messages;
  }

  /** The position right after it. */
  public PostgresPosition position() {
    return position;
  }

  /** The transaction with its changes, as they were decoded when it was received. */
  public CommittedTransaction decode() {
    Iterator<RelationCache> known = relations.iterator();
    var changes =
        new ChangeDecoder(
            context(position, commitTime), known.next(), (relation, before) -> known.next());
    var in = new FieldReader(messages);
    var message = new FieldReader(new byte[0]);
    try {
      while (in.remaining() > 0) {
        int length = in.readInt32("Backlog.length");
        int start = in.position();
        message.reset(messages, start, start + length);
        changes.accept(message);
        in.reset(messages, start + length, messages.length);
      }
    } catch (IOException e) {
      throw new IllegalStateException(
          "the transaction at %s was decoded before, and now is not".formatted(position), e);
    }
    return new CommittedTransaction(position, xid, commitTime, changes.changes());
  }

  /** What the changes of a transaction have in common. */
  static TransactionContext context(PostgresPosition position, Instant commitTime) {
    return new TransactionContext(
        Long.toUnsignedString(position.systemId()), position.endLsn(), commitTime);
  }
}
