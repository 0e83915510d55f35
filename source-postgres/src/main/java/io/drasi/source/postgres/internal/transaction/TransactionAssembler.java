package io.drasi.source.postgres.internal.transaction;

import io.drasi.api.source.SourceException;
import io.drasi.postgres.decoder.pgoutput.PgOutputDecoder;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Begin;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Commit;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.StreamAbort;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.StreamCommit;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.StreamStart;
import io.drasi.postgres.decoder.position.PostgresPosition;
import io.drasi.postgres.protocol.message.FieldReader;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.postgres.protocol.message.ProtocolException;
import io.drasi.source.postgres.internal.spill.SharedSpill;
import io.drasi.source.postgres.internal.spill.SpillLimitException;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the messages of transactions, those that are streamed before they commit included, and
 * has them decoded when one commits.
 *
 * <p>Confined to the replication thread.
 */
public final class TransactionAssembler implements AutoCloseable {
  private final long systemId;
  private final int timeline;
  private final PgOutputDecoder messages = new PgOutputDecoder();
  private final TransactionDecoder decoder;

  /** Of the transaction between Begin and Commit. */
  private final TransactionBuffer buffer;

  private final StreamedTransactions streamed;
  private @Nullable Begin begin;

  /** Of the transaction that was handed out, for whoever keeps it, until the next message. */
  private @Nullable TransactionBuffer handedOut;

  /**
   * An assembler for one session.
   *
   * @param systemId the server's system identifier
   * @param timeline the server's timeline
   * @param resolver tells how a relation is mapped
   * @param memory keeps the messages of transactions until they commit
   */
  public TransactionAssembler(
      long systemId, int timeline, RelationResolver resolver, TransactionMemory memory) {
    this.systemId = systemId;
    this.timeline = timeline;
    this.decoder = new TransactionDecoder(resolver);
    this.buffer = new TransactionBuffer(memory);
    this.streamed = new StreamedTransactions(memory);
  }

  /**
   * Whether more of a transaction is to follow at once. Those whose blocks are complete do not
   * count: they are sent again, whole, to whoever comes before they have committed.
   */
  public boolean isInTransaction() {
    return begin != null || streamed.isInBlock();
  }

  /**
   * Takes the next message of the output plugin.
   *
   * @return the transaction, when the message is its end; it may have no changes
   * @throws TransactionException when the transaction cannot be decoded
   * @throws StreamingLimitException when what has not committed yet takes too much of the disk
   * @throws SpillLimitException when there is no room on disk, but will be when subscribers have
   *     done with what they have there
   * @throws SourceException when the transaction can never be put to disk
   * @throws IOException when the catalog cannot be asked, which says nothing about the transaction
   */
  public Optional<ReceivedTransaction> accept(FieldReader message) throws IOException {
    forgetHandedOut();
    byte tag = PgOutputDecoder.tag(message);
    if (streamed.isInBlock()) {
      acceptInBlock(tag, message);
      return Optional.empty();
    }
    Begin current = begin;
    if (current == null) {
      return acceptOutside(tag, message);
    }
    if (tag == 'C') {
      ReceivedTransaction transaction = decode(current, message);
      begin = null;
      return Optional.of(transaction);
    }
    if (tag == 'B' || isOfStreaming(tag)) {
      throw misplaced(tag, "within a transaction");
    }
    keep(tag, message, current);
    return Optional.empty();
  }

  private Optional<ReceivedTransaction> acceptOutside(byte tag, FieldReader message)
      throws IOException {
    switch (tag) {
      case 'B' -> begin = (Begin) messages.decode(message);
      case 'S' -> streamed.start((StreamStart) messages.decode(message));
      case 'A' -> streamed.abort((StreamAbort) messages.decode(message));
      case 'c' -> {
        return Optional.of(decode((StreamCommit) messages.decode(message)));
      }
      default -> throw misplaced(tag, "outside of a transaction");
    }
    return Optional.empty();
  }

  private void acceptInBlock(byte tag, FieldReader message) throws IOException {
    if (tag == 'E') {
      messages.decode(message);
      streamed.stop();
      return;
    }
    if (tag == 'B' || tag == 'C' || isOfStreaming(tag)) {
      throw misplaced(tag, "within a block of a streamed transaction");
    }
    message.skip(1, "pgoutput.type");
    try {
      streamed.accept(tag, message);
    } catch (ProtocolException e) {
      throw e;
    } catch (IOException e) {
      throw unkept("a transaction that has not committed", e);
    }
  }

  private static boolean isOfStreaming(byte tag) {
    return tag == 'S' || tag == 'E' || tag == 'c' || tag == 'A';
  }

  private static ProtocolException misplaced(byte tag, String where) {
    return new ProtocolException(
        "pgoutput: %s %s".formatted(ProtocolException.printable(tag), where));
  }

  private void keep(byte tag, FieldReader message, Begin current) throws IOException {
    message.skip(1, "pgoutput.type");
    try {
      buffer.append(tag, message);
    } catch (IOException e) {
      throw unkept(name(current.finalLsn(), current.xid()), e);
    }
  }

  private static String name(Lsn commitLsn, long xid) {
    return "the transaction with commit LSN %s (xid %d)".formatted(commitLsn, xid);
  }

  /**
   * Where the disk is at fault another session would fare no better, unless it does without the
   * transactions that have not committed.
   */
  private IOException unkept(String transaction, IOException e) {
    if (streamed.isAnyOpen()) {
      return new StreamingLimitException(e);
    }
    boolean isLimit = e instanceof SpillLimitException;
    if (e instanceof SpillLimitException limit && limit.isPassing()) {
      return limit;
    }
    throw new SourceException(
        "%s is larger than memory_limit_mb lets it be in memory, and cannot be put to disk: %s"
            .formatted(transaction, isLimit ? e.getMessage() : "%s; check spill_dir".formatted(e)),
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
      return decode(head(current.xid(), commit.endLsn(), commit.committedAt()), buffer);
    } catch (ProtocolException e) {
      throw new TransactionException(current.finalLsn(), current.xid(), e);
    }
  }

  private ReceivedTransaction decode(StreamCommit commit) throws IOException {
    try {
      return decode(
          head(commit.xid(), commit.endLsn(), commit.committedAt()), streamed.take(commit.xid()));
    } catch (ProtocolException e) {
      throw new TransactionException(commit.commitLsn(), commit.xid(), e);
    }
  }

  private CommitHead head(long xid, Lsn endLsn, Instant committedAt) {
    return new CommitHead(PostgresPosition.after(systemId, timeline, endLsn), xid, committedAt);
  }

  private ReceivedTransaction decode(CommitHead head, TransactionBuffer received)
      throws IOException {
    handedOut = received;
    Optional<SharedSpill> file;
    try {
      file = received.takeFile();
    } catch (IOException e) {
      throw unkept(
          "the transaction that ends at %s (xid %d)".formatted(head.position(), head.xid()), e);
    }
    return file.isPresent() ? decoder.survey(head, file.get()) : decoder.decode(head, received);
  }

  private void forgetHandedOut() throws IOException {
    TransactionBuffer done = handedOut;
    handedOut = null;
    if (done == buffer) {
      done.clear();
    } else if (done != null) {
      done.close();
    }
  }

  /** Drops what has come of transactions, on disk too. */
  @Override
  public void close() throws IOException {
    try (streamed;
        buffer) {
      forgetHandedOut();
    }
  }
}
