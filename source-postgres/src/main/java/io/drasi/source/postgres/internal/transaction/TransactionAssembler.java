package io.drasi.source.postgres.internal.transaction;

import io.drasi.api.source.SourceException;
import io.drasi.postgres.decoder.pgoutput.PgOutputDecoder;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Begin;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Commit;
import io.drasi.postgres.decoder.position.PostgresPosition;
import io.drasi.postgres.protocol.message.FieldReader;
import io.drasi.postgres.protocol.message.ProtocolException;
import io.drasi.source.postgres.internal.spill.SharedSpill;
import io.drasi.source.postgres.internal.spill.SpillLimitException;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the messages of a transaction and, when it commits, has them decoded.
 *
 * <p>Confined to the replication thread.
 */
public final class TransactionAssembler implements AutoCloseable {
  private final long systemId;
  private final int timeline;
  private final PgOutputDecoder messages = new PgOutputDecoder();
  private final TransactionDecoder decoder;
  private final TransactionBuffer buffer;
  private @Nullable Begin begin;

  /**
   * An assembler for one session.
   *
   * @param systemId the server's system identifier
   * @param timeline the server's timeline
   * @param resolver tells how a relation is mapped
   * @param buffer keeps the messages of a transaction until it commits
   */
  public TransactionAssembler(
      long systemId, int timeline, RelationResolver resolver, TransactionBuffer buffer) {
    this.systemId = systemId;
    this.timeline = timeline;
    this.decoder = new TransactionDecoder(resolver);
    this.buffer = buffer;
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
   * @throws SpillLimitException when there is no room on disk, but will be when subscribers have
   *     done with what they have there
   * @throws SourceException when the transaction can never be put to disk
   * @throws IOException when the catalog cannot be asked, which says nothing about the transaction
   */
  public Optional<ReceivedTransaction> accept(FieldReader message) throws IOException {
    Begin current = begin;
    byte tag = PgOutputDecoder.tag(message);
    if (tag == 'B') {
      if (current != null) {
        throw new ProtocolException("pgoutput: Begin within a transaction");
      }
      begin = (Begin) messages.decode(message);
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
    keep(message, current);
    return Optional.empty();
  }

  private void keep(FieldReader message, Begin current) throws IOException {
    try {
      buffer.append(message);
    } catch (IOException e) {
      throw unkept(current, e);
    }
  }

  /** Where the disk is at fault another session would fare no better. */
  private static IOException unkept(Begin current, IOException e) {
    boolean isLimit = e instanceof SpillLimitException;
    if (e instanceof SpillLimitException limit && limit.isPassing()) {
      return limit;
    }
    throw new SourceException(
        "the transaction with commit LSN %s (xid %d) is larger than memory_limit_mb lets it be in memory, and cannot be put to disk: %s"
            .formatted(
                current.finalLsn(),
                current.xid(),
                isLimit ? e.getMessage() : "%s; check spill_dir".formatted(e)),
        e);
  }

  private ReceivedTransaction decode(Begin current, FieldReader end) throws IOException {
    try {
      Commit commit = (Commit) messages.decode(end);
      if (!commit.commitLsn().equals(current.finalLsn())) {
        throw new ProtocolException(
            "pgoutput: Begin announced %s, but Commit came for %s"
                .formatted(current.finalLsn(), commit.commitLsn()));
      }
      return decode(current, commit);
    } catch (ProtocolException e) {
      throw new TransactionException(current.finalLsn(), current.xid(), e);
    }
  }

  private ReceivedTransaction decode(Begin current, Commit commit) throws IOException {
    var head =
        new CommitHead(
            PostgresPosition.after(systemId, timeline, commit.endLsn()),
            current.xid(),
            commit.committedAt());
    Optional<SharedSpill> file;
    try {
      file = buffer.takeFile();
    } catch (IOException e) {
      throw unkept(current, e);
    }
    return file.isPresent() ? decoder.survey(head, file.get()) : decoder.decode(head, buffer);
  }

  /** Drops what has come of a transaction, on disk too. */
  @Override
  public void close() throws IOException {
    buffer.close();
  }
}
