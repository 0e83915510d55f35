package io.drasi.bootstrap.postgres.internal;

import io.drasi.api.change.ElementValue;
import io.drasi.postgres.decoder.row.TableMapping;
import io.drasi.postgres.protocol.message.FieldReader;
import io.drasi.postgres.protocol.message.ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of {@code COPY … TO STDOUT} in the text format: one to a CopyData message, values
 * separated by tabs, ended by a newline. Strict: knows the escapes that the server writes, and no
 * others. Confined to one thread.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.2">Manual,
 *     COPY, Text Format</a>
 */
final class CopyTextRow implements CopyRows {
  private static final int KEPT_BYTES = 64 * 1024;

  private final TableMapping table;
  private final int columns;
  private byte[] unescaped = new byte[KEPT_BYTES];

  CopyTextRow(TableMapping table) {
    this.table = table;
    this.columns = table.names().size();
  }

  /** The row that the message is. */
  @Override
  public @Nullable ElementValue[] read(FieldReader content) throws ProtocolException {
    byte[] array = content.array();
    int at = content.position();
    int end = at + content.remaining() - 1;
    if (end < at || array[end] != '\n') {
      throw malformed("does not end with a newline");
    }
    @Nullable ElementValue[] row = new ElementValue[columns];
    for (int column = 0; column < columns; column++) {
      int from = at;
      boolean escaped = false;
      while (at < end && array[at] != '\t') {
        escaped |= array[at] == '\\';
        at++;
      }
      boolean last = at == end;
      if (last != (column == columns - 1)) {
        throw malformed("does not have %d columns".formatted(columns));
      }
      row[column] = value(column, array, from, at, escaped);
      at++;
    }
    if (columns == 0 && at != end) {
      throw malformed("does not have 0 columns");
    }
    content.skip(content.remaining(), "COPY.row");
    return row;
  }

  /** There is no trailer. */
  @Override
  public void finish() {}

  private ElementValue value(int column, byte[] array, int from, int to, boolean escaped)
      throws ProtocolException {
    if (!escaped) {
      return table.decodeText(column, array, from, to);
    }
    if (to - from == 2 && array[from + 1] == 'N') {
      return ElementValue.Null.NULL;
    }
    int length = unescape(array, from, to);
    return table.decodeText(column, unescaped, 0, length);
  }

  private int unescape(byte[] array, int from, int to) throws ProtocolException {
    int needed = Math.max(to - from, KEPT_BYTES);
    if (needed > unescaped.length || unescaped.length > KEPT_BYTES) {
      unescaped = new byte[needed]; // a large one goes with its value
    }
    int length = 0;
    for (int at = from; at < to; at++) {
      byte next = array[at];
      if (next == '\\') {
        at++;
        next = character(at < to ? array[at] : 0);
      }
      unescaped[length++] = next;
    }
    return length;
  }

  private byte character(byte escape) throws ProtocolException {
    return switch (escape) {
      case '\\' -> '\\';
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'v' -> 0x0B;
      default -> throw malformed("has an unknown escape");
    };
  }

  private ProtocolException malformed(String what) {
    return new ProtocolException("%s: a row that COPY sent %s".formatted(table.table(), what));
  }
}
