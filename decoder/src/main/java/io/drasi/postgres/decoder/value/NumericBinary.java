package io.drasi.postgres.decoder.value;

import io.drasi.api.change.ElementValue;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The binary format of {@code numeric}: groups of four decimal digits, the power of 10,000 of the
 * first one, a sign, and how many digits are shown after the point.
 */
final class NumericBinary {
  private static final int HEADER_BYTES = 8;
  private static final int GROUP_DIGITS = 4;
  private static final int GROUP_BASE = 10_000;
  private static final int POSITIVE = 0x0000;
  private static final int NEGATIVE = 0x4000;
  private static final int NAN = 0xC000;
  private static final int INFINITY = 0xD000;
  private static final int MINUS_INFINITY = 0xF000;

  /** So many digits fit into a long for certain. */
  private static final int COMPACT_DIGITS = 18;

  private static final long[] POWERS_OF_TEN = powersOfTen();

  private NumericBinary() {}

  private static long[] powersOfTen() {
    long[] powers = new long[COMPACT_DIGITS + 1];
    powers[0] = 1;
    for (int i = 1; i < powers.length; i++) {
      powers[i] = powers[i - 1] * 10;
    }
    return powers;
  }

  static ElementValue decode(byte[] array, int from, int to) throws ProtocolException {
    if (to - from < HEADER_BYTES) {
      throw Malformed.binary("numeric", from, to);
    }
    int groups = BigEndian.int16(array, from);
    int weight = BigEndian.int16(array, from + 2);
    int sign = BigEndian.int16(array, from + 4) & 0xFFFF;
    int scale = BigEndian.int16(array, from + 6) & 0xFFFF;
    if (groups < 0 || to - from != HEADER_BYTES + 2 * groups) {
      throw Malformed.binary("numeric", from, to);
    }
    return switch (sign) {
      case POSITIVE, NEGATIVE -> {
        requireGroups(array, from, to);
        int digitsAfterPoint = groups == 0 ? 0 : (groups - weight - 1) * GROUP_DIGITS;
        if (digitsAfterPoint - scale >= GROUP_DIGITS) {
          throw Malformed.binary("numeric", from, to);
        }
        yield number(array, from, to, digitsAfterPoint, sign == NEGATIVE, scale);
      }
      case NAN -> new ElementValue.Text("NaN");
      case INFINITY -> new ElementValue.Text("Infinity");
      case MINUS_INFINITY -> new ElementValue.Text("-Infinity");
      default -> throw Malformed.binary("numeric", from, to);
    };
  }

  private static void requireGroups(byte[] array, int from, int to) throws ProtocolException {
    for (int at = from + HEADER_BYTES; at < to; at += 2) {
      int group = BigEndian.int16(array, at);
      if (group < 0 || group >= GROUP_BASE) {
        throw Malformed.binary("numeric", from, to);
      }
    }
  }

  /** Groups are cut off at both ends where they are zero. */
  private static ElementValue number(
      byte[] array, int from, int to, int digitsAfterPoint, boolean negative, int scale)
      throws ProtocolException {
    int first = from + HEADER_BYTES;
    int groups = (to - first) / 2;
    if (groups == 0) {
      return new ElementValue.Decimal(BigDecimal.valueOf(0, scale));
    }
    if (groups * GROUP_DIGITS + Math.max(0, scale - digitsAfterPoint) <= COMPACT_DIGITS) {
      long unscaled = compact(array, first, groups, scale - digitsAfterPoint);
      return new ElementValue.Decimal(BigDecimal.valueOf(negative ? -unscaled : unscaled, scale));
    }
    try {
      var unscaled = new BigInteger(digits(array, first, groups, negative));
      return new ElementValue.Decimal(
          new BigDecimal(unscaled, digitsAfterPoint).setScale(scale, RoundingMode.UNNECESSARY));
    } catch (ArithmeticException e) {
      throw Malformed.binary("numeric", from, to); // digits beyond the last one that is shown
    }
  }

  private static long compact(byte[] array, int first, int groups, int missingDigits) {
    long unscaled = 0;
    for (int i = 0; i < groups; i++) {
      unscaled = unscaled * GROUP_BASE + BigEndian.int16(array, first + 2 * i);
    }
    return missingDigits >= 0
        ? unscaled * POWERS_OF_TEN[missingDigits]
        : unscaled / POWERS_OF_TEN[-missingDigits];
  }

  private static String digits(byte[] array, int first, int groups, boolean negative) {
    byte[] digits = new byte[groups * GROUP_DIGITS + 1];
    Arrays.fill(digits, (byte) '0');
    digits[0] = (byte) (negative ? '-' : '+');
    for (int i = 0; i < groups; i++) {
      int group = BigEndian.int16(array, first + 2 * i);
      for (int digit = GROUP_DIGITS; digit > 0; digit--) {
        digits[i * GROUP_DIGITS + digit] += (byte) (group % 10);
        group /= 10;
      }
    }
    return new String(digits, StandardCharsets.ISO_8859_1);
  }
}
