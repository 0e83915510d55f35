package io.drasi.source.postgres.internal.transaction;

import io.drasi.postgres.protocol.message.FieldReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The raw messages of the transaction that is being received, in order.
 *
 * <p>Confined to the replication thread.
 */
public final class TransactionBuffer {
  private static final int CHUNK_BYTES = 256 * 1024;

  private final List<Chunk> chunks = new ArrayList<>();
  private long sizeBytes;
  private int count;

  /** Messages one after the other; none is cut in two. */
  private static final class Chunk {
    final byte[] bytes;
    final List<Integer> ends = new ArrayList<>();
    int used;

    Chunk(int capacity) {
      bytes = new byte[capacity];
    }

    boolean fits(int length) {
      return bytes.length - used >= length;
    }

    void append(FieldReader message, int length) {
      System.arraycopy(message.array(), message.position(), bytes, used, length);
      used += length;
      ends.add(used);
    }
  }

  /** Takes the messages of a transaction. */
  interface MessageConsumer {
    void accept(FieldReader message) throws IOException;
  }

  /** Adds a copy of what is left of the message. */
  void append(FieldReader message) {
    int length = message.remaining();
    if (chunks.isEmpty() || !last().fits(length)) {
      chunks.add(new Chunk(Math.max(CHUNK_BYTES, length)));
    }
    last().append(message, length);
    sizeBytes += length;
    count++;
  }

  private Chunk last() {
    return chunks.get(chunks.size() - 1);
  }

  /** How many bytes the messages have. */
  long sizeBytes() {
    return sizeBytes;
  }

  /** How many messages there are. */
  int count() {
    return count;
  }

  /** Hands out the messages in order; each is gone after the call. */
  void forEach(MessageConsumer consumer) throws IOException {
    FieldReader message = new FieldReader(new byte[0]);
    for (Chunk chunk : chunks) {
      int start = 0;
      for (int end : chunk.ends) {
        message.reset(chunk.bytes, start, end);
        consumer.accept(message);
        start = end;
      }
    }
  }

  /** Drops all messages; keeps the memory of an ordinary transaction for the next one. */
  void clear() {
    if (chunks.size() > 1 || (chunks.size() == 1 && last().bytes.length > CHUNK_BYTES)) {
      chunks.clear();
    } else if (chunks.size() == 1) {
      last().used = 0;
      last().ends.clear();
    }
    sizeBytes = 0;
    count = 0;
  }
}
