package io.drasi.source.postgres.internal.transaction;

import io.drasi.source.postgres.internal.spill.SpillSpace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * The memory that the transactions share which are being received. When it is used up, the largest
 * of them goes to disk.
 *
 * <p>Confined to the replication thread.
 */
public final class TransactionMemory {
  /** A larger one is on disk however much memory there is: no array holds the messages of two. */
  private static final long MOST_FRAMED_BYTES = 1L << 30;

  private final SpillSpace space;
  private final long limitBytes;
  private final long mostFramedBytes;
  private final List<TransactionBuffer> buffers = new ArrayList<>();
  private long usedBytes;

  /**
   * Memory that nothing is in.
   *
   * @param space where the files of large transactions are
   * @param limitBytes how much the changes of all transactions may take
   */
  public TransactionMemory(SpillSpace space, long limitBytes) {
    this(space, limitBytes, MOST_FRAMED_BYTES);
  }

  /**
   * Memory that nothing is in.
   *
   * @param mostFramedBytes how long the messages of one transaction may be
   */
  TransactionMemory(SpillSpace space, long limitBytes, long mostFramedBytes) {
    this.space = space;
    this.limitBytes = limitBytes;
    this.mostFramedBytes = mostFramedBytes;
  }

  /** Where the files are. */
  SpillSpace space() {
    return space;
  }

  /** How much is in it. */
  long usedBytes() {
    return usedBytes;
  }

  /** One more shares it. */
  void add(TransactionBuffer buffer) {
    buffers.add(buffer);
  }

  /** One that holds nothing shares it no longer. */
  void remove(TransactionBuffer buffer) {
    buffers.remove(buffer);
  }

  /**
   * Has so much room, unless one buffer alone wants more than there is, or than one may have: that
   * is on disk then.
   *
   * @param bytes what the changes of the next message take
   * @param framedBytes how long it is
   * @throws IOException when it cannot be put to disk
   */
  void makeRoom(TransactionBuffer buffer, long bytes, int framedBytes) throws IOException {
    while (usedBytes > 0 && usedBytes + bytes > limitBytes) {
      Collections.max(buffers, Comparator.comparingLong(TransactionBuffer::heldBytes)).spill();
    }
    boolean isTooLong = !buffer.isOnDisk() && buffer.framedBytes() + framedBytes > mostFramedBytes;
    if (bytes > limitBytes || isTooLong) {
      buffer.spill();
    }
  }

  /** So much more is in it, or less. */
  void hold(long bytes) {
    usedBytes += bytes;
  }
}
