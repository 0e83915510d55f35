package io.drasi.bootstrap.postgres.internal;

import io.drasi.api.change.ElementValue;
import io.drasi.postgres.decoder.row.TableMapping;
import io.drasi.postgres.protocol.message.FieldReader;
import io.drasi.postgres.protocol.message.ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of {@code COPY … TO STDOUT} in the binary format: a header, rows, a trailer. A row
 * does not go over the end of a message. Confined to one thread.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.4">Manual,
 *     COPY, Binary Format</a>
 */
final class CopyBinaryRows implements CopyRows {
  private static final byte[] SIGNATURE = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0
  };

  /** Flags that tell of what a reader must understand. */
  private static final int CRITICAL_FLAGS = 0xFFFF_0000;

  private static final int TRAILER = -1;
  private static final int NULL = -1;

  private enum Part {
    HEADER,
    ROWS,
    NOTHING
  }

  private final TableMapping table;
  private final int columns;
  private Part next = Part.HEADER;

  CopyBinaryRows(TableMapping table) {
    this.table = table;
    this.columns = table.names().size();
  }

  @Override
  public @Nullable ElementValue @Nullable [] read(FieldReader content) throws ProtocolException {
    if (content.remaining() == 0) {
      return null;
    }
    if (next == Part.HEADER) {
      readHeader(content);
      return read(content);
    }
    int count = content.readInt16("COPY.columnCount");
    if (next == Part.NOTHING || (count != columns && count != TRAILER)) {
      throw malformed("does not have %d columns".formatted(columns));
    }
    if (count == TRAILER) {
      next = Part.NOTHING;
      content.finish("COPY");
      return null;
    }
    @Nullable ElementValue[] row = new ElementValue[columns];
    for (int column = 0; column < columns; column++) {
      row[column] = value(column, content);
    }
    return row;
  }

  private void readHeader(FieldReader content) throws ProtocolException {
    for (byte expected : SIGNATURE) {
      if (content.readByte("COPY.signature") != expected) {
        throw malformed("is not in the binary format");
      }
    }
    if ((content.readInt32("COPY.flags") & CRITICAL_FLAGS) != 0) {
      throw malformed("has unknown flags");
    }
    content.skip(content.readLength("COPY.extensionLength"), "COPY.extension");
    next = Part.ROWS;
  }

  private ElementValue value(int column, FieldReader content) throws ProtocolException {
    int length = content.readInt32("COPY.valueLength");
    if (length == NULL) {
      return ElementValue.Null.NULL;
    }
    int start = content.position();
    content.skip(length, "COPY.value");
    return table.decodeBinary(column, content.array(), start, start + length);
  }

  @Override
  public void finish() throws ProtocolException {
    if (next != Part.NOTHING) {
      throw malformed("is not followed by the trailer");
    }
  }

  private ProtocolException malformed(String what) {
    return new ProtocolException("%s: what COPY sent %s".formatted(table.table(), what));
  }
}
