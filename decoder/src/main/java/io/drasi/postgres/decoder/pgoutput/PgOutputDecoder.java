package io.drasi.postgres.decoder.pgoutput;

import io.drasi.api.change.ElementValue;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Begin;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Column;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Commit;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Delete;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Insert;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.LogicalMessage;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.OldTuple;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Origin;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Relation;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.StreamAbort;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.StreamCommit;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.StreamStart;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.StreamStop;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Truncate;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Update;
import io.drasi.postgres.protocol.message.FieldReader;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads {@code pgoutput} messages of protocol versions 1 to 4, but for those of {@code two_phase}.
 * Strict: an unknown type or flag, a count that cannot be, text that is not UTF-8, too few or too
 * many bytes are refused.
 *
 * <p>Within a block of a transaction that has not committed, every message but Origin and Stream
 * Stop has the number of its subtransaction after its type. Whoever takes blocks apart takes it
 * out; what is read here is the message without it.
 *
 * <p>Stateless, so one instance may be shared; a {@link FieldReader} may not.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/protocol-logicalrep-message-formats.html">Manual,
 *     Logical Replication Message Formats</a>
 */
public final class PgOutputDecoder {
  /** Key flag, name of at least its terminator, type, modifier. */
  private static final int SMALLEST_COLUMN_BYTES = 1 + 1 + 4 + 4;

  private static final int CASCADE = 1;
  private static final int RESTART_IDENTITY = 2;

  /** A decoder. */
  public PgOutputDecoder() {}

  /**
   * The type of the message that a reader stands at the start of; the reader does not move.
   *
   * @throws ProtocolException when the message is empty
   */
  public static byte tag(FieldReader in) throws ProtocolException {
    if (in.remaining() == 0) {
      throw new ProtocolException("a pgoutput message must not be empty");
    }
    return in.array()[in.position()];
  }

  /**
   * Reads the one message that a reader holds. Tuples in it refer to the reader's array.
   *
   * @throws ProtocolException when the bytes are not a message
   */
  public PgOutputMessage decode(FieldReader in) throws ProtocolException {
    byte tag = in.readByte("pgoutput.type");
    return switch (tag) {
      case 'I' -> finished(decodeInsert(in), in, "Insert");
      case 'U' -> finished(decodeUpdate(in), in, "Update");
      case 'D' -> finished(decodeDelete(in), in, "Delete");
      case 'B' -> finished(decodeBegin(in), in, "Begin");
      case 'C' -> finished(decodeCommit(in), in, "Commit");
      case 'R' -> finished(decodeRelation(in), in, "Relation");
      case 'T' -> finished(decodeTruncate(in), in, "Truncate");
      case 'Y' -> finished(decodeType(in), in, "Type");
      case 'O' -> finished(decodeOrigin(in), in, "Origin");
      case 'M' -> finished(decodeLogicalMessage(in), in, "Message");
      case 'S' -> finished(decodeStreamStart(in), in, "Stream Start");
      case 'E' -> finished(new StreamStop(), in, "Stream Stop");
      case 'c' -> finished(decodeStreamCommit(in), in, "Stream Commit");
      case 'A' -> finished(decodeStreamAbort(in), in, "Stream Abort");
      default -> throw ProtocolException.unknownTag("pgoutput", tag);
    };
  }

  private static PgOutputMessage finished(PgOutputMessage message, FieldReader in, String name)
      throws ProtocolException {
    in.finish(name);
    return message;
  }

  private static Begin decodeBegin(FieldReader in) throws ProtocolException {
    return new Begin(
        in.readLsn("Begin.finalLsn"), in.readTimestamp("Begin.committedAt"), xid(in, "Begin.xid"));
  }

  private static Commit decodeCommit(FieldReader in) throws ProtocolException {
    return new Commit(
        flags(in, 0, "Commit.flags"),
        in.readLsn("Commit.commitLsn"),
        in.readLsn("Commit.endLsn"),
        in.readTimestamp("Commit.committedAt"));
  }

  private static Origin decodeOrigin(FieldReader in) throws ProtocolException {
    return new Origin(in.readLsn("Origin.originLsn"), in.readString("Origin.name"));
  }

  private static Relation decodeRelation(FieldReader in) throws ProtocolException {
    return new Relation(
        in.readInt32("Relation.oid"),
        schema(in, "Relation.schema"),
        in.readString("Relation.table"),
        ReplicaIdentity.of(in.readByte("Relation.identity")),
        decodeColumns(in));
  }

  private static List<Column> decodeColumns(FieldReader in) throws ProtocolException {
    int count = in.readCount("Relation.columnCount");
    if (count * SMALLEST_COLUMN_BYTES > in.remaining()) {
      throw new ProtocolException(
          "Relation.columnCount is %d, but %d bytes are left".formatted(count, in.remaining()));
    }
    List<Column> columns = new ArrayList<>(count);
    Set<String> names = new HashSet<>(count * 2);
    for (int i = 0; i < count; i++) {
      Column column =
          new Column(
              flags(in, 1, "Column.flags") != 0,
              in.readString("Column.name"),
              in.readInt32("Column.typeOid"),
              in.readInt32("Column.typeModifier"));
      if (!names.add(column.name())) {
        throw new ProtocolException("Relation names column %s twice".formatted(column.name()));
      }
      columns.add(column);
    }
    return columns;
  }

