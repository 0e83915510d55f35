package io.drasi.source.postgres.internal.transaction;

import io.drasi.api.change.SourceChange;
import io.drasi.postgres.decoder.position.PostgresPosition;
import io.drasi.postgres.decoder.row.RelationCache;
import io.drasi.postgres.decoder.row.TransactionContext;
import io.drasi.postgres.protocol.message.FieldReader;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/** A transaction that comes out of a {@link Backlog}, not decoded yet. Immutable. */
public final class StoredTransaction implements KeptTransaction {
  private final PostgresPosition position;
  private final long xid;
  private final Instant commitTime;
  private final List<RelationCache> relations;
  private final byte[] messages;
  private final long memoryBytes;

  /**
   * A stored transaction.
   *
   * @param messages its messages, each with its length before it
   * @param memoryBytes how many bytes of memory its changes take, about
   */
  StoredTransaction(
      PostgresPosition position,
      long xid,
      Instant commitTime,
      List<RelationCache> relations,
      byte[] messages,
      long memoryBytes) {
    this.position = position;
    this.xid = xid;
    this.commitTime = commitTime;
    this.relations = List.copyOf(relations);
    this.messages = messages;
    this.memoryBytes = memoryBytes;
  }

  @Override
  public PostgresPosition position() {
    return position;
  }

  @Override
  public CommittedTransaction decode() {
    Iterator<RelationCache> known = relations.iterator();
    List<SourceChange> changes = new ArrayList<>();
    var decoder =
        new ChangeDecoder(
            context(position, commitTime),
            known.next(),
            (relation, before) -> known.next(),
            changes::add);
    var in = new FieldReader(messages);
    var message = new FieldReader(new byte[0]);
    try {
      while (in.remaining() > 0) {
        int length = in.readInt32("Backlog.length");
        int start = in.position();
        message.reset(messages, start, start + length);
        decoder.accept(message);
        in.reset(messages, start + length, messages.length);
      }
    } catch (IOException e) {
      throw new IllegalStateException(
          "the transaction at %s was decoded before, and now is not".formatted(position), e);
    }
    return new CommittedTransaction(
        position, xid, commitTime, Collections.unmodifiableList(changes), memoryBytes);
  }

  @Override
  public void release() {} // it has nothing but memory

  /** What the changes of a transaction have in common. */
  static TransactionContext context(PostgresPosition position, Instant commitTime) {
    return new TransactionContext(
        Long.toUnsignedString(position.systemId()), position.endLsn(), commitTime);
  }
}
