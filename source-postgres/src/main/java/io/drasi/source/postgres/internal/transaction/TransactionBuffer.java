package io.drasi.source.postgres.internal.transaction;

import io.drasi.postgres.protocol.message.FieldReader;
import io.drasi.source.postgres.internal.spill.SharedSpill;
import io.drasi.source.postgres.internal.spill.SpillSpace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The raw messages of the transaction that is being received, in order, each with its length before
 * it. In memory, until their changes would take more of it than they may; in a file from then on.
 *
 * <p>Confined to the replication thread.
 */
public final class TransactionBuffer implements AutoCloseable {
  static final int LENGTH_BYTES = 4;
  private static final int CHUNK_BYTES = 256 * 1024;

  /**
   * What a change takes in memory, beside its values. Short values take most for their length: two
   * columns take 300 bytes and one per byte, ten about what this says, and long ones no more than
   * their length.
   */
  private static final int CHANGE_BYTES = 400;

  private static final int BYTES_PER_BYTE = 4;
  private static final int SHORT_VALUES_BYTES = 4096;

  private final SpillSpace space;
  private final long memoryBytes;

  /** All messages, or those that are not in the file yet. */
  private final Deque<Chunk> chunks = new ArrayDeque<>();

  private @Nullable SharedSpill file;
  private long sizeBytes;
  private long decodedBytes;
  private long count;

  /** Messages one after the other; none is cut in two. */
  private static final class Chunk {
    final byte[] bytes;
    int used;

    Chunk(int capacity) {
      bytes = new byte[capacity];
    }

    boolean fits(int length) {
      return bytes.length - used >= LENGTH_BYTES + length;
    }

    void append(FieldReader message, int length) {
      ByteBuffer.wrap(bytes, used, LENGTH_BYTES).putInt(length);
      System.arraycopy(message.array(), message.position(), bytes, used + LENGTH_BYTES, length);
      used += LENGTH_BYTES + length;
    }
  }

  /** Takes the messages of a transaction. */
  interface MessageConsumer {
    void accept(FieldReader message) throws IOException;
  }

  /** Takes bytes. */
  interface BytesConsumer {
    void accept(byte[] bytes, int length) throws IOException;
  }

  /**
   * An empty buffer.
   *
   * @param space where the file is
   * @param memoryBytes how much memory the changes of a transaction may take
   */
  public TransactionBuffer(SpillSpace space, long memoryBytes) {
    this.space = space;
    this.memoryBytes = memoryBytes;
  }

  /**
   * Adds a copy of what is left of the message.
   *
   * @throws IOException when it cannot be put to disk; it may be added once more then
   */
  void append(FieldReader message) throws IOException {
    int length = message.remaining();
    if (file == null && decodedBytes + decodedBytes(length) > memoryBytes) {
      file = new SharedSpill(space);
    }
    Chunk last = chunks.peekLast();
    if (last == null || !last.fits(length)) {
      if (file != null) {
        writeChunks(file);
      }
      last = chunks.peekLast();
      if (last == null || !last.fits(length)) {
        last = new Chunk(Math.max(CHUNK_BYTES, LENGTH_BYTES + length));
        chunks.add(last);
      }
    }
    last.append(message, length);
    sizeBytes += length;
    decodedBytes += decodedBytes(length);
    count++;
  }

  private void writeChunks(SharedSpill to) throws IOException {
    Chunk written = null;
    while (!chunks.isEmpty()) {
      written = chunks.getFirst();
      to.append(written.bytes, written.used);
      chunks.removeFirst();
    }
    keep(written);
  }

  /** The memory of an ordinary transaction is used again. */
  private void keep(@Nullable Chunk chunk) {
    if (chunk != null && chunk.bytes.length == CHUNK_BYTES) {
      chunk.used = 0;
      chunks.add(chunk);
    }
  }

  private static long decodedBytes(int length) {
    int ofShortValues = Math.min(length, SHORT_VALUES_BYTES);
    return CHANGE_BYTES + length + (BYTES_PER_BYTE - 1L) * ofShortValues;
  }

  /** How much memory the changes of the messages take, about. */
  long decodedBytes() {
    return decodedBytes;
  }

  /** How many bytes the messages have. */
  long sizeBytes() {
    return sizeBytes;
  }

  /** How many bytes the messages have with their lengths. */
  long framedBytes() {
    return sizeBytes + LENGTH_BYTES * count;
  }

  /**
   * The file with all messages, which is the caller's from now on; the buffer is empty then. Empty
   * when they are in memory.
   */
  Optional<SharedSpill> takeFile() throws IOException {
    SharedSpill taken = file;
    if (taken == null) {
      return Optional.empty();
    }
    writeChunks(taken);
    file = null;
    clear();
    return Optional.of(taken);
  }

  /** Hands out the messages, which are in memory, in order; each is gone after the call. */
  void forEach(MessageConsumer consumer) throws IOException {
    FieldReader message = new FieldReader(new byte[0]);
    for (Chunk chunk : chunks) {
      int start = 0;
      while (start < chunk.used) {
        int length = ByteBuffer.wrap(chunk.bytes, start, LENGTH_BYTES).getInt();
        start += LENGTH_BYTES;
        message.reset(chunk.bytes, start, start + length);
        consumer.accept(message);
        start += length;
      }
    }
  }

  /** Hands out the messages, which are in memory, each with its length before it. */
  void copyTo(BytesConsumer consumer) throws IOException {
    for (Chunk chunk : chunks) {
      consumer.accept(chunk.bytes, chunk.used);
    }
  }

  /** Drops all messages; keeps the memory of an ordinary transaction for the next one. */
  void clear() {
    Chunk first = chunks.peekFirst();
    chunks.clear();
    keep(first);
    sizeBytes = 0;
    decodedBytes = 0;
    count = 0;
  }

  /** Drops all messages, and the file. */
  @Override
  public void close() throws IOException {
    clear();
    SharedSpill dropped = file;
    file = null;
    if (dropped != null) {
      dropped.close();
    }
  }
}