  private static PgOutputMessage.Type decodeType(FieldReader in) throws ProtocolException {
    return new PgOutputMessage.Type(
        in.readInt32("Type.oid"), schema(in, "Type.schema"), in.readString("Type.name"));
  }

  private static Insert decodeInsert(FieldReader in) throws ProtocolException {
    int relationOid = in.readInt32("Insert.relationOid");
    byte marker = in.readByte("Insert.marker");
    if (marker != 'N') {
      throw ProtocolException.unknownTag("tuple of Insert", marker);
    }
    return new Insert(relationOid, Tuple.read(in));
  }

  private static Update decodeUpdate(FieldReader in) throws ProtocolException {
    int relationOid = in.readInt32("Update.relationOid");
    byte marker = in.readByte("Update.marker");
    OldTuple old = null;
    if (marker != 'N') {
      old = decodeOld(marker, in, "old tuple of Update");
      marker = in.readByte("Update.marker");
    }
    if (marker != 'N') {
      throw ProtocolException.unknownTag("new tuple of Update", marker);
    }
    return new Update(relationOid, old, Tuple.read(in));
  }

  private static Delete decodeDelete(FieldReader in) throws ProtocolException {
    int relationOid = in.readInt32("Delete.relationOid");
    return new Delete(relationOid, decodeOld(in.readByte("Delete.marker"), in, "tuple of Delete"));
  }

  private static OldTuple decodeOld(byte marker, FieldReader in, String where)
      throws ProtocolException {
    return switch (marker) {
      case 'K' -> new OldTuple(OldTuple.Kind.KEY, Tuple.read(in));
      case 'O' -> new OldTuple(OldTuple.Kind.FULL, Tuple.read(in));
      default -> throw ProtocolException.unknownTag(where, marker);
    };
  }

  private static Truncate decodeTruncate(FieldReader in) throws ProtocolException {
    int count = in.readInt32("Truncate.relationCount");
    byte options = flags(in, CASCADE | RESTART_IDENTITY, "Truncate.options");
    if (count < 0 || count > in.remaining() / Integer.BYTES) {
      throw new ProtocolException(
          "Truncate.relationCount is %d, but %d bytes are left".formatted(count, in.remaining()));
    }
    List<Integer> relationOids = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      relationOids.add(in.readInt32("Truncate.relationOid"));
    }
    return new Truncate((options & CASCADE) != 0, (options & RESTART_IDENTITY) != 0, relationOids);
  }

  private static LogicalMessage decodeLogicalMessage(FieldReader in) throws ProtocolException {
    boolean transactional = flags(in, 1, "Message.flags") != 0;
    Lsn lsn = in.readLsn("Message.lsn");
    String prefix = in.readString("Message.prefix");
    int length = in.readLength("Message.length");
    var content = ElementValue.Bytes.copyOf(ByteBuffer.wrap(in.array(), in.position(), length));
    in.skip(length, "Message.content");
    return new LogicalMessage(transactional, lsn, prefix, content);
  }

  private static StreamStart decodeStreamStart(FieldReader in) throws ProtocolException {
    return new StreamStart(
        xid(in, "StreamStart.xid"), flags(in, 1, "StreamStart.firstSegment") != 0);
  }

  private static StreamCommit decodeStreamCommit(FieldReader in) throws ProtocolException {
    return new StreamCommit(
        xid(in, "StreamCommit.xid"),
        flags(in, 0, "StreamCommit.flags"),
        in.readLsn("StreamCommit.commitLsn"),
        in.readLsn("StreamCommit.endLsn"),
        in.readTimestamp("StreamCommit.committedAt"));
  }

  private static StreamAbort decodeStreamAbort(FieldReader in) throws ProtocolException {
    long xid = xid(in, "StreamAbort.xid");
    long subxid = xid(in, "StreamAbort.subxid");
    if (in.remaining() == 0) {
      return new StreamAbort(xid, subxid, null, null);
    }
    return new StreamAbort(
        xid, subxid, in.readLsn("StreamAbort.abortLsn"), in.readTimestamp("StreamAbort.abortedAt"));
  }

  /**
   * Reads a transaction's number, unsigned.
   *
   * @param field what the number is called, for errors
   * @throws ProtocolException when the message ends before
   */
  public static long xid(FieldReader in, String field) throws ProtocolException {
    return Integer.toUnsignedLong(in.readInt32(field));
  }

  /** A schema's name, for which the server sends nothing when it is {@code pg_catalog}. */
  private static String schema(FieldReader in, String field) throws ProtocolException {
    String schema = in.readString(field);
    return schema.isEmpty() ? "pg_catalog" : schema;
  }

  private static byte flags(FieldReader in, int known, String field) throws ProtocolException {
    byte flags = in.readByte(field);
    if ((flags & ~known) != 0) {
      throw new ProtocolException("%s has unknown bits, was 0x%02X".formatted(field, flags));
    }
    return flags;
  }
}
