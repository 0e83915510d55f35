package io.drasi.postgres.decoder.value;

import io.drasi.postgres.protocol.message.FieldReader;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.util.Locale;

/** The binary format of bit strings and of the system's own types, printed as the server does. */
final class SystemBinary {
  private SystemBinary() {}

  /** How many bits, and the bits, the first one first. */
  static BinaryDecoder.Printer bits(String type) {
    return (array, from, to, out) -> {
      if (to - from < 4) {
        throw Malformed.binary(type, from, to);
      }
      int count = BigEndian.int32(array, from);
      int first = from + 4;
      if (count < 0 || to - first != (count + 7L) / 8) {
        throw Malformed.binary(type, from, to);
      }
      for (int i = 0; i < count; i++) {
        boolean set = (array[first + i / 8] & (0x80 >> (i % 8))) != 0;
        out.append(set ? '1' : '0');
      }
    };
  }

  /** Block and number. */
  static void tid(byte[] array, int from, int to, StringBuilder out) throws ProtocolException {
    ScalarBinary.requireLength(6, "tid", from, to);
    out.append('(').append(Integer.toUnsignedLong(BigEndian.int32(array, from)));
    out.append(',').append(BigEndian.int16(array, from + 4) & 0xFFFF).append(')');
  }

  static void lsn(byte[] array, int from, int to, StringBuilder out) throws ProtocolException {
    ScalarBinary.requireLength(8, "pg_lsn", from, to);
    out.append(hex(BigEndian.int32(array, from))).append('/');
    out.append(hex(BigEndian.int32(array, from + 4)));
  }

  private static String hex(int value) {
    return Integer.toHexString(value).toUpperCase(Locale.ROOT);
  }

  /** How many transactions are open, the bounds, the open ones. */
  static void snapshot(byte[] array, int from, int to, StringBuilder out) throws ProtocolException {
    var in = new FieldReader(array, from, to);
    int count = in.readInt32("pg_snapshot.count");
    out.append(Long.toUnsignedString(in.readInt64("pg_snapshot.xmin"))).append(':');
    out.append(Long.toUnsignedString(in.readInt64("pg_snapshot.xmax"))).append(':');
    for (int i = 0; i < count; i++) {
      if (i > 0) {
        out.append(',');
      }
      out.append(Long.toUnsignedString(in.readInt64("pg_snapshot.xip")));
    }
    in.finish("pg_snapshot");
  }
}
