package io.drasi.postgres.decoder.value;

import io.drasi.api.change.ElementValue;
import io.drasi.postgres.protocol.message.FieldReader;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code int2vector} and {@code oidvector}: lists. Their text format is numbers with spaces
 * between, the binary one that of an array, whose indexes begin with 0.
 */
final class VectorCodec {
  private VectorCodec() {}

  static Codec of(String type, ValueDecoder text, BinaryDecoder binary) {
    return new Codec(
        (array, from, to) -> decodeText(text, array, from, to),
        BinaryDecoder.of(
            (array, from, to) -> new ElementValue.List(decodeBinary(type, binary, array, from, to)),
            (array, from, to, out) -> {
              String separator = "";
              for (ElementValue value : decodeBinary(type, binary, array, from, to)) {
                out.append(separator).append(CanonicalText.of(value));
                separator = " ";
              }
            }));
  }

  private static ElementValue decodeText(ValueDecoder element, byte[] array, int from, int to)
      throws ProtocolException {
    List<ElementValue> values = new ArrayList<>();
    int start = from;
    for (int at = from; at < to; at++) {
      if (array[at] == ' ') {
        values.add(element.decode(array, start, at));
        start = at + 1;
      }
    }
    if (from < to) {
      values.add(element.decode(array, start, to));
    }
    return new ElementValue.List(values);
  }

  private static List<ElementValue> decodeBinary(
      String type, ValueDecoder element, byte[] array, int from, int to) throws ProtocolException {
    var in = new FieldReader(array, from, to);
    int dimensions = in.readInt32("vector.dimensions");
    in.skip(8, "vector.flags and vector.elementType");
    int count = 0;
    if (dimensions == 1) {
      count = in.readInt32("vector.length");
      in.skip(4, "vector.firstIndex");
    }
    List<ElementValue> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int length = in.readLength("vector.elementLength");
      int start = in.position();
      in.skip(length, "vector.element");
      values.add(element.decode(array, start, start + length));
    }
    in.finish(type);
    return values;
  }
}
