package io.drasi.postgres.decoder.value;

import io.drasi.api.change.ElementValue;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.nio.ByteBuffer;
import java.util.UUID;

/** The binary format of types whose bytes are the value: numbers, characters, bytes. */
final class ScalarBinary {
  private static final int OCTAL_DIGIT = 7;

  private ScalarBinary() {}

  static void requireLength(int length, String type, int from, int to) throws ProtocolException {
    if (to - from != length) {
      throw Malformed.binary(type, from, to);
    }
  }

  /** One byte; within other values it prints as one letter. */
  static BinaryDecoder bool() {
    return BinaryDecoder.of(
        (array, from, to) -> ElementValue.Bool.of(isTrue(array, from, to)),
        (array, from, to, out) -> out.append(isTrue(array, from, to) ? 't' : 'f'));
  }

  private static boolean isTrue(byte[] array, int from, int to) throws ProtocolException {
    requireLength(1, "bool", from, to);
    return array[from] != 0;
  }

  static ElementValue int2(byte[] array, int from, int to) throws ProtocolException {
    requireLength(2, "int2", from, to);
    return new ElementValue.Integer(BigEndian.int16(array, from));
  }

  static ElementValue int4(byte[] array, int from, int to) throws ProtocolException {
    requireLength(4, "int4", from, to);
    return new ElementValue.Integer(BigEndian.int32(array, from));
  }

  static ElementValue int8(byte[] array, int from, int to) throws ProtocolException {
    requireLength(8, "int8", from, to);
    return new ElementValue.Integer(BigEndian.int64(array, from));
  }

  /** Four bytes without sign: {@code oid}, {@code xid}, {@code cid}. */
  static BinaryDecoder unsigned(String type) {
    return (array, from, to) -> {
      requireLength(4, type, from, to);
      return new ElementValue.Integer(Integer.toUnsignedLong(BigEndian.int32(array, from)));
    };
  }

  static ElementValue xid8(byte[] array, int from, int to) throws ProtocolException {
    requireLength(8, "xid8", from, to);
    long value = BigEndian.int64(array, from);
    return value >= 0
        ? new ElementValue.Integer(value)
        : new ElementValue.Text(Long.toUnsignedString(value));
  }

  /** A float, which within other values prints with as many digits as a float needs. */
  static BinaryDecoder float4() {
    return BinaryDecoder.of(
        (array, from, to) -> new ElementValue.Float(float4(array, from, to)),
        (array, from, to, out) -> CanonicalFloat.append(out, float4(array, from, to)));
  }

  private static float float4(byte[] array, int from, int to) throws ProtocolException {
    requireLength(4, "float4", from, to);
    return Float.intBitsToFloat(BigEndian.int32(array, from));
  }

  static ElementValue float8(byte[] array, int from, int to) throws ProtocolException {
    requireLength(8, "float8", from, to);
    return new ElementValue.Float(Double.longBitsToDouble(BigEndian.int64(array, from)));
  }

  static ElementValue uuid(byte[] array, int from, int to) throws ProtocolException {
    requireLength(16, "uuid", from, to);
    return new ElementValue.Uuid(
        new UUID(BigEndian.int64(array, from), BigEndian.int64(array, from + 8)));
  }

  static ElementValue bytea(byte[] array, int from, int to) {
    return ElementValue.Bytes.copyOf(ByteBuffer.wrap(array, from, to - from));
  }

  static BinaryDecoder characters(String type) {
    return (array, from, to) -> new ElementValue.Text(CharacterText.string(type, array, from, to));
  }

  static ElementValue json(byte[] array, int from, int to) throws ProtocolException {
    return new ElementValue.Json(CharacterText.string("json", array, from, to));
  }

  static ElementValue jsonb(byte[] array, int from, int to) throws ProtocolException {
    return new ElementValue.Json(versioned("jsonb", array, from, to));
  }

  /** Characters after a byte that tells the version of the format, which is 1. */
  static BinaryDecoder versioned(String type) {
    return (array, from, to) -> new ElementValue.Text(versioned(type, array, from, to));
  }

  private static String versioned(String type, byte[] array, int from, int to)
      throws ProtocolException {
    if (from == to || array[from] != 1) {
      throw Malformed.binary(type, from, to);
    }
    return CharacterText.string(type, array, from + 1, to);
  }

  static ElementValue character(byte[] array, int from, int to) throws ProtocolException {
    requireLength(1, "\"char\"", from, to);
    return character(array[from]);
  }

  /**
   * The text format of {@code "char"}, a byte. Servers before PostgreSQL 16 send a byte beyond
   * ASCII as it is, which is no text; it is printed as newer ones do.
   */
  static ElementValue characterText(byte[] array, int from, int to) throws ProtocolException {
    return to - from == 1
        ? character(array[from])
        : new ElementValue.Text(CharacterText.string("\"char\"", array, from, to));
  }

  private static ElementValue character(byte value) {
    if (value == 0) {
      return new ElementValue.Text("");
    }
    if (value > 0) {
      return new ElementValue.Text(Character.toString(value));
    }
    char[] octal = {
      '\\', octal(value >> 6 & 3), octal(value >> 3 & OCTAL_DIGIT), octal(value & OCTAL_DIGIT)
    };
    return new ElementValue.Text(new String(octal));
  }

  private static char octal(int digit) {
    return (char) ('0' + digit);
  }
}
