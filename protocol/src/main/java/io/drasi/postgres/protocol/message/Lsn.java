package io.drasi.postgres.protocol.message;

import java.util.HexFormat;
import java.util.Locale;

/**
 * A log sequence number: a byte position in the write-ahead log ({@code pg_lsn}).
 *
 * @param value the position, unsigned
 * @see <a href="https://www.postgresql.org/docs/current/datatype-pg-lsn.html">Manual, pg_lsn</a>
 */
public record Lsn(long value) implements Comparable<Lsn> {
  /** The invalid position {@code 0/0}, which means "none". */
  public static final Lsn NONE = new Lsn(0);

  /**
   * Reads the manual's notation, two hexadecimal numbers with a slash between: {@code 16/B374D848}.
   *
   * @throws IllegalArgumentException when it is anything else
   */
  public static Lsn parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 1 || slash > 8 || text.length() - slash < 2 || text.length() - slash > 9) {
      throw malformed(text);
    }
    return new Lsn((hex(text, 0, slash) << 32) | hex(text, slash + 1, text.length()));
  }

  private static long hex(String text, int from, int to) {
    long value = 0;
    for (int i = from; i < to; i++) {
      if (!HexFormat.isHexDigit(text.charAt(i))) {
        throw malformed(text);
      }
      value = (value << 4) | HexFormat.fromHexDigit(text.charAt(i));
    }
    return value;
  }

  private static IllegalArgumentException malformed(String text) {
    return new IllegalArgumentException(
        "an LSN is two hexadecimal numbers such as 16/B374D848, was \"%s\"".formatted(text));
  }

  /** Whether this is a position, rather than {@link #NONE}. */
  public boolean isPresent() {
    return value != 0;
  }

  /** Whether this position lies after another. */
  public boolean isAfter(Lsn other) {
    return compareTo(other) > 0;
  }

  /** The later of two positions. */
  public static Lsn max(Lsn a, Lsn b) {
    return a.isAfter(b) ? a : b;
  }

  /** The earlier of two positions. */
  public static Lsn min(Lsn a, Lsn b) {
    return a.isAfter(b) ? b : a;
  }

  @Override
  public int compareTo(Lsn other) {
    return Long.compareUnsigned(value, other.value);
  }

  /** The manual's notation: {@code 16/B374D848}. */
  @Override
  public String toString() {
    return Long.toHexString(value >>> 32).toUpperCase(Locale.ROOT)
        + '/'
        + Long.toHexString(value & 0xFFFF_FFFFL).toUpperCase(Locale.ROOT);
  }
}
