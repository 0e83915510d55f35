package io.drasi.postgres.protocol.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The bytes of a server's messages, written by the manual and not by the code under test. */
public final class ServerMessages {
  private ServerMessages() {}

  /** A message: type, Int32 length that counts itself, body. */
  public static byte[] message(char type, byte[]... body) {
    byte[] content = concat(body);
    return concat(new byte[] {(byte) type}, int32(content.length + 4), content);
  }

  public static byte[] concat(byte[]... parts) {
    var out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  public static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits.replace(" ", ""));
  }

  public static byte[] int16(int value) {
    return ByteBuffer.allocate(2).putShort((short) value).array();
  }

  public static byte[] int32(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }

  public static byte[] int64(long value) {
    return ByteBuffer.allocate(8).putLong(value).array();
  }

  /** A string with its zero byte. */
  public static byte[] string(String text) {
    return concat(text.getBytes(UTF_8), new byte[1]);
  }

  /** An authentication request by its code. */
  public static byte[] authentication(int code, byte[]... data) {
    return message('R', int32(code), concat(data));
  }

  public static byte[] authenticationOk() {
    return authentication(0);
  }

  public static byte[] authenticationSasl(String... mechanisms) {
    var names = new ByteArrayOutputStream();
    for (String mechanism : mechanisms) {
      names.writeBytes(string(mechanism));
    }
    return authentication(10, names.toByteArray(), new byte[1]);
  }

  public static byte[] parameter(String name, String value) {
    return message('S', string(name), string(value));
  }

  public static byte[] keyData(int processId, int secretKey) {
    return message('K', int32(processId), int32(secretKey));
  }

  public static byte[] ready() {
    return message('Z', new byte[] {'I'});
  }

  /** All that follows AuthenticationOk in a start-up. */
  public static byte[] started(String version) {
    return concat(parameter("server_version", version), keyData(4711, 0x01020304), ready());
  }

  public static byte[] rowDescription(String... columns) {
    var fields = new ByteArrayOutputStream();
    for (String column : columns) {
      fields.writeBytes(concat(string(column), int32(0), int16(0), int32(25)));
      fields.writeBytes(concat(int16(-1), int32(-1), int16(0)));
    }
    return message('T', int16(columns.length), fields.toByteArray());
  }

  public static byte[] dataRow(@Nullable String... values) {
    var fields = new ByteArrayOutputStream();
    for (String value : values) {
      byte[] text = value == null ? new byte[0] : value.getBytes(UTF_8);
      fields.writeBytes(concat(int32(value == null ? -1 : text.length), text));
    }
    return message('D', int16(values.length), fields.toByteArray());
  }

  public static byte[] complete(String tag) {
    return message('C', string(tag));
  }

  /** RowDescription and one DataRow, up to ReadyForQuery. */
  public static byte[] oneRow(String[] columns, @Nullable String... values) {
    return concat(rowDescription(columns), dataRow(values), complete("SELECT 1"), ready());
  }

  public static byte[] error(String severity, String sqlState, String text) {
    return report('E', "V" + severity, "C" + sqlState, "M" + text);
  }

  public static byte[] notice(String text) {
    return report('N', "SNOTICE", "C00000", "M" + text);
  }

  /** ErrorResponse or NoticeResponse; each field is its code and its value. */
  public static byte[] report(char type, String... fields) {
    var content = new ByteArrayOutputStream();
    for (String field : fields) {
      content.writeBytes(string(field));
    }
    return message(type, content.toByteArray(), new byte[1]);
  }

  /** CopyOutResponse ('H') or CopyBothResponse ('W'), without columns. */
  public static byte[] copyResponse(char type) {
    return message(type, new byte[1], int16(0));
  }

  public static byte[] copyData(byte[]... content) {
    return message('d', content);
  }

  public static byte[] copyDone() {
    return message('c');
  }
}
