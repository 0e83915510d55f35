package io.drasi.source.postgres.internal.transaction;

import io.drasi.postgres.protocol.message.FieldReader;
import io.drasi.source.postgres.internal.spill.SharedSpill;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads messages, each with its length before it, out of a file. Confined to one thread at a time.
 */
final class MessageCursor {
  private static final int BLOCK_BYTES = 64 * 1024;

  private final SharedSpill file;
  private final Runnable reading;
  private byte[] block = new byte[BLOCK_BYTES];
  private int from;
  private int to;

  /** Where the file goes on behind the block. */
  private long position;

  /**
   * A cursor before the first message.
   *
   * @param reading is called now and then while it goes on
   */
  MessageCursor(SharedSpill file, Runnable reading) {
    this.file = file;
    this.reading = reading;
  }

  /**
   * The next message, valid until that after it.
   *
   * @return false when there is none
   */
  boolean next(FieldReader message) throws IOException {
    if (from == to && position == file.size()) {
      return false;
    }
    require(TransactionBuffer.LENGTH_BYTES);
    int length = ByteBuffer.wrap(block, from, TransactionBuffer.LENGTH_BYTES).getInt();
    require(TransactionBuffer.LENGTH_BYTES + length);
    int start = from + TransactionBuffer.LENGTH_BYTES;
    message.reset(block, start, start + length);
    from = start + length;
    return true;
  }

  /** Has so many bytes in the block. */
  private void require(int length) throws IOException {
    int held = to - from;
    if (held >= length) {
      return;
    }
    byte[] next =
        block.length == BLOCK_BYTES && length <= BLOCK_BYTES
            ? block
            : new byte[Math.max(BLOCK_BYTES, length)];
    System.arraycopy(block, from, next, 0, held);
    reading.run();
    int more = (int) Math.min(next.length - held, file.size() - position);
    file.read(position, next, held, Math.max(more, length - held));
    position += more;
    block = next;
    from = 0;
    to = held + more;
  }
}
