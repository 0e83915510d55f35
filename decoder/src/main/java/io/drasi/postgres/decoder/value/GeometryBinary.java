package io.drasi.postgres.decoder.value;

import io.drasi.postgres.protocol.message.ProtocolException;

/**
 * The binary format of the geometric types, which are doubles one after the other, printed as the
 * server does.
 *
 * @see <a href="https://www.postgresql.org/docs/current/datatype-geometric.html">Manual, Geometric
 *     Types</a>
 */
final class GeometryBinary {
  private static final int POINT_BYTES = 16;

  private GeometryBinary() {}

  static void point(byte[] array, int from, int to, StringBuilder out) throws ProtocolException {
    ScalarBinary.requireLength(POINT_BYTES, "point", from, to);
    points(array, from, 1, out);
  }

  static void lseg(byte[] array, int from, int to, StringBuilder out) throws ProtocolException {
    ScalarBinary.requireLength(2 * POINT_BYTES, "lseg", from, to);
    points(array, from, 2, out.append('['));
    out.append(']');
  }

  static void box(byte[] array, int from, int to, StringBuilder out) throws ProtocolException {
    ScalarBinary.requireLength(2 * POINT_BYTES, "box", from, to);
    points(array, from, 2, out);
  }

  static void line(byte[] array, int from, int to, StringBuilder out) throws ProtocolException {
    ScalarBinary.requireLength(24, "line", from, to);
    number(array, from, out.append('{'));
    number(array, from + 8, out.append(','));
    number(array, from + 16, out.append(','));
    out.append('}');
  }

  static void circle(byte[] array, int from, int to, StringBuilder out) throws ProtocolException {
    ScalarBinary.requireLength(24, "circle", from, to);
    points(array, from, 1, out.append('<'));
    number(array, from + POINT_BYTES, out.append(','));
    out.append('>');
  }

  /** Whether it is closed, how many points, the points. */
  static void path(byte[] array, int from, int to, StringBuilder out) throws ProtocolException {
    if (to - from < 5) {
      throw Malformed.binary("path", from, to);
    }
    boolean closed = array[from] != 0;
    int count = BigEndian.int32(array, from + 1);
    requirePoints("path", count, from + 5, from, to);
    points(array, from + 5, count, out.append(closed ? '(' : '['));
    out.append(closed ? ')' : ']');
  }

  static void polygon(byte[] array, int from, int to, StringBuilder out) throws ProtocolException {
    if (to - from < 4) {
      throw Malformed.binary("polygon", from, to);
    }
    int count = BigEndian.int32(array, from);
    requirePoints("polygon", count, from + 4, from, to);
    points(array, from + 4, count, out.append('('));
    out.append(')');
  }

  private static void requirePoints(String type, int count, int first, int from, int to)
      throws ProtocolException {
    if (count < 0 || to - first != (long) count * POINT_BYTES) {
      throw Malformed.binary(type, from, to);
    }
  }

  private static void points(byte[] array, int at, int count, StringBuilder out) {
    for (int i = 0; i < count; i++) {
      out.append(i == 0 ? "(" : ",(");
      number(array, at + i * POINT_BYTES, out);
      number(array, at + i * POINT_BYTES + 8, out.append(','));
      out.append(')');
    }
  }

  private static void number(byte[] array, int at, StringBuilder out) {
    CanonicalFloat.append(out, Double.longBitsToDouble(BigEndian.int64(array, at)));
  }
}
