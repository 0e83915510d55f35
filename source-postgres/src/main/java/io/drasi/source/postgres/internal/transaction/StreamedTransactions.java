package io.drasi.source.postgres.internal.transaction;

import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.StreamAbort;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.StreamStart;
import io.drasi.postgres.protocol.message.FieldReader;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The transactions that the server sends before they commit: block by block, of several in turn.
 *
 * <p>Confined to the replication thread.
 */
final class StreamedTransactions implements AutoCloseable {
  private final TransactionMemory memory;
  private final Map<Long, Streamed> open = new HashMap<>();

  /** The one whose block is being received. */
  private @Nullable Streamed current;

  /** What has come of one. */
  private static final class Streamed {
    final long xid;
    final TransactionBuffer messages;
    final Subtransactions subtransactions = new Subtransactions();

    Streamed(long xid, TransactionBuffer messages) {
      this.xid = xid;
      this.messages = messages;
    }
  }

  StreamedTransactions(TransactionMemory memory) {
    this.memory = memory;
  }

  /** Whether a block has begun that has not ended. */
  boolean isInBlock() {
    return current != null;
  }

  /**
   * Whether something has come of a transaction that has neither committed nor been rolled back.
   */
  boolean isAnyOpen() {
    return !open.isEmpty();
  }

  /** A block begins. */
  void start(StreamStart start) throws ProtocolException {
    Streamed known = open.get(start.xid());
    if (start.first() != (known == null)) {
      throw new ProtocolException(
          "pgoutput: Stream Start says that the block of transaction %d %s, but %s"
              .formatted(
                  start.xid(),
                  start.first() ? "is its first" : "follows others",
                  start.first() ? "others came before" : "none came before"));
    }
    if (known == null) {
      known = new Streamed(start.xid(), new TransactionBuffer(memory));
      open.put(start.xid(), known);
    }
    current = known;
  }

  /** The block ends. */
  void stop() {
    current = null;
  }

  /**
   * Takes a message of the block.
   *
   * @param tag its type
   * @param rest what follows its type
   * @throws IOException when it cannot be put to disk
   */
  void accept(byte tag, FieldReader rest) throws IOException {
    Streamed into = current;
    if (into == null) {
      throw new IllegalStateException("not in a block");
    }
    if (tag != 'O') { // all others say whose they are
      int xid = rest.readInt32("xid of " + ProtocolException.printable(tag));
      if (Integer.toUnsignedLong(xid) != into.xid) {
        into.subtransactions.begin(xid, into.messages);
      }
    }
    into.messages.append(tag, rest);
  }

  /** A transaction is rolled back, or one of its subtransactions. */
  void abort(StreamAbort abort) throws IOException {
    Streamed aborted = find(abort.xid(), "Stream Abort");
    if (abort.subxid() == abort.xid()) {
      open.remove(abort.xid());
      aborted.messages.close();
      return;
    }
    Optional<TransactionBuffer.Mark> begin = aborted.subtransactions.rollBack((int) abort.subxid());
    if (begin.isPresent()) {
      aborted.messages.truncate(begin.get());
    }
  }

  /** The messages of a transaction that commits, which are the caller's from now on. */
  TransactionBuffer take(long xid) throws ProtocolException {
    TransactionBuffer messages = find(xid, "Stream Commit").messages;
    open.remove(xid);
    return messages;
  }

  private Streamed find(long xid, String message) throws ProtocolException {
    Streamed found = open.get(xid);
    if (found == null) {
      throw new ProtocolException(
          "pgoutput: %s names transaction %d, of which no block has come".formatted(message, xid));
    }
    return found;
  }

  /** Drops everything, on disk too. */
  @Override
  public void close() throws IOException {
    current = null;
    IOException failure = null;
    for (Streamed one : open.values()) {
      try {
        one.messages.close();
      } catch (IOException e) {
        failure = e;
      }
    }
    open.clear();
    if (failure != null) {
      throw failure;
    }
  }
}
