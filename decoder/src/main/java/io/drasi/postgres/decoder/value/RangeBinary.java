package io.drasi.postgres.decoder.value;

import io.drasi.postgres.protocol.message.FieldReader;
import io.drasi.postgres.protocol.message.ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * Ranges and multiranges: text, as the server prints them.
 *
 * @see <a href="https://www.postgresql.org/docs/current/rangetypes.html#RANGETYPES-IO">Manual,
 *     Range Input/Output</a>
 */
final class RangeBinary {
  private static final int EMPTY = 0x01;
  private static final int LOWER_INCLUSIVE = 0x02;
  private static final int UPPER_INCLUSIVE = 0x04;
  private static final int LOWER_INFINITE = 0x08;
  private static final int UPPER_INFINITE = 0x10;

  private RangeBinary() {}

  /** The codec of ranges over a type. */
  static Codec range(String type, Codec bound) {
    BinaryDecoder printable = bound.printable();
    return new Codec(CharacterText.decoder(type), printable == null ? null : range(printable));
  }

  /** The codec of multiranges over a range. */
  static Codec multirange(String type, Codec range) {
    BinaryDecoder printable = range.printable();
    return new Codec(CharacterText.decoder(type), printable == null ? null : multirange(printable));
  }

  private static @Nullable BinaryDecoder range(BinaryDecoder bound) {
    return BinaryDecoder.ofText(
        (array, from, to, out) -> {
          var in = new FieldReader(array, from, to);
          print(in, bound, out);
          in.finish("range");
        });
  }

  /** Flags, then the bounds that there are. */
  private static void print(FieldReader in, BinaryDecoder bound, StringBuilder out)
      throws ProtocolException {
    int flags = in.readByte("range.flags");
    if ((flags & EMPTY) != 0) {
      out.append("empty");
      return;
    }
    out.append((flags & LOWER_INCLUSIVE) != 0 ? '[' : '(');
    if ((flags & LOWER_INFINITE) == 0) {
      printBound(in, bound, out);
    }
    out.append(',');
    if ((flags & UPPER_INFINITE) == 0) {
      printBound(in, bound, out);
    }
    out.append((flags & UPPER_INCLUSIVE) != 0 ? ']' : ')');
  }

  private static void printBound(FieldReader in, BinaryDecoder bound, StringBuilder out)
      throws ProtocolException {
    int length = in.readLength("range.boundLength");
    int start = in.position();
    in.skip(length, "range.bound");
    int printed = out.length();
    bound.print(in.array(), start, start + length, out);
    Quoting.field(out, printed, "()[],");
  }

  private static BinaryDecoder multirange(BinaryDecoder range) {
    return BinaryDecoder.ofText(
        (array, from, to, out) -> {
          var in = new FieldReader(array, from, to);
          int count = in.readInt32("multirange.count");
          out.append('{');
          for (int i = 0; i < count; i++) {
            if (i > 0) {
              out.append(',');
            }
            int length = in.readLength("multirange.rangeLength");
            int start = in.position();
            in.skip(length, "multirange.range");
            range.print(array, start, start + length, out);
          }
          out.append('}');
          in.finish("multirange");
        });
  }
}
