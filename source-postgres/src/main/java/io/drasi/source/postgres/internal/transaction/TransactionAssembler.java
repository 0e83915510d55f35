package io.drasi.source.postgres.internal.transaction;

import io.drasi.postgres.decoder.pgoutput.PgOutputDecoder;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Begin;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Commit;
import io.drasi.postgres.decoder.position.PostgresPosition;
import io.drasi.postgres.decoder.row.RelationCache;
import io.drasi.postgres.decoder.value.OutdatedTypeException;
import io.drasi.postgres.protocol.message.FieldReader;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the messages of a transaction and, when it commits, decodes them.
 *
 * <p>Confined to the replication thread.
 */
public final class TransactionAssembler {
  private final long systemId;
  private final int timeline;
  private final RelationResolver resolver;
  private final PgOutputDecoder decoder = new PgOutputDecoder();
  private final TransactionBuffer buffer = new TransactionBuffer();
  private RelationCache relations = RelationCache.empty();
  private @Nullable Begin begin;

  /**
   * An assembler for one session.
   *
   * @param systemId the server's system identifier
   * @param timeline the server's timeline
   * @param resolver tells how a relation is mapped
   */
  public TransactionAssembler(long systemId, int timeline, RelationResolver resolver) {
    this.systemId = systemId;
    this.timeline = timeline;
    this.resolver = resolver;
  }

  /** Whether a transaction has begun that has not ended. */
  public boolean isInTransaction() {
    return begin != null;
  }

  /**
   * Takes the next message of the output plugin.
   *
   * @return the transaction, when the message is its end; it may have no changes
   * @throws TransactionException when the transaction cannot be decoded
   * @throws IOException when the catalog cannot be asked, which says nothing about the transaction
   */
  public Optional<ReceivedTransaction> accept(FieldReader message) throws IOException {
    Begin current = begin;
    byte tag = PgOutputDecoder.tag(message);
    if (tag == 'B') {
      if (current != null) {
        throw new ProtocolException("pgoutput: Begin within a transaction");
      }
      begin = (Begin) decoder.decode(message);
      buffer.clear();
      return Optional.empty();
    }
    if (current == null) {
      throw new ProtocolException(
          "pgoutput: %s outside of a transaction".formatted(ProtocolException.printable(tag)));
    }
    if (tag == 'C') {
      ReceivedTransaction transaction = decode(current, message);
      begin = null;
      return Optional.of(transaction);
    }
    buffer.append(message);
    return Optional.empty();
  }

  private ReceivedTransaction decode(Begin current, FieldReader end) throws IOException {
    try {
      Commit commit = (Commit) decoder.decode(end);
      if (!commit.commitLsn().equals(current.finalLsn())) {
        throw new ProtocolException(
            "pgoutput: Begin announced %s, but Commit came for %s"
                .formatted(current.finalLsn(), commit.commitLsn()));
      }
      return decodeAsTypesAre(current.xid(), commit);
    } catch (ProtocolException e) {
      throw new TransactionException(current.finalLsn(), current.xid(), e);
    }
  }

  /**
   * Where a value does not fit its type, that was changed since the catalog was asked, or since the
   * value was written. In the latter case the value is taken as text.
   */
  private ReceivedTransaction decodeAsTypesAre(long xid, Commit commit) throws IOException {
    RelationCache atBegin = relations;
    TypeResolver types = resolver.types();
    try {
      return decode(xid, commit);
    } catch (OutdatedTypeException e) {
      relations = types.refresh(atBegin);
    }
    try {
      return decode(xid, commit);
    } catch (OutdatedTypeException e) {
      relations = types.setLenient(true, atBegin);
    }
    try {
      return decode(xid, commit);
    } finally {
      relations = types.setLenient(false, relations);
    }
  }

  private ReceivedTransaction decode(long xid, Commit commit) throws IOException {
    var position = PostgresPosition.after(systemId, timeline, commit.endLsn());
    List<RelationCache> known = new ArrayList<>(List.of(relations));
    var changes =
        new ChangeDecoder(
            StoredTransaction.context(position, commit.committedAt()),
            relations,
            (relation, before) -> {
              relations = resolver.resolve(relation, before);
              known.add(relations);
              return relations;
            });
    buffer.forEach(changes::accept);
    return new ReceivedTransaction(
        new CommittedTransaction(position, xid, commit.committedAt(), changes.changes()),
        new RawTransaction(position, xid, commit.committedAt(), buffer, known));
  }
}
