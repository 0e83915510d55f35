package io.drasi.source.postgres.internal.transaction;

import java.util.Arrays;
import java.util.Optional;

/**
 * Where the changes of each subtransaction of a transaction begin. All that follows the first of
 * them up to a rollback is of the same subtransaction, or of those within it: so a rollback drops
 * what follows. There may be millions, hence a hash table of 36 bytes each.
 *
 * <p>Confined to the replication thread.
 */
final class Subtransactions {
  private static final int FIRST_CAPACITY = 4;
  private static final int SLOTS_EACH = 2;

  /** In the order in which they begin. */
  private int[] xids = new int[FIRST_CAPACITY];

  private long[] framedBytes = new long[FIRST_CAPACITY];
  private long[] decodedBytes = new long[FIRST_CAPACITY];
  private int count;

  /**
   * One more than the index of what hashes to the slot, or to one before it; 0 where there is none.
   * The newest go first, so that whatever is in a slot is found after others were removed.
   */
  private int[] slots = new int[SLOTS_EACH * FIRST_CAPACITY];

  /** Notes where the changes of a subtransaction begin, unless that is known. */
  void begin(int xid, TransactionBuffer buffer) {
    if (slots[slotOf(xid)] != 0) {
      return;
    }
    if (count == xids.length) {
      grow();
    }
    TransactionBuffer.Mark mark = buffer.mark();
    xids[count] = xid;
    framedBytes[count] = mark.framedBytes();
    decodedBytes[count] = mark.decodedBytes();
    count++;
    slots[slotOf(xid)] = count;
  }

  private void grow() {
    xids = Arrays.copyOf(xids, 2 * count);
    framedBytes = Arrays.copyOf(framedBytes, 2 * count);
    decodedBytes = Arrays.copyOf(decodedBytes, 2 * count);
    slots = new int[SLOTS_EACH * xids.length];
    for (int i = 0; i < count; i++) {
      slots[slotOf(xids[i])] = i + 1;
    }
  }

  /** The slot it is in, or would be. */
  private int slotOf(int xid) {
    int mask = slots.length - 1;
    int slot = xid & mask; // numbers are given out in order, so this spreads them
    while (slots[slot] != 0 && xids[slots[slot] - 1] != xid) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  /**
   * Forgets a subtransaction, and those that began after it.
   *
   * @return where its changes began; empty when it has none
   */
  Optional<TransactionBuffer.Mark> rollBack(int xid) {
    int index = slots[slotOf(xid)] - 1;
    if (index < 0) {
      return Optional.empty();
    }
    while (count > index) {
      slots[slotOf(xids[count - 1])] = 0;
      count--;
    }
    return Optional.of(new TransactionBuffer.Mark(framedBytes[index], decodedBytes[index]));
  }
}
