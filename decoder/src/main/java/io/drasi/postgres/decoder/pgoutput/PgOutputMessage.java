package io.drasi.postgres.decoder.pgoutput;

import io.drasi.api.change.ElementValue;
import io.drasi.postgres.protocol.message.Lsn;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A {@code pgoutput} message, protocol versions 1 to 4 without {@code two_phase}. Components are
 * declared in wire order. OIDs are unsigned numbers of 32 bits, held in an {@code int}.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/protocol-logicalrep-message-formats.html">Manual,
 *     Logical Replication Message Formats</a>
 */
public sealed interface PgOutputMessage {

  /**
   * Begin ('B'): the changes of one transaction follow, up to its {@link Commit}.
   *
   * @param finalLsn where the commit record starts: orders transactions
   * @param committedAt when the transaction was committed, exact to the microsecond
   * @param xid the transaction's number, unsigned
   */
  record Begin(Lsn finalLsn, Instant committedAt, long xid) implements PgOutputMessage {}

  /**
   * Commit ('C').
   *
   * @param flags none are defined; 0
   * @param commitLsn where the commit record starts: orders transactions
   * @param endLsn first byte after the commit record: what to acknowledge
   * @param committedAt when the transaction was committed, exact to the microsecond
   */
  record Commit(byte flags, Lsn commitLsn, Lsn endLsn, Instant committedAt)
      implements PgOutputMessage {}

  /**
   * Origin ('O'): the transaction was replicated to the server from elsewhere.
   *
   * @param originLsn where it was committed there
   * @param name what the server calls that place
   */
  record Origin(Lsn originLsn, String name) implements PgOutputMessage {}

  /**
   * Relation ('R'): describes a table before its first change and whenever its description may have
   * changed.
   *
   * @param oid what changes call the table
   * @param schema its schema; {@code pg_catalog}, which the wire leaves out, is put in
   * @param table its name
   * @param identity what of an old row is sent
   * @param columns its published columns, in the order of tuples
   */
  record Relation(
      int oid, String schema, String table, ReplicaIdentity identity, List<Column> columns)
      implements PgOutputMessage {
    public Relation {
      columns = List.copyOf(columns);
    }
  }

  /**
   * A column of a {@link Relation}.
   *
   * @param key whether it is part of the replica identity; under {@link ReplicaIdentity#FULL} all
   *     are
   * @param name its name
   * @param typeOid its type
   * @param typeModifier its type's modifier ({@code pg_attribute.atttypmod}), or -1
   */
  record Column(boolean key, String name, int typeOid, int typeModifier) {}

  /**
   * Type ('Y'): names a type that is not built in, before the {@link Relation} that uses it.
   *
   * @param oid what columns call the type
   * @param schema its schema; {@code pg_catalog}, which the wire leaves out, is put in
   * @param name its name
   */
  record Type(int oid, String schema, String name) implements PgOutputMessage {}

  /**
   * Insert ('I').
   *
   * @param relationOid the table
   * @param row the new row
   */
  record Insert(int relationOid, Tuple row) implements PgOutputMessage {}

  /**
   * Update ('U').
   *
   * @param relationOid the table
   * @param old what was sent of the old row; null when nothing was, which means that no column of
   *     the replica identity changed. That it is there proves nothing.
   * @param row the new row
   */
  record Update(int relationOid, @Nullable OldTuple old, Tuple row) implements PgOutputMessage {}

  /**
   * Delete ('D').
   *
   * @param relationOid the table
   * @param old what was sent of the row that is gone
   */
  record Delete(int relationOid, OldTuple old) implements PgOutputMessage {}

  /**
   * Truncate ('T').
   *
   * @param cascade whether the statement said {@code CASCADE}
   * @param restartIdentity whether the statement said {@code RESTART IDENTITY}
   * @param relationOids the tables that are empty now; those emptied by the cascade are among them
   */
  record Truncate(boolean cascade, boolean restartIdentity, List<Integer> relationOids)
      implements PgOutputMessage {
    public Truncate {
      relationOids = List.copyOf(relationOids);
    }
  }

  /**
   * Message ('M'), written by {@code pg_logical_emit_message}.
   *
   * @param transactional whether it belongs to the transaction around it; if not, it comes at once,
   *     outside any, and may come again after a restart
   * @param lsn where it was written
   * @param prefix what its writer marked it with
   * @param content what was written
   */
  record LogicalMessage(boolean transactional, Lsn lsn, String prefix, ElementValue.Bytes content)
      implements PgOutputMessage {}

  /**
   * Stream Start ('S', since version 2): a block of changes of one transaction follows, which has
   * not committed yet, up to the next {@link StreamStop}. Blocks of several transactions come in
   * turn.
   *
   * @param xid the transaction's number, unsigned
   * @param first whether this is the transaction's first block
   */
  record StreamStart(long xid, boolean first) implements PgOutputMessage {}

  /** Stream Stop ('E', since version 2): ends a block. */
  record StreamStop() implements PgOutputMessage {}

  /**
   * Stream Commit ('c', since version 2): the transaction whose changes have come in blocks was
   * committed.
   *
   * @param xid the transaction's number, unsigned
   * @param flags none are defined; 0
   * @param commitLsn where the commit record starts: orders transactions
   * @param endLsn first byte after the commit record: what to acknowledge
   * @param committedAt when the transaction was committed, exact to the microsecond
   */
  record StreamCommit(long xid, byte flags, Lsn commitLsn, Lsn endLsn, Instant committedAt)
      implements PgOutputMessage {}

  /**
   * Stream Abort ('A', since version 2): what has come of a transaction in blocks, or of one of its
   * subtransactions, was rolled back.
   *
   * @param xid the transaction's number, unsigned
   * @param subxid the subtransaction's number, unsigned; that of the transaction when all of it was
   *     rolled back
   * @param abortLsn where the abort record starts; null when not sent, which it is with {@code
   *     streaming} set to {@code parallel} only
   * @param abortedAt when it was rolled back, exact to the microsecond; null when not sent
   */
  record StreamAbort(long xid, long subxid, @Nullable Lsn abortLsn, @Nullable Instant abortedAt)
      implements PgOutputMessage {}

  /**
   * What was sent of an old row.
   *
   * @param kind how much of it
   * @param row its columns
   */
  record OldTuple(Kind kind, Tuple row) {
    /** How much of the old row was sent. */
    public enum Kind {
      /**
       * 'K': the columns of the replica identity. The others stand in the tuple as {@link
       * Tuple#NULL}, which there means "not sent".
       */
      KEY,

      /** 'O': all columns. */
      FULL
    }
  }
}
