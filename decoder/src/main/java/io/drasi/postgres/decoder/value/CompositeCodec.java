package io.drasi.postgres.decoder.value;

import io.drasi.api.change.ElementPropertyMap;
import io.drasi.api.change.ElementValue;
import io.drasi.api.change.PropertyNames;
import io.drasi.postgres.protocol.message.FieldReader;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Composite types: objects with the type's columns.
 *
 * @see <a href="https://www.postgresql.org/docs/current/rowtypes.html#ROWTYPES-IO-SYNTAX">Manual,
 *     Composite Type Input and Output Syntax</a>
 */
final class CompositeCodec {
  private final String type;
  private final PropertyNames names;
  private final int[] typeOids;
  private final List<Codec> columns;
  private final boolean lenient;

  private CompositeCodec(TypeDescription type, List<Codec> columns, boolean lenient) {
    this.type = type.name();
    this.names =
        PropertyNames.of(type.columns().stream().map(TypeDescription.Column::name).toList());
    this.typeOids = type.columns().stream().mapToInt(TypeDescription.Column::typeOid).toArray();
    this.columns = columns;
    this.lenient = lenient;
  }

  /**
   * The codec of a composite type.
   *
   * @param columns the codecs of its columns
   * @param lenient whether a value with other columns is decoded as text; if not, it is refused
   */
  static Codec of(TypeDescription type, List<Codec> columns, boolean lenient) {
    var codec = new CompositeCodec(type, columns, lenient);
    return new Codec(codec::decodeText, lenient ? null : codec.binary());
  }

  /** It can be read where all columns can be, and printed where all columns can be. */
  private @Nullable ValueDecoder binary() {
    if (columns.stream().allMatch(column -> column.printable() != null)) {
      return BinaryDecoder.of(this::decodeBinary, this::printBinary);
    }
    return columns.stream().allMatch(column -> column.binary().isPresent())
        ? this::decodeBinary
        : null;
  }

  private ElementValue decodeText(byte[] array, int from, int to) throws ProtocolException {
    try {
      int found = countColumns(array, from, to);
      if (found != columns.size()) {
        throw new OutdatedTypeException(type, columns.size(), found);
      }
      return decodeColumns(array, from, to);
    } catch (OutdatedTypeException e) {
      if (lenient) {
        return new ElementValue.Text(CharacterText.string(type, array, from, to));
      }
      throw e;
    }
  }

  private ElementValue decodeColumns(byte[] array, int from, int to) throws ProtocolException {
    var in = new TextCursor(type, array, from, to);
    ElementValue[] values = new ElementValue[columns.size()];
    in.require('(');
    for (int i = 0; i < values.length; i++) {
      if (i > 0) {
        in.require(',');
      }
      values[i] = column(in, i);
    }
    in.require(')');
    in.requireEnd();
    return new ElementValue.Object(ElementPropertyMap.of(names, values));
  }

  /** Nothing at all is NULL; an empty text has quotes. */
  private ElementValue column(TextCursor in, int column) throws ProtocolException {
    if (in.isAt(',') || in.isAt(')')) {
      return ElementValue.Null.NULL;
    }
    ValueDecoder decoder = columns.get(column).text();
    try {
      return in.isAt('"') ? in.quoted(decoder) : in.unquoted(decoder, ',', ')', false);
    } catch (ProtocolException e) {
      throw new OutdatedTypeException(type, names.name(column), e);
    }
  }

  /** Without columns it prints as with a single one that is NULL. */
  private int countColumns(byte[] array, int from, int to) {
    if (to - from == 2 && columns.size() <= 1) {
      return columns.size();
    }
    int count = 1;
    boolean quoted = false;
    for (int at = from; at < to; at++) {
      if (array[at] == '"') {
        quoted = !quoted; // a doubled one changes nothing
      } else if (array[at] == '\\') {
        at++;
      } else if (array[at] == ',' && !quoted) {
        count++;
      }
    }
    return count;
  }

  private ElementValue decodeBinary(byte[] array, int from, int to) throws ProtocolException {
    var in = new FieldReader(array, from, to);
    requireColumns(in);
    ElementValue[] values = new ElementValue[columns.size()];
    for (int i = 0; i < values.length; i++) {
      requireType(in, i);
      int length = in.readInt32("composite.columnLength");
      if (length == -1) {
        values[i] = ElementValue.Null.NULL;
      } else {
        int start = in.position();
        in.skip(length, "composite.column");
        values[i] = columns.get(i).binary().orElseThrow().decode(array, start, start + length);
      }
    }
    in.finish(type);
    return new ElementValue.Object(ElementPropertyMap.of(names, values));
  }

  private void printBinary(byte[] array, int from, int to, StringBuilder out)
      throws ProtocolException {
    var in = new FieldReader(array, from, to);
    requireColumns(in);
    out.append('(');
    for (int i = 0; i < columns.size(); i++) {
      if (i > 0) {
        out.append(',');
      }
      requireType(in, i);
      int length = in.readInt32("composite.columnLength");
      if (length != -1) {
        int start = in.position();
        in.skip(length, "composite.column");
        int printed = out.length();
        Objects.requireNonNull(columns.get(i).printable(), "checked when it was made")
            .print(array, start, start + length, out);
        Quoting.field(out, printed, "(),");
      }
    }
    out.append(')');
    in.finish(type);
  }

  private void requireColumns(FieldReader in) throws ProtocolException {
    int found = in.readInt32("composite.columnCount");
    if (found != columns.size()) {
      throw new OutdatedTypeException(type, columns.size(), found);
    }
  }

  private void requireType(FieldReader in, int column) throws ProtocolException {
    if (in.readInt32("composite.columnType") != typeOids[column]) {
      throw new OutdatedTypeException(type, columns.size(), columns.size());
    }
  }
}
