package io.drasi.source.postgres.testing;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Messages of the output plugin, written by hand; the tables have the columns {@code id} and {@code
 * name}.
 */
public final class PgOutput {
  /** The OID of {@code users}. */
  public static final int USERS = 16_400;

  /** The OID of {@code orders}. */
  public static final int ORDERS = 16_500;

  private static final int INT8 = 20;
  private static final int TEXT = 25;

  private PgOutput() {}

  private interface Body {
    void write(DataOutputStream out) throws IOException;
  }

  private static byte[] message(char type, Body body) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      out.writeByte(type);
      body.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.writeByte(0);
  }

  /** Begin. */
  public static byte[] begin(long commitLsn, int xid) {
    return message(
        'B',
        out -> {
          out.writeLong(commitLsn);
          out.writeLong(0);
          out.writeInt(xid);
        });
  }

  /** Commit; its record takes one byte. */
  public static byte[] commit(long commitLsn) {
    return message(
        'C',
        out -> {
          out.writeByte(0);
          out.writeLong(commitLsn);
          out.writeLong(commitLsn + 1);
          out.writeLong(0);
        });
  }

  /** Stream Start. */
  public static byte[] streamStart(int xid, boolean first) {
    return message(
        'S',
        out -> {
          out.writeInt(xid);
          out.writeBoolean(first);
        });
  }

  /** Stream Stop. */
  public static byte[] streamStop() {
    return message('E', out -> {});
  }

  /** Stream Commit; its record takes one byte. */
  public static byte[] streamCommit(int xid, long commitLsn) {
    return message(
        'c',
        out -> {
          out.writeInt(xid);
          out.writeByte(0);
          out.writeLong(commitLsn);
          out.writeLong(commitLsn + 1);
          out.writeLong(0);
        });
  }

  /** Stream Abort. */
  public static byte[] streamAbort(int xid, int subxid) {
    return message(
        'A',
        out -> {
          out.writeInt(xid);
          out.writeInt(subxid);
        });
  }

  /** A message as it stands in a block: with the number of its subtransaction. */
  public static byte[] inBlock(int xid, byte[] message) {
    return message(
        (char) message[0],
        out -> {
          out.writeInt(xid);
          out.write(message, 1, message.length - 1);
        });
  }

  /** Relation: {@code users} with its primary key {@code id}, under REPLICA IDENTITY DEFAULT. */
  public static byte[] relation() {
    return relation('d');
  }

  /** Relation: {@code users} under a replica identity. */
  public static byte[] relation(char identity) {
    return relation(USERS, "users", identity, "name");
  }

  /** Relation: {@code orders} with its primary key {@code id}, under REPLICA IDENTITY DEFAULT. */
  public static byte[] orders() {
    return relation(ORDERS, "orders", 'd', "name");
  }

  /** Relation: a table under a replica identity, whose second column has this name. */
  public static byte[] relation(int oid, String table, char identity, String secondColumn) {
    return message(
        'R',
        out -> {
          out.writeInt(oid);
          text(out, "public");
          text(out, table);
          out.writeByte(identity);
          out.writeShort(2);
          column(out, identity == 'd', "id", INT8);
          column(out, false, secondColumn, TEXT);
        });
  }

  private static void column(DataOutputStream out, boolean key, String name, int type)
      throws IOException {
    out.writeByte(key ? 1 : 0);
    text(out, name);
    out.writeInt(type);
    out.writeInt(-1);
  }

  /** Insert into {@code users}. */
  public static byte[] insert(long id, String name) {
    return insert(USERS, id, name);
  }

  /** Insert into a table. */
  public static byte[] insert(int oid, long id, String name) {
    return message(
        'I',
        out -> {
          out.writeInt(oid);
          out.writeByte('N');
          out.writeShort(2);
          for (String value : List.of(Long.toString(id), name)) {
            byte[] text = value.getBytes(StandardCharsets.UTF_8);
            out.writeByte('t');
            out.writeInt(text.length);
            out.write(text);
          }
        });
  }
}
