package io.drasi.bootstrap.postgres.internal;

import io.drasi.bootstrap.postgres.internal.Part.Whole;
import io.drasi.postgres.decoder.row.TableMapping;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What is to be read.
 *
 * @param parts in the order in which they are begun
 * @param estimatedRows how many rows there may be
 */
record ReadPlan(List<Part> parts, long estimatedRows) {
  /** What is smaller is not worth a COPY of its own. */
  private static final long LEAST_BLOCKS = 128;

  /** The more there are, the shorter is the time in which only the last worker has work. */
  private static final int PARTS_PER_WORKER = 16;

  ReadPlan {
    parts = List.copyOf(parts);
  }

  /** A table that is to be read. */
  record Wanted(PublishedTable table, TableMapping mapping, CopyFormat format, TableSize size) {}

  /**
   * A plan for so many workers. One worker reads table after table; for several the largest come
   * first, in parts.
   */
  static ReadPlan of(List<Wanted> tables, int workers) {
    long blocks = tables.stream().mapToLong(wanted -> wanted.size().totalBlocks()).sum();
    long blocksEach = Math.max(LEAST_BLOCKS, blocks / ((long) workers * PARTS_PER_WORKER));
    List<Wanted> ordered = new ArrayList<>(tables);
    if (workers > 1) {
      ordered.sort(
          Comparator.comparingLong((Wanted wanted) -> wanted.size().totalBlocks()).reversed());
    }
    List<Part> parts = new ArrayList<>();
    for (Wanted wanted : ordered) {
      List<BlockRange> ranges =
          workers > 1 ? wanted.size().divide(blocksEach) : List.of(BlockRange.ALL);
      var whole = new Whole(wanted.table(), wanted.mapping(), wanted.format(), ranges.size());
      for (BlockRange range : ranges) {
        parts.add(new Part(whole, parts.size(), range));
      }
    }
    return new ReadPlan(
        parts, tables.stream().mapToLong(wanted -> wanted.size().estimatedRows()).sum());
  }
}
