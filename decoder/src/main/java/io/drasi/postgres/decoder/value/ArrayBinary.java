package io.drasi.postgres.decoder.value;

import io.drasi.api.change.ElementValue;
import io.drasi.postgres.protocol.message.FieldReader;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.util.List;

/** The binary format: dimensions, then the elements, the last index changing fastest. */
record ArrayBinary(String type, BinaryDecoder element, char delimiter) implements BinaryDecoder {

  @Override
  public ElementValue decode(byte[] array, int from, int to) throws ProtocolException {
    var in = new FieldReader(array, from, to);
    ArrayBounds bounds = ArrayBounds.read(type, in);
    if (!bounds.areUsual()) {
      StringBuilder out = new StringBuilder();
      print(array, from, to, out);
      return new ElementValue.Text(out.toString());
    }
    ElementValue list = bounds.dimensions() == 0 ? ArrayCodec.EMPTY : list(in, bounds, 0);
    in.finish(type);
    return list;
  }

  private ElementValue list(FieldReader in, ArrayBounds bounds, int dimension)
      throws ProtocolException {
    ElementValue[] values = new ElementValue[bounds.length(dimension)];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          dimension == bounds.dimensions() - 1 ? element(in) : list(in, bounds, dimension + 1);
    }
    return new ElementValue.List(List.of(values));
  }

  private ElementValue element(FieldReader in) throws ProtocolException {
    int length = in.readInt32("array.elementLength");
    if (length == -1) {
      return ElementValue.Null.NULL;
    }
    int start = in.position();
    in.skip(length, "array.element");
    return element.decode(in.array(), start, start + length);
  }

  @Override
  public void print(byte[] array, int from, int to, StringBuilder out) throws ProtocolException {
    var in = new FieldReader(array, from, to);
    ArrayBounds bounds = ArrayBounds.read(type, in);
    if (bounds.dimensions() == 0) {
      out.append("{}");
    } else {
      if (!bounds.areUsual()) {
        bounds.print(out);
      }
      print(in, bounds, 0, out);
    }
    in.finish(type);
  }

  private void print(FieldReader in, ArrayBounds bounds, int dimension, StringBuilder out)
      throws ProtocolException {
    out.append('{');
    for (int i = 0; i < bounds.length(dimension); i++) {
      if (i > 0) {
        out.append(delimiter);
      }
      if (dimension < bounds.dimensions() - 1) {
        print(in, bounds, dimension + 1, out);
      } else {
        printElement(in, out);
      }
    }
    out.append('}');
  }

  private void printElement(FieldReader in, StringBuilder out) throws ProtocolException {
    int length = in.readInt32("array.elementLength");
    if (length == -1) {
      out.append("NULL");
      return;
    }
    int start = in.position();
    in.skip(length, "array.element");
    int printed = out.length();
    element.print(in.array(), start, start + length, out);
    Quoting.element(out, printed, delimiter);
  }
}
