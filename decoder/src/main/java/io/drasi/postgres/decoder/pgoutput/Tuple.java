package io.drasi.postgres.decoder.pgoutput;

import io.drasi.postgres.protocol.message.FieldReader;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.util.Arrays;

/**
 * The columns of a row (TupleData), in the order of the {@linkplain PgOutputMessage.Relation
 * relation's} columns. Values are not copied: a tuple refers to the array its message was read from
 * and is valid only while that array keeps its content.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/protocol-logicalrep-message-formats.html">Manual,
 *     Logical Replication Message Formats</a>
 */
public final class Tuple {
  /** {@link #kind} of a column that is SQL NULL; in a key tuple also of one that was not sent. */
  public static final byte NULL = 'n';

  /** {@link #kind} of a column whose value is stored out of line, did not change, is not sent. */
  public static final byte UNCHANGED = 'u';

  /** {@link #kind} of a column whose value is sent in the text format. */
  public static final byte TEXT = 't';

  /** {@link #kind} of a column whose value is sent in the binary format. */
  public static final byte BINARY = 'b';

  /** A kind byte and an Int32 length stand before a value. */
  private static final int HEADER_BYTES = 5;

  private final byte[] array;

  /** Where each column starts in the array, and where the last one ends. */
  private final int[] starts;

  private Tuple(byte[] array, int[] starts) {
    this.array = array;
    this.starts = starts;
  }

  static Tuple read(FieldReader in) throws ProtocolException {
    int count = in.readCount("Tuple.columnCount");
    if (count > in.remaining()) {
      throw new ProtocolException(
          "Tuple.columnCount is %d, but %d bytes are left".formatted(count, in.remaining()));
    }
    int[] starts = new int[count + 1];
    for (int i = 0; i < count; i++) {
      starts[i] = in.position();
      skipColumn(in);
    }
    starts[count] = in.position();
    return new Tuple(in.array(), starts);
  }

  private static void skipColumn(FieldReader in) throws ProtocolException {
    byte kind = in.readByte("Tuple.kind");
    switch (kind) {
      case TEXT, BINARY -> in.skip(in.readLength("Tuple.length"), "Tuple.value");
      case NULL, UNCHANGED -> {}
      default -> throw ProtocolException.unknownTag("column of a tuple", kind);
    }
  }

  /** How many columns. */
  public int size() {
    return starts.length - 1;
  }

  /** {@link #NULL}, {@link #UNCHANGED}, {@link #TEXT} or {@link #BINARY}. */
  public byte kind(int column) {
    return array[starts[column]];
  }

  /** Where in the {@link #array} a value that was sent starts. */
  public int from(int column) {
    return starts[column] + HEADER_BYTES;
  }

  /** Where in the {@link #array} a value that was sent ends, exclusive. */
  public int to(int column) {
    return starts[column + 1];
  }

  /** The array that holds the values; not to be changed. */
  public byte[] array() {
    return array;
  }

  /** Whether both have the same columns with the same bytes. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Tuple that
        && size() == that.size()
        && Arrays.equals(
            array, starts[0], starts[size()], that.array, that.starts[0], that.starts[size()]);
  }

  @Override
  public int hashCode() {
    int hash = size();
    for (int i = starts[0]; i < starts[size()]; i++) {
      hash = 31 * hash + array[i];
    }
    return hash;
  }

  /** The kinds of the columns; never their values. */
  @Override
  public String toString() {
    StringBuilder kinds = new StringBuilder("Tuple[");
    for (int i = 0; i < size(); i++) {
      kinds.append((char) kind(i));
    }
    return kinds.append(']').toString();
  }
}
