package io.drasi.postgres.decoder.value;

import io.drasi.api.change.ElementValue;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.util.ArrayList;
import java.util.List;

/**
 * Arrays: lists, of lists where they have more than one dimension. One whose indexes do not begin
 * with 1 is text, as nothing else tells where they do.
 *
 * @see <a href="https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO">Manual, Array Input
 *     and Output Syntax</a>
 */
final class ArrayCodec {
  /** {@code MAXDIM} of the server. */
  static final int MOST_DIMENSIONS = 6;

  static final ElementValue EMPTY = new ElementValue.List(List.of());

  private final String type;
  private final Codec element;
  private final char delimiter;

  private ArrayCodec(String type, Codec element, char delimiter) {
    this.type = type;
    this.element = element;
    this.delimiter = delimiter;
  }

  /**
   * The codec of arrays.
   *
   * @param type the array's name
   * @param element the codec of its elements
   * @param delimiter what stands between them in the text format
   */
  static Codec of(String type, Codec element, char delimiter) {
    var codec = new ArrayCodec(type, element, delimiter);
    BinaryDecoder binaryElement = element.printable();
    return new Codec(
        codec::decodeText,
        binaryElement == null ? null : new ArrayBinary(type, binaryElement, delimiter));
  }

  private ElementValue decodeText(byte[] array, int from, int to) throws ProtocolException {
    if (from < to && array[from] == '[') {
      return new ElementValue.Text(CharacterText.string(type, array, from, to));
    }
    var in = new TextCursor(type, array, from, to);
    ElementValue list = list(in, 1);
    in.requireEnd();
    return list;
  }

  private ElementValue list(TextCursor in, int dimension) throws ProtocolException {
    in.require('{');
    if (in.skip('}')) {
      return EMPTY;
    }
    List<ElementValue> values = new ArrayList<>();
    do {
      values.add(value(in, dimension));
    } while (in.skip(delimiter));
    in.require('}');
    return new ElementValue.List(values);
  }

  private ElementValue value(TextCursor in, int dimension) throws ProtocolException {
    if (in.isAt('"')) {
      return in.quoted(element.text());
    }
    if (!in.isAt('{')) {
      return in.unquoted(element.text(), delimiter, '}', true);
    }
    if (dimension == MOST_DIMENSIONS) {
      throw in.malformed();
    }
    return list(in, dimension + 1);
  }
}
