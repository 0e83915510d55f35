package io.drasi.source.postgres.internal.transaction;

import io.drasi.postgres.protocol.message.FieldReader;
import io.drasi.source.postgres.internal.spill.SharedSpill;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The raw messages of a transaction that is being received, in order, each with its length before
 * it. In memory, until there is none left for their changes; in a file from then on.
 *
 * <p>Confined to the replication thread.
 */
public final class TransactionBuffer implements AutoCloseable {
  static final int LENGTH_BYTES = 4;
  private static final int SMALLEST_CHUNK_BYTES = 8 * 1024;
  private static final int CHUNK_BYTES = 256 * 1024;

  /**
   * What a change takes in memory, beside its values. Short values take most for their length: two
   * columns take 300 bytes and one per byte, ten about what this says, and long ones no more than
   * their length.
   */
  private static final int CHANGE_BYTES = 400;

  private static final int BYTES_PER_BYTE = 4;
  private static final int SHORT_VALUES_BYTES = 4096;

  private final TransactionMemory memory;

  /** All messages, or those that are not in the file yet. */
  private final Deque<Chunk> chunks = new ArrayDeque<>();

  private @Nullable SharedSpill file;
  private long framedBytes;
  private long decodedBytes;
  private long heldBytes;

  /** Messages one after the other; none is cut in two. */
  private static final class Chunk {
    final byte[] bytes;
    int used;

    Chunk(int capacity) {
      bytes = new byte[capacity];
    }

    boolean fits(int framedLength) {
      return bytes.length - used >= framedLength;
    }

    void append(byte tag, FieldReader rest) {
      int length = rest.remaining();
      ByteBuffer.wrap(bytes, used, LENGTH_BYTES + 1).putInt(1 + length).put(tag);
      System.arraycopy(rest.array(), rest.position(), bytes, used + LENGTH_BYTES + 1, length);
      used += LENGTH_BYTES + 1 + length;
    }
  }

  /** A place between two messages. */
  record Mark(long framedBytes, long decodedBytes) {}

  /** Takes the messages of a transaction. */
  interface MessageConsumer {
    void accept(FieldReader message) throws IOException;
  }

  /** Takes bytes. */
  interface BytesConsumer {
    void accept(byte[] bytes, int length) throws IOException;
  }

  /** An empty buffer, which has its part of the memory until it is closed. */
  public TransactionBuffer(TransactionMemory memory) {
    this.memory = memory;
    memory.add(this);
  }

  /**
   * Adds a message.
   *
   * @param tag its type
   * @param rest what of it follows; a copy is kept
   * @throws IOException when it cannot be put to disk; it may be added once more then
   */
  void append(byte tag, FieldReader rest) throws IOException {
    int framedLength = LENGTH_BYTES + 1 + rest.remaining();
    long decodedLength = decodedBytes(1 + rest.remaining());
    memory.makeRoom(this, decodedLength, framedLength);
    chunkFor(framedLength).append(tag, rest);
    framedBytes += framedLength;
    decodedBytes += decodedLength;
    hold(file == null ? decodedLength : framedLength);
  }

  private Chunk chunkFor(int framedLength) throws IOException {
    Chunk last = chunks.peekLast();
    if (last != null && last.fits(framedLength)) {
      return last;
    }
    if (file != null) {
      spill();
      last = chunks.peekLast();
      if (last != null && last.fits(framedLength)) {
        return last;
      }
    }
    int next = last == null ? SMALLEST_CHUNK_BYTES : Math.min(CHUNK_BYTES, 2 * last.bytes.length);
    var chunk = new Chunk(Math.max(next, framedLength));
    chunks.add(chunk);
    return chunk;
  }

  private void hold(long bytes) {
    heldBytes += bytes;
    memory.hold(bytes);
  }

  /** Puts what is in memory to disk, as what follows will be. */
  void spill() throws IOException {
    SharedSpill to = file;
    if (to == null) {
      to = new SharedSpill(memory.space());
      file = to;
    }
    Chunk written = null;
    while (!chunks.isEmpty()) {
      written = chunks.getFirst();
      to.append(written.bytes, written.used);
      chunks.removeFirst();
    }
    hold(-heldBytes);
    keep(written);
  }

  /** The memory of an ordinary transaction is used again. */
  private void keep(@Nullable Chunk chunk) {
    if (chunk != null && chunk.bytes.length <= CHUNK_BYTES) {
      chunk.used = 0;
      chunks.add(chunk);
    }
  }

  private static long decodedBytes(int length) {
    int ofShortValues = Math.min(length, SHORT_VALUES_BYTES);
    return CHANGE_BYTES + length + (BYTES_PER_BYTE - 1L) * ofShortValues;
  }

  /** Whether it has a file. */
  boolean isOnDisk() {
    return file != null;
  }

  /** How much memory it has now. */
  long heldBytes() {
    return heldBytes;
  }

  /** How much memory the changes of the messages take, about. */
  long decodedBytes() {
    return decodedBytes;
  }

  /** How many bytes the messages have with their lengths. */
  long framedBytes() {
    return framedBytes;
  }

  /** Where the next message will be. */
  Mark mark() {
    return new Mark(framedBytes, decodedBytes);
  }

  /** Drops all messages from a place on. */
  void truncate(Mark mark) throws IOException {
    SharedSpill spilled = file;
    long start = spilled == null ? 0 : spilled.size();
    long kept = Math.max(mark.framedBytes, start);
    long excess = framedBytes - kept;
    while (excess > 0) {
      Chunk last = chunks.getLast();
      int dropped = (int) Math.min(excess, last.used);
      last.used -= dropped;
      excess -= dropped;
      if (last.used == 0 && chunks.size() > 1) {
        chunks.removeLast();
      }
    }
    if (spilled != null) {
      spilled.truncate(Math.min(mark.framedBytes, start));
    }
    framedBytes = mark.framedBytes;
    decodedBytes = mark.decodedBytes;
    hold((spilled == null ? decodedBytes : kept - start) - heldBytes);
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
    spill();
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
        message.reset(chunk.bytes, start, chunk.used);
        int length = message.readInt32("message.length");
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
    Chunk last = chunks.peekLast();
    chunks.clear();
    keep(last);
    framedBytes = 0;
    decodedBytes = 0;
    hold(-heldBytes);
  }

  /** Drops all messages, and the file. */
  @Override
  public void close() throws IOException {
    clear();
    memory.remove(this);
    SharedSpill dropped = file;
    file = null;
    if (dropped != null) {
      dropped.close();
    }
  }
}
