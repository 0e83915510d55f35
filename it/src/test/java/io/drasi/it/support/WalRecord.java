package io.drasi.it.support;

import io.drasi.postgres.protocol.message.Lsn;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.sql.SQLException;
import java.util.HexFormat;

/**
 * The head of a record in the write-ahead log, as it is in the server's files.
 *
 * @param xid the transaction that wrote it, if any
 * @param previous where the record before it starts
 * @param info what kind of record it is, for its resource manager
 * @see <a
 *     href="https://github.com/postgres/postgres/blob/REL_18_STABLE/src/include/access/xlogrecord.h">
 *     xlogrecord.h</a>
 */
public record WalRecord(long xid, Lsn previous, int info, int resourceManager) {
  private static final int HEAD_BYTES = 24;
  private static final int XACT = 1;
  private static final int XACT_OPERATIONS = 0x70;
  private static final int XACT_COMMIT = 0x00;
  private static final int STANDBY = 8;
  private static final int STANDBY_RUNNING_XACTS = 0x10;

  /**
   * Reads what starts at a place. That is no record where a page of the log starts there: then the
   * fields mean nothing.
   */
  public static WalRecord at(TestDatabase database, Lsn start) throws SQLException {
    String head =
        database.ask(
            "SELECT encode(pg_read_binary_file('pg_wal/' || file_name, file_offset, %d), 'hex')"
                    .formatted(HEAD_BYTES)
                + " FROM pg_walfile_name_offset('%s')".formatted(start));
    ByteBuffer in = ByteBuffer.wrap(HexFormat.of().parseHex(head)).order(ByteOrder.LITTLE_ENDIAN);
    in.getInt(); // the length
    long xid = Integer.toUnsignedLong(in.getInt());
    var previous = new Lsn(in.getLong());
    return new WalRecord(xid, previous, Byte.toUnsignedInt(in.get()), Byte.toUnsignedInt(in.get()));
  }

  /** Whether it is the commit record of a transaction. */
  public boolean isCommitOf(long transaction) {
    return resourceManager == XACT && (info & XACT_OPERATIONS) == XACT_COMMIT && xid == transaction;
  }

  /** Whether it lists the transactions that were running. */
  public boolean isRunningTransactions() {
    return resourceManager == STANDBY && info == STANDBY_RUNNING_XACTS;
  }
}
