package io.drasi.source.postgres.testing;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The messages of a server, as bytes. */
public final class Backend {
  private static final int TEXT_OID = 25;

  private Backend() {}

  private interface Body {
    void write(DataOutputStream out) throws IOException;
  }

  private static byte[] message(char type, Body body) {
    var content = new ByteArrayOutputStream();
    var message = new ByteArrayOutputStream();
    try (var in = new DataOutputStream(content);
        var out = new DataOutputStream(message)) {
      body.write(in);
      out.writeByte(type);
      out.writeInt(content.size() + 4);
      content.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return message.toByteArray();
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.writeByte(0);
  }

  /** Several messages, one after the other. */
  public static byte[] all(byte[]... messages) {
    var all = new ByteArrayOutputStream();
    Arrays.stream(messages).forEach(all::writeBytes);
    return all.toByteArray();
  }

  /** AuthenticationOk, what the server is, ReadyForQuery. */
  public static byte[] welcome(String serverVersion) {
    return all(
        message('R', out -> out.writeInt(0)),
        message(
            'S',
            out -> {
              text(out, "server_version");
              text(out, serverVersion);
            }),
        readyForQuery());
  }

  /** ReadyForQuery. */
  public static byte[] readyForQuery() {
    return message('Z', out -> out.writeByte('I'));
  }

  /** ErrorResponse. */
  public static byte[] error(String sqlState, String text) {
    return message('E', out -> report(out, "ERROR", sqlState, text));
  }

  /** NoticeResponse. */
  public static byte[] warning(String sqlState, String text) {
    return message('N', out -> report(out, "WARNING", sqlState, text));
  }

  private static void report(DataOutputStream out, String severity, String sqlState, String text)
      throws IOException {
    text(out, "V" + severity);
    text(out, "C" + sqlState);
    text(out, "M" + text);
    out.writeByte(0);
  }

  /** CommandComplete. */
  public static byte[] complete(String tag) {
    return message('C', out -> text(out, tag));
  }

  /** A result of a query, whole. */
  public static byte[] rows(List<String> columns, List<List<@Nullable String>> rows) {
    var all = new ByteArrayOutputStream();
    all.writeBytes(
        message(
            'T',
            out -> {
              out.writeShort(columns.size());
              for (String column : columns) {
                text(out, column);
                out.writeInt(0);
                out.writeShort(0);
                out.writeInt(TEXT_OID);
                out.writeShort(-1);
                out.writeInt(-1);
                out.writeShort(0);
              }
            }));
    rows.forEach(row -> all.writeBytes(message('D', out -> values(out, row))));
    all.writeBytes(complete("SELECT " + rows.size()));
    return all.toByteArray();
  }

  private static void values(DataOutputStream out, List<@Nullable String> row) throws IOException {
    out.writeShort(row.size());
    for (String value : row) {
      if (value == null) {
        out.writeInt(-1);
      } else {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
      }
    }
  }

  /** CopyBothResponse. */
  public static byte[] copyBoth() {
    return message(
        'W',
        out -> {
          out.writeByte(0);
          out.writeShort(0);
        });
  }

  /** CopyData with XLogData. */
  public static byte[] xlogData(long lsn, byte[] payload) {
    return message(
        'd',
        out -> {
          out.writeByte('w');
          out.writeLong(lsn);
          out.writeLong(lsn);
          out.writeLong(0);
          out.write(payload);
        });
  }

  /** CopyData with a keepalive. */
  public static byte[] keepalive(long walEnd, boolean replyRequested) {
    return message(
        'd',
        out -> {
          out.writeByte('k');
          out.writeLong(walEnd);
          out.writeLong(0);
          out.writeByte(replyRequested ? 1 : 0);
        });
  }
}
