package io.drasi.postgres.decoder.value;

import io.drasi.api.change.ElementValue;
import io.drasi.postgres.protocol.message.ProtocolException;

/**
 * The hex format of {@code bytea}.
 *
 * @see <a href="https://www.postgresql.org/docs/current/datatype-binary.html">Manual, bytea</a>
 */
final class ByteaText {
  private ByteaText() {}

  static ElementValue decode(byte[] array, int from, int to) throws ProtocolException {
    if (to - from < 2 || array[from] != '\\' || array[from + 1] != 'x') {
      throw new ProtocolException(
          "value of type bytea, %d bytes, is not in the hex format; set bytea_output = hex"
              .formatted(to - from));
    }
    if ((to - from) % 2 != 0) {
      throw Malformed.text("bytea", from, to);
    }
    byte[] bytes = new byte[(to - from) / 2 - 1];
    int all = 0;
    for (int i = 0; i < bytes.length; i++) {
      int at = from + 2 + 2 * i;
      int digits = (HexDigits.value(array[at]) << 4) | HexDigits.value(array[at + 1]);
      all |= digits;
      bytes[i] = (byte) digits;
    }
    if (all < 0) {
      throw Malformed.text("bytea", from, to);
    }
    return ElementValue.Bytes.copyOf(bytes);
  }
}
