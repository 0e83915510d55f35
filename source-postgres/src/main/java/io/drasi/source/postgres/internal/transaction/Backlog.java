package io.drasi.source.postgres.internal.transaction;

import io.drasi.postgres.decoder.position.PostgresPosition;
import io.drasi.postgres.decoder.row.RelationCache;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.source.postgres.internal.spill.SpillFile;
import io.drasi.source.postgres.internal.spill.SpillLimitException;
import io.drasi.source.postgres.internal.spill.SpillSpace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Transactions that wait for a subscriber, in order, as many as the disk holds. Each is kept as it
 * was received, which costs a copy of its bytes; what describes its tables stays in memory, and is
 * shared.
 *
 * <p>Not thread-safe.
 */
public final class Backlog implements AutoCloseable {
  /** Length of the messages; system, timeline, end; xid, time in microseconds; relations. */
  private static final int HEADER_BYTES = 4 + 8 + 4 + 8 + 8 + 8 + 4;

  /** As an array can have, about. */
  private static final int MOST_BYTES = Integer.MAX_VALUE - 8;

  private final SpillFile file;
  private final List<RelationCache> caches = new ArrayList<>();

  /** An empty one. */
  public Backlog(SpillSpace space) {
    file = new SpillFile(space);
  }

  /** Adds a transaction at the end. */
  public void append(RawTransaction transaction) throws IOException {
    List<RelationCache> relations = transaction.relations();
    TransactionBuffer messages = transaction.messages();
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES + 4 * relations.size());
    header
        .putInt(length(messages))
        .putLong(transaction.position().systemId())
        .putInt(transaction.position().timeline())
        .putLong(transaction.position().endLsn().value())
        .putLong(transaction.xid())
        .putLong(ChronoUnit.MICROS.between(Instant.EPOCH, transaction.commitTime()))
        .putInt(relations.size());
    relations.forEach(cache -> header.putInt(indexOf(cache)));
    file.write(header.array(), 0, header.capacity());
    messages.forEach(
        message -> {
          int length = message.remaining();
          file.write(ByteBuffer.allocate(4).putInt(length).array(), 0, 4);
          file.write(message.array(), message.position(), length);
        });
  }

  private static int length(TransactionBuffer messages) throws IOException {
    long length = messages.sizeBytes() + 4L * messages.count();
    if (length > MOST_BYTES) {
      throw new IOException(
          "a transaction of %d MiB is too large to wait for a bootstrap".formatted(length >> 20));
    }
    return (int) length;
  }

  /** What was used last is most probably used again. */
  private int indexOf(RelationCache cache) {
    int index = caches.lastIndexOf(cache);
    if (index < 0) {
      index = caches.size();
      caches.add(cache);
    }
    return index;
  }

  /**
   * The next transaction that ends after a position; drops those before it. Empty when there is
   * none.
   */
  public Optional<StoredTransaction> poll(Lsn after) throws IOException {
    while (file.remaining() > 0) {
      StoredTransaction next = read();
      if (next.position().endLsn().isAfter(after)) {
        return Optional.of(next);
      }
    }
    return Optional.empty();
  }

  private StoredTransaction read() throws IOException {
    ByteBuffer header = ByteBuffer.wrap(file.read(HEADER_BYTES));
    int length = header.getInt();
    var position =
        PostgresPosition.after(header.getLong(), header.getInt(), new Lsn(header.getLong()));
    long xid = header.getLong();
    Instant commitTime = Instant.EPOCH.plus(header.getLong(), ChronoUnit.MICROS);
    int count = header.getInt();
    ByteBuffer indexes = ByteBuffer.wrap(file.read(4 * count));
    List<RelationCache> relations = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      relations.add(caches.get(indexes.getInt()));
    }
    byte[] messages = file.read(length);
    if (isEmpty()) {
      caches.clear();
    }
    return new StoredTransaction(position, xid, commitTime, relations, messages);
  }

  /** How many bytes they have. */
  public long sizeBytes() {
    return file.remaining();
  }

  /** Why they cannot be read; empty while they can. */
  public Optional<SpillLimitException> whyLost() {
    return file.whyLost();
  }

  /** Whether there is none. */
  public boolean isEmpty() {
    return file.remaining() == 0;
  }

  /** Drops everything. */
  @Override
  public void close() throws IOException {
    file.close();
  }
}
