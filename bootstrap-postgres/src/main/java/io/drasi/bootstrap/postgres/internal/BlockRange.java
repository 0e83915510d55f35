package io.drasi.bootstrap.postgres.internal;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * A range of the blocks of a table, or of each of its partitions.
 *
 * @param from the first block
 * @param to the block after the last one; empty for all that there are
 */
record BlockRange(long from, OptionalLong to) {
  /** The whole table. */
  static final BlockRange ALL = new BlockRange(0, OptionalLong.empty());

  /** The condition of the rows that lie in it, as SQL; empty where all do. */
  Optional<String> condition() {
    if (equals(ALL)) {
      return Optional.empty();
    }
    String first = "ctid >= '(%d,0)'".formatted(from);
    return Optional.of(
        to.isEmpty() ? first : first + " AND ctid < '(%d,0)'".formatted(to.getAsLong()));
  }
}
