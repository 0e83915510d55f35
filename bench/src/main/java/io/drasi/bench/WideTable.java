package io.drasi.bench;

import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A table of many columns, whose types take turns.
 *
 * @param count how many columns, the key included
 */
record WideTable(int count) {
  private static final String[] TYPES = {
    "int", "bigint", "text", "numeric", "timestamptz", "boolean", "float8"
  };

  /** Of row {@code g}. */
  private static final String[] VALUES = {
    "g", "g * 1000", "'text of ' || g", "g / 7.0", "now()", "g % 3 = 0", "g / 3.0::float8"
  };

  /** The columns, as CREATE TABLE has them. */
  String columns() {
    return list("id bigint PRIMARY KEY", i -> "c%d %s".formatted(i, TYPES[i % TYPES.length]));
  }

  /** The values of row {@code g}, as SELECT has them. */
  String values() {
    return list("g", i -> VALUES[i % VALUES.length]);
  }

  private String list(String key, IntFunction<String> column) {
    return IntStream.range(1, count)
        .mapToObj(i -> ", " + column.apply(i))
        .collect(Collectors.joining("", key, ""));
  }
}
