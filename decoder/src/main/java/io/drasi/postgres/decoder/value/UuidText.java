package io.drasi.postgres.decoder.value;

import io.drasi.api.change.ElementValue;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.util.UUID;

/** The text format of {@code uuid}. */
final class UuidText {
  private static final int LENGTH = 36;

  private UuidText() {}

  static ElementValue decode(byte[] array, int from, int to) throws ProtocolException {
    if (to - from != LENGTH
        || array[from + 8] != '-'
        || array[from + 13] != '-'
        || array[from + 18] != '-'
        || array[from + 23] != '-') {
      throw Malformed.text("uuid", from, to);
    }
    long timeLow = hex(array, from, 8);
    long timeMid = hex(array, from + 9, 4);
    long timeHigh = hex(array, from + 14, 4);
    long clock = hex(array, from + 19, 4);
    long node = hex(array, from + 24, 12);
    if ((timeLow | timeMid | timeHigh | clock | node) < 0) {
      throw Malformed.text("uuid", from, to);
    }
    return new ElementValue.Uuid(
        new UUID((timeLow << 32) | (timeMid << 16) | timeHigh, (clock << 48) | node));
  }

  /** The number so many digits stand for; negative when one of them is none. */
  private static long hex(byte[] array, int from, int digits) {
    long value = 0;
    long all = 0;
    for (int i = from; i < from + digits; i++) {
      int digit = HexDigits.value(array[i]);
      value = (value << 4) | (digit & 0xF);
      all |= digit;
    }
    return all < 0 ? -1 : value;
  }
}
