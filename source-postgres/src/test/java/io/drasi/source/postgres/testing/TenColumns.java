package io.drasi.source.postgres.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/**
 * A stream of rows with ten columns, ten in a transaction: one transaction that a server has sent,
 * again and again. See {@code ten-columns.sql}.
 */
public final class TenColumns {
  /** How many rows a transaction has. */
  public static final int ROWS = 10;

  private static final int BEGIN_FINAL_LSN = 1;
  private static final int COMMIT_LSN = 2;
  private static final int COMMIT_END_LSN = 10;

  private final byte[] begin;
  private final byte[] relation;
  private final List<byte[]> inserts;
  private final byte[] commit;
  private boolean described;

  /**
   * A stream that has not begun.
   *
   * @param format what the values are sent as: {@code text} or {@code binary}
   */
  public TenColumns(String format) {
    List<byte[]> messages =
        lines("ten-columns-" + format + ".txt").stream().map(HexFormat.of()::parseHex).toList();
    begin = messages.get(0);
    relation = messages.get(1);
    inserts = messages.subList(2, 2 + ROWS);
    commit = messages.get(2 + ROWS);
  }

  private static List<String> lines(String resource) {
    try (InputStream in = TenColumns.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Takes messages. */
  public interface MessageConsumer {
    /** Takes the next one. */
    void accept(byte[] message) throws IOException;
  }

  /**
   * Hands out the messages of the next transaction.
   *
   * @param endLsn where it ends
   */
  public void transaction(long endLsn, MessageConsumer consumer) throws IOException {
    ByteBuffer.wrap(begin).putLong(BEGIN_FINAL_LSN, endLsn - 1);
    ByteBuffer.wrap(commit).putLong(COMMIT_LSN, endLsn - 1).putLong(COMMIT_END_LSN, endLsn);
    consumer.accept(begin);
    if (!described) {
      consumer.accept(relation);
      described = true;
    }
    for (byte[] insert : inserts) {
      consumer.accept(insert);
    }
    consumer.accept(commit);
  }
}
