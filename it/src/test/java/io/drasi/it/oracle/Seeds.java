package io.drasi.it.oracle;

import java.util.stream.LongStream;

/**
 * The seeds of a test's rounds: as many as {@code -Doracle.rounds} says, from {@code -Doracle.seed}
 * on.
 */
public final class Seeds {
  private Seeds() {}

  /**
   * The seeds.
   *
   * @param rounds how many, where the property does not say
   */
  public static LongStream of(int rounds) {
    long first = Long.getLong("oracle.seed", 1);
    return LongStream.range(first, first + Long.getLong("oracle.rounds", rounds));
  }
}
