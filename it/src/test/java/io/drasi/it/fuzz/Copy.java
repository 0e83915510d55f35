package io.drasi.it.fuzz;

import io.drasi.api.change.ElementValue;
import io.drasi.bootstrap.postgres.internal.CopyFormat;
import io.drasi.bootstrap.postgres.internal.CopyRows;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Column;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Relation;
import io.drasi.postgres.decoder.pgoutput.ReplicaIdentity;
import io.drasi.postgres.decoder.row.ElementIdFormat;
import io.drasi.postgres.decoder.row.TableMapping;
import io.drasi.postgres.decoder.row.TransactionContext;
import io.drasi.postgres.protocol.message.FieldReader;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a {@code COPY … TO STDOUT}: a byte for the format and the table, then messages, each
 * with its length in two bytes before it.
 */
public final class Copy {
  private static final TableMapping WIDE = table(23, 25, 17, 1700, 1184, 1007, 3802);
  private static final TableMapping NARROW = table(25);
  private static final TableMapping EMPTY = table();

  private static final TransactionContext SNAPSHOT =
      new TransactionContext("7", Lsn.parse("0/1"), Instant.EPOCH);

  private Copy() {}

  private static TableMapping table(int... typeOids) {
    List<Column> columns = new ArrayList<>();
    for (int oid : typeOids) {
      columns.add(new Column(columns.isEmpty(), "c" + columns.size(), oid, -1));
    }
    List<Integer> key = columns.isEmpty() ? List.of() : List.of(0);
    return TableMapping.of(
        "fuzz",
        ElementIdFormat.TABLE,
        new Relation(1, "public", "t", ReplicaIdentity.DEFAULT, columns),
        key,
        Types.ALL);
  }

  /** Reads it to its end, or to what is refused; makes elements of the rows. */
  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length == 0) {
      return;
    }
    CopyFormat format = (input[0] & 1) == 0 ? CopyFormat.TEXT : CopyFormat.BINARY;
    TableMapping table =
        switch (input[0] >> 1 & 3) {
          case 1 -> NARROW;
          case 2 -> EMPTY;
          default -> WIDE;
        };
    try {
      read(
          format.rowsOf(table), table, new FieldReader(Arrays.copyOfRange(input, 1, input.length)));
    } catch (ProtocolException e) {
      Checks.requireMessage(e);
    }
  }

  private static void read(CopyRows rows, TableMapping table, FieldReader in)
      throws ProtocolException {
    long ordinal = 0;
    while (in.remaining() >= 2) {
      int length = Math.min(in.readInt16("length") & 0xFFFF, in.remaining());
      FieldReader message =
          new FieldReader(Arrays.copyOfRange(in.array(), in.position(), in.position() + length));
      in.skip(length, "message");
      do {
        int before = message.remaining();
        @Nullable ElementValue @Nullable [] row = rows.read(message);
        if (row != null) {
          Checks.requireText(table.snapshotElement(row, SNAPSHOT, ordinal++));
        }
        if (message.remaining() > 0 && message.remaining() == before) {
          throw new AssertionError("nothing of the message was read");
        }
      } while (message.remaining() > 0);
    }
    rows.finish();
  }
}
