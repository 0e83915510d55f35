package io.drasi.postgres.decoder.value;

import io.drasi.api.change.ElementValue;
import io.drasi.postgres.protocol.message.ProtocolException;

/** The text format of the integer types, read from the bytes without a string between. */
final class IntegerText {
  private static final int MOST_DIGITS = 19;

  private IntegerText() {}

  static ValueDecoder decoder(String type, long min, long max) {
    return (array, from, to) -> {
      long value = parse(type, array, from, to);
      if (value < min || value > max) {
        throw Malformed.text(type, from, to);
      }
      return new ElementValue.Integer(value);
    };
  }

  private static long parse(String type, byte[] array, int from, int to) throws ProtocolException {
    boolean negative = from < to && array[from] == '-';
    int first = negative ? from + 1 : from;
    if (first == to || to - first > MOST_DIGITS) {
      throw Malformed.text(type, from, to);
    }
    // Built up below zero, where there is one value more. Nineteen digits can at most overflow
    // once, which shows in the sign.
    long value = 0;
    for (int i = first; i < to; i++) {
      int digit = array[i] - '0';
      if (digit < 0 || digit > 9) {
        throw Malformed.text(type, from, to);
      }
      value = value * 10 - digit;
    }
    if (value > 0 || (!negative && value == Long.MIN_VALUE)) {
      throw Malformed.text(type, from, to);
    }
    return negative ? value : -value;
  }
}
