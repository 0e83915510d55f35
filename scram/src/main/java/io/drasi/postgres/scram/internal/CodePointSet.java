package io.drasi.postgres.scram.internal;

import java.util.Arrays;

/** A set of code points. Immutable. */
final class CodePointSet {
  private final int[] firsts;
  private final int[] lasts;

  private CodePointSet(int[] firsts, int[] lasts) {
    this.firsts = firsts;
    this.lasts = lasts;
  }

  /**
   * A set from its ranges in ascending order, in the notation of RFC 3454: {@code 00AD 200B-200D}.
   */
  static CodePointSet of(String ranges) {
    String[] parts = ranges.strip().split("\\s+", -1);
    int[] firsts = new int[parts.length];
    int[] lasts = new int[parts.length];
    for (int i = 0; i < parts.length; i++) {
      int dash = parts[i].indexOf('-');
      firsts[i] = Integer.parseInt(dash < 0 ? parts[i] : parts[i].substring(0, dash), 16);
      lasts[i] = Integer.parseInt(parts[i].substring(dash + 1), 16);
    }
    return new CodePointSet(firsts, lasts);
  }

  boolean contains(int codePoint) {
    int found = Arrays.binarySearch(firsts, codePoint);
    int range = found >= 0 ? found : -found - 2;
    return range >= 0 && codePoint <= lasts[range];
  }
}
