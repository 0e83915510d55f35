package io.drasi.postgres.decoder.value;

import io.drasi.api.change.ElementValue;
import io.drasi.postgres.protocol.message.ProtocolException;

/** The binary format of {@code interval}: microseconds, days, months. */
final class IntervalBinary {
  private static final int LENGTH = 16;
  private static final int MONTHS_PER_YEAR = 12;
  private static final long MICROS_PER_SECOND = 1_000_000;

  private IntervalBinary() {}

  static BinaryDecoder decoder() {
    return BinaryDecoder.of(IntervalBinary::decode, IntervalBinary::print);
  }

  private static ElementValue decode(byte[] array, int from, int to) throws ProtocolException {
    ScalarBinary.requireLength(LENGTH, "interval", from, to);
    return IntervalText.of(
        BigEndian.int32(array, from + 12),
        BigEndian.int32(array, from + 8),
        BigEndian.int64(array, from));
  }

  private static void print(byte[] array, int from, int to, StringBuilder out)
      throws ProtocolException {
    ElementValue value = decode(array, from, to);
    if (value instanceof ElementValue.Interval interval) {
      new Parts(out).append(interval);
    } else {
      out.append(CanonicalText.of(value));
    }
  }

  /** Prints as with {@code IntervalStyle = postgres}: what follows a negative part has a sign. */
  private static final class Parts {
    private final StringBuilder out;
    private final int start;
    private boolean afterNegative;

    Parts(StringBuilder out) {
      this.out = out;
      this.start = out.length();
    }

    void append(ElementValue.Interval interval) {
      append(interval.months() / MONTHS_PER_YEAR, "year");
      append(interval.months() % MONTHS_PER_YEAR, "mon");
      append(interval.days(), "day");
      if (out.length() == start || interval.microseconds() != 0) {
        appendTime(interval.microseconds());
      }
    }

    private void append(int number, String unit) {
      if (number == 0) {
        return;
      }
      if (out.length() > start) {
        out.append(' ');
      }
      if (afterNegative && number > 0) {
        out.append('+');
      }
      out.append(number).append(' ').append(unit);
      if (number != 1) {
        out.append('s');
      }
      afterNegative = number < 0;
    }

    private void appendTime(long micros) {
      if (out.length() > start) {
        out.append(' ');
      }
      if (micros < 0) {
        out.append('-');
      } else if (afterNegative) {
        out.append('+');
      }
      long seconds = Math.abs(micros / MICROS_PER_SECOND);
      CanonicalText.appendTime(
          out,
          seconds / 3600,
          seconds / 60 % 60,
          seconds % 60,
          Math.abs(micros % MICROS_PER_SECOND));
    }
  }
}
