package io.drasi.postgres.decoder.row;

import io.drasi.api.change.ElementValue;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Column;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.OldTuple;
import io.drasi.postgres.decoder.pgoutput.Tuple;
import io.drasi.postgres.decoder.value.Codec;
import io.drasi.postgres.decoder.value.OutdatedTypeException;
import io.drasi.postgres.decoder.value.TypeCodecs;
import io.drasi.postgres.decoder.value.ValueDecoder;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The decoders of one table's columns, resolved once. Rows come out as arrays; null is "not sent".
 */
final class ColumnDecoders {
  private final TableName table;
  private final List<Column> columns;
  private final boolean[] inIdentity;
  private final ValueDecoder[] text;
  private final @Nullable ValueDecoder[] binary;

  ColumnDecoders(TableName table, List<Column> columns, TypeCodecs types) {
    this.table = table;
    this.columns = columns;
    this.inIdentity = new boolean[columns.size()];
    this.text = new ValueDecoder[columns.size()];
    this.binary = new ValueDecoder[columns.size()];
    for (int i = 0; i < columns.size(); i++) {
      Codec codec = types.codec(columns.get(i).typeOid());
      inIdentity[i] = columns.get(i).key();
      text[i] = codec.text();
      binary[i] = codec.binary().orElse(null);
    }
  }

  boolean inIdentity(int column) {
    return inIdentity[column];
  }

  /** A whole row. */
  @Nullable ElementValue[] decode(Tuple tuple) throws ProtocolException {
    requireColumnCount(tuple);
    @Nullable ElementValue[] row = new ElementValue[tuple.size()];
    for (int i = 0; i < row.length; i++) {
      row[i] = decode(tuple, i);
    }
    return row;
  }

  /**
   * An old row. In a key tuple a NULL outside the replica identity means "not sent"; anything else
   * was sent, also where a partition's identity is wider than that of the table it is published as.
   */
  @Nullable ElementValue[] decode(OldTuple old) throws ProtocolException {
    @Nullable ElementValue[] row = decode(old.row());
    if (old.kind() == OldTuple.Kind.KEY) {
      for (int i = 0; i < row.length; i++) {
        if (row[i] == ElementValue.Null.NULL && !inIdentity[i]) {
          row[i] = null;
        }
      }
    }
    return row;
  }

  ElementValue decodeText(int column, byte[] array, int from, int to) throws ProtocolException {
    try {
      return text[column].decode(array, from, to);
    } catch (ProtocolException e) {
      throw inColumn(column, e);
    }
  }

  private @Nullable ElementValue decode(Tuple tuple, int column) throws ProtocolException {
    return switch (tuple.kind(column)) {
      case Tuple.TEXT -> decodeText(column, tuple.array(), tuple.from(column), tuple.to(column));
      case Tuple.NULL -> ElementValue.Null.NULL;
      case Tuple.BINARY ->
          decodeBinary(column, tuple.array(), tuple.from(column), tuple.to(column));
      default -> null;
    };
  }

  /** Whether the binary format of every column is understood. */
  boolean understandBinary() {
    return Arrays.stream(binary).allMatch(Objects::nonNull);
  }

  ElementValue decodeBinary(int column, byte[] array, int from, int to) throws ProtocolException {
    ValueDecoder decoder = binary[column];
    if (decoder == null) {
      throw new ProtocolException(
          "%s: column %s came in binary format, which is not known for its type %s"
              .formatted(
                  table,
                  columns.get(column).name(),
                  Integer.toUnsignedString(columns.get(column).typeOid())));
    }
    try {
      return decoder.decode(array, from, to);
    } catch (ProtocolException e) {
      throw inColumn(column, e);
    }
  }

  private ProtocolException inColumn(int column, ProtocolException cause) {
    String where = "%s: column %s".formatted(table, columns.get(column).name());
    if (cause instanceof OutdatedTypeException outdated) {
      return new OutdatedTypeException(where, outdated);
    }
    ProtocolException e = new ProtocolException(where + ": " + cause.getMessage());
    e.initCause(cause);
    return e;
  }

  private void requireColumnCount(Tuple tuple) throws ProtocolException {
    if (tuple.size() != columns.size()) {
      throw new ProtocolException(
          "%s has %d columns, but a tuple has %d".formatted(table, columns.size(), tuple.size()));
    }
  }
}
