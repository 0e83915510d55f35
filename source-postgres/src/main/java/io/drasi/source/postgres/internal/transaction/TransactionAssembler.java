package io.drasi.source.postgres.internal.transaction;

import io.drasi.api.change.SourceChange;
import io.drasi.postgres.decoder.pgoutput.PgOutputDecoder;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Begin;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Commit;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Relation;
import io.drasi.postgres.decoder.position.PostgresPosition;
import io.drasi.postgres.decoder.row.ElementMapper;
import io.drasi.postgres.decoder.row.RelationCache;
import io.drasi.postgres.decoder.row.TransactionContext;
import io.drasi.postgres.protocol.message.FieldReader;
import io.drasi.postgres.protocol.message.ProtocolException;
import io.drasi.source.postgres.internal.delivery.DeliveredTransaction;
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
  private final ElementMapper mapper = new ElementMapper();
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
  public Optional<DeliveredTransaction> accept(FieldReader message) throws IOException {
    Begin current = begin;
    byte tag = PgOutputDecoder.tag(message);
    if (tag == 'B') {
      if (current != null) {
        throw new ProtocolException("pgoutput: Begin within a transaction");
      }
      begin = (Begin) decoder.decode(message);
      return Optional.empty();
    }
    if (current == null) {
      throw new ProtocolException(
          "pgoutput: %s outside of a transaction".formatted(ProtocolException.printable(tag)));
    }
    if (tag == 'C') {
      DeliveredTransaction transaction = decode(current, message);
      begin = null;
      buffer.clear();
      return Optional.of(transaction);
    }
    buffer.append(message);
    return Optional.empty();
  }

  private DeliveredTransaction decode(Begin current, FieldReader end) throws IOException {
    try {
      Commit commit = (Commit) decoder.decode(end);
      if (!commit.commitLsn().equals(current.finalLsn())) {
        throw new ProtocolException(
            "pgoutput: Begin announced %s, but Commit came for %s"
                .formatted(current.finalLsn(), commit.commitLsn()));
      }
      return new DeliveredTransaction(
          PostgresPosition.after(systemId, timeline, commit.endLsn()),
          current.xid(),
          commit.committedAt(),
          decodeChanges(commit));
    } catch (ProtocolException e) {
      throw new TransactionException(current.finalLsn(), current.xid(), e);
    }
  }

  private List<SourceChange> decodeChanges(Commit commit) throws IOException {
    List<SourceChange> changes = new ArrayList<>();
    var context =
        new TransactionContext(
            Long.toUnsignedString(systemId), commit.endLsn(), commit.committedAt());
    var ordinal = new Ordinal();
    buffer.forEach(
        raw -> {
          long number = ordinal.next();
          PgOutputMessage message = decoder.decode(raw);
          if (message instanceof Relation relation) {
            relations = resolver.resolve(relation, relations);
          } else {
            mapper.map(message, relations, context, number, changes::add);
          }
        });
    return List.copyOf(changes);
  }

  /** Counts the messages of a transaction. */
  private static final class Ordinal {
    private long last;

    long next() {
      return last++;
    }
  }
}
