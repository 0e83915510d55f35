package io.drasi.bootstrap.postgres.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * How large a table is.
 *
 * @param blocks how many blocks it has: one number for itself, or one for each of its partitions
 * @param estimatedRows how many rows there may be
 * @param divisible whether ranges of its blocks can be read by themselves
 */
record TableSize(List<Long> blocks, long estimatedRows, boolean divisible) {
  /** Of a table that is read as a whole, whatever there is of it. */
  static final TableSize UNKNOWN = new TableSize(List.of(), 0, false);

  TableSize {
    blocks = List.copyOf(blocks);
  }

  long totalBlocks() {
    return blocks.stream().mapToLong(Long::longValue).sum();
  }

  /**
   * Divides the table into ranges of about so many blocks each, over all partitions; together they
   * are the whole table. The last one has no end, so that no row is left out whatever the table's
   * size was thought to be.
   */
  List<BlockRange> divide(long blocksEach) {
    long total = totalBlocks();
    long parts = divisible ? Math.max(1, total / blocksEach) : 1;
    List<BlockRange> ranges = new ArrayList<>();
    long from = 0;
    for (long part = 1; part < parts; part++) {
      long to = blockWith(total * part / parts);
      if (to > from) {
        ranges.add(new BlockRange(from, OptionalLong.of(to)));
        from = to;
      }
    }
    ranges.add(new BlockRange(from, OptionalLong.empty()));
    return ranges;
  }

  /** The block before which, in all partitions together, there are so many blocks at least. */
  private long blockWith(long wanted) {
    long low = 0;
    long high = wanted;
    while (low < high) {
      long middle = (low + high) / 2;
      if (blocksBefore(middle) < wanted) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private long blocksBefore(long block) {
    return blocks.stream().mapToLong(size -> Math.min(size, block)).sum();
  }
}
