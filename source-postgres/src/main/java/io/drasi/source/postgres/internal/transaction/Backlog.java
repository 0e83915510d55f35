package io.drasi.source.postgres.internal.transaction;

import static io.drasi.source.postgres.internal.transaction.TransactionBuffer.LENGTH_BYTES;

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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Transactions that wait for a subscriber, in order, as many as the disk holds. Each is kept as it
 * was received, which costs a copy of its bytes; of a large one that is on disk already, a mark.
 * What describes its tables stays in memory, and is shared.
 *
 * <p>Not thread-safe.
 */
public final class Backlog implements AutoCloseable {
  /** Length of the messages, and decoded; system, timeline, end; xid, microseconds; relations. */
  private static final int HEADER_BYTES = 4 + 8 + 8 + 4 + 8 + 8 + 8 + 4;

  /** In place of the length: the transaction is the next of those on disk. */
  private static final int ON_DISK = -1;

  /** What is on disk and no larger is copied all the same: the system bounds how many are open. */
  private static final int SMALL_BYTES = 128 * 1024;

  private final SpillFile file;
  private final List<RelationCache> caches = new ArrayList<>();
  private final Deque<SpilledTransaction> onDisk = new ArrayDeque<>();

  /** An empty one. */
  public Backlog(SpillSpace space) {
    file = new SpillFile(space);
  }

  /** Adds a transaction at the end. */
  public void append(Keepable transaction) throws IOException {
    if (transaction instanceof RawTransaction raw) {
      TransactionBuffer messages = raw.messages();
      var head = new CommitHead(raw.position(), raw.xid(), raw.commitTime());
      appendHeader(head, raw.relations(), messages.framedBytes(), messages.decodedBytes());
      messages.copyTo(this::append);
      return;
    }
    var spilled = (SpilledTransaction) transaction;
    SpilledMessages messages = spilled.messages();
    long length = messages.file().size();
    if (length > SMALL_BYTES) {
      append(ByteBuffer.allocate(LENGTH_BYTES).putInt(ON_DISK).array(), LENGTH_BYTES);
      onDisk.add(spilled.keep());
    } else {
      byte[] bytes = new byte[(int) length];
      messages.file().read(0, bytes, 0, bytes.length);
      appendHeader(messages.head(), messages.relations(), length, 0);
      append(bytes, bytes.length);
    }
  }

  private void appendHeader(
      CommitHead head, List<RelationCache> relations, long length, long decodedBytes)
      throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES + 4 * relations.size());
    header
        .putInt(Math.toIntExact(length))
        .putLong(decodedBytes)
        .putLong(head.position().systemId())
        .putInt(head.position().timeline())
        .putLong(head.position().endLsn().value())
        .putLong(head.xid())
        .putLong(ChronoUnit.MICROS.between(Instant.EPOCH, head.commitTime()))
        .putInt(relations.size());
    relations.forEach(cache -> header.putInt(indexOf(cache)));
    append(header.array(), header.capacity());
  }

  private void append(byte[] bytes, int length) throws IOException {
    file.write(bytes, 0, length);
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
  public Optional<KeptTransaction> poll(Lsn after) throws IOException {
    while (!isEmpty()) {
      int length = ByteBuffer.wrap(file.read(LENGTH_BYTES)).getInt();
      KeptTransaction next = length == ON_DISK ? onDisk.remove() : read(length);
      if (next.position().endLsn().isAfter(after)) {
        return Optional.of(next);
      }
      next.release();
    }
    return Optional.empty();
  }

  private StoredTransaction read(int length) throws IOException {
    ByteBuffer header = ByteBuffer.wrap(file.read(HEADER_BYTES - LENGTH_BYTES));
    long memoryBytes = header.getLong();
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
    return new StoredTransaction(position, xid, commitTime, relations, messages, memoryBytes);
  }

  /** How many bytes they have. */
  public long sizeBytes() {
    return file.remaining() + onDisk.stream().mapToLong(SpilledTransaction::sizeBytes).sum();
  }

  /** Why they cannot be read; empty while they can. */
  public Optional<SpillLimitException> whyLost() {
    return file.whyLost()
        .or(() -> onDisk.stream().flatMap(one -> one.whyLost().stream()).findFirst());
  }

  /** Whether there is none. */
  public boolean isEmpty() {
    return file.remaining() == 0;
  }

  /** Drops everything. */
  @Override
  public void close() throws IOException {
    onDisk.forEach(SpilledTransaction::release);
    onDisk.clear();
    file.close();
  }
}
