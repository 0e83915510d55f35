package io.drasi.postgres.protocol.message;

import io.drasi.postgres.protocol.message.BackendMessage.AuthenticationCleartextPassword;
import io.drasi.postgres.protocol.message.BackendMessage.AuthenticationMd5Password;
import io.drasi.postgres.protocol.message.BackendMessage.AuthenticationOk;
import io.drasi.postgres.protocol.message.BackendMessage.AuthenticationOther;
import io.drasi.postgres.protocol.message.BackendMessage.AuthenticationSasl;
import io.drasi.postgres.protocol.message.BackendMessage.AuthenticationSaslContinue;
import io.drasi.postgres.protocol.message.BackendMessage.AuthenticationSaslFinal;
import io.drasi.postgres.protocol.message.BackendMessage.BackendKeyData;
import io.drasi.postgres.protocol.message.BackendMessage.CommandComplete;
import io.drasi.postgres.protocol.message.BackendMessage.CopyDone;
import io.drasi.postgres.protocol.message.BackendMessage.CopyResponse;
import io.drasi.postgres.protocol.message.BackendMessage.DataRow;
import io.drasi.postgres.protocol.message.BackendMessage.EmptyQueryResponse;
import io.drasi.postgres.protocol.message.BackendMessage.ErrorResponse;
import io.drasi.postgres.protocol.message.BackendMessage.NegotiateProtocolVersion;
import io.drasi.postgres.protocol.message.BackendMessage.NoticeResponse;
import io.drasi.postgres.protocol.message.BackendMessage.NotificationResponse;
import io.drasi.postgres.protocol.message.BackendMessage.ParameterStatus;
import io.drasi.postgres.protocol.message.BackendMessage.ReadyForQuery;
import io.drasi.postgres.protocol.message.BackendMessage.RowDescription;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Decodes the messages of the server. Bytes in, value out; strict; no state. */
public final class BackendMessageDecoder {
  private BackendMessageDecoder() {}

  /**
   * Decodes one message.
   *
   * @param type its type byte
   * @param in its body, all of which must be used up
   * @throws ProtocolException when it is malformed, or of a type no server sends here
   */
  public static BackendMessage decode(byte type, FieldReader in) throws ProtocolException {
    BackendMessage message =
        switch (type) {
          case 'R' -> decodeAuthentication(in);
          case 'K' ->
              new BackendKeyData(
                  in.readInt32("BackendKeyData.processId"),
                  in.readInt32("BackendKeyData.secretKey"));
          case 'S' ->
              new ParameterStatus(
                  in.readString("ParameterStatus.name"), in.readString("ParameterStatus.value"));
          case 'v' -> decodeNegotiation(in);
          case 'Z' -> decodeReady(in);
          case 'T' -> decodeRowDescription(in);
          case 'D' -> decodeDataRow(in);
          case 'C' -> new CommandComplete(in.readString("CommandComplete.tag"));
          case 'I' -> new EmptyQueryResponse();
          case 'G' -> decodeCopyResponse(CopyResponse.Direction.IN, in);
          case 'H' -> decodeCopyResponse(CopyResponse.Direction.OUT, in);
          case 'W' -> decodeCopyResponse(CopyResponse.Direction.BOTH, in);
          case 'c' -> new CopyDone();
          case 'E' -> new ErrorResponse(decodeReport("ErrorResponse", in));
          case 'N' -> new NoticeResponse(decodeReport("NoticeResponse", in));
          case 'A' ->
              new NotificationResponse(
                  in.readInt32("NotificationResponse.processId"),
                  in.readString("NotificationResponse.channel"),
                  in.readString("NotificationResponse.payload"));
          default -> throw ProtocolException.unknownTag("server message", type);
        };
    in.finish(message.getClass().getSimpleName());
    return message;
  }

  private static BackendMessage decodeAuthentication(FieldReader in) throws ProtocolException {
    int code = in.readInt32("Authentication.code");
    return switch (code) {
      case 0 -> new AuthenticationOk();
      case 3 -> new AuthenticationCleartextPassword();
      case 5 -> {
        in.skip(4, "AuthenticationMD5Password.salt");
        yield new AuthenticationMd5Password();
      }
      case 10 -> decodeMechanisms(in);
      case 11 ->
          new AuthenticationSaslContinue(
              in.readBytes(in.remaining(), "AuthenticationSASLContinue.challenge"));
      case 12 ->
          new AuthenticationSaslFinal(
              in.readBytes(in.remaining(), "AuthenticationSASLFinal.outcome"));
      default -> {
        in.skip(in.remaining(), "Authentication.data");
        yield new AuthenticationOther(code);
      }
    };
  }

  private static AuthenticationSasl decodeMechanisms(FieldReader in) throws ProtocolException {
    List<String> mechanisms = new ArrayList<>();
    String name = in.readString("AuthenticationSASL.mechanism");
    while (!name.isEmpty()) {
      mechanisms.add(name);
      name = in.readString("AuthenticationSASL.mechanism");
    }
    return new AuthenticationSasl(mechanisms);
  }

  private static NegotiateProtocolVersion decodeNegotiation(FieldReader in)
      throws ProtocolException {
    int minor = in.readInt32("NegotiateProtocolVersion.minorVersion");
    int count = in.readInt32("NegotiateProtocolVersion.optionCount");
    if (count < 0 || count > in.remaining()) {
      throw new ProtocolException(
          "NegotiateProtocolVersion.optionCount is out of bounds: " + count);
    }
    List<String> options = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      options.add(in.readString("NegotiateProtocolVersion.option"));
    }
    return new NegotiateProtocolVersion(minor, options);
  }

  private static ReadyForQuery decodeReady(FieldReader in) throws ProtocolException {
    byte status = in.readByte("ReadyForQuery.transactionStatus");
    if (status != 'I' && status != 'T' && status != 'E') {
      throw new ProtocolException(
          "ReadyForQuery.transactionStatus must be I, T or E, was "
              + ProtocolException.printable(status));
    }
    return new ReadyForQuery(status);
  }

  private static RowDescription decodeRowDescription(FieldReader in) throws ProtocolException {
    int count = in.readCount("RowDescription.columnCount");
    List<RowDescription.Column> columns = new ArrayList<>(Math.min(count, in.remaining()));
    for (int i = 0; i < count; i++) {
      String name = in.readString("RowDescription.name");
      in.skip(6, "RowDescription.tableColumn");
      int typeOid = in.readInt32("RowDescription.typeOid");
      in.skip(8, "RowDescription.typeSizeModifierFormat");
      columns.add(new RowDescription.Column(name, typeOid));
    }
    return new RowDescription(columns);
  }

  private static DataRow decodeDataRow(FieldReader in) throws ProtocolException {
    int count = in.readCount("DataRow.columnCount");
    List<@Nullable String> values = new ArrayList<>(Math.min(count, in.remaining()));
    for (int i = 0; i < count; i++) {
      int length = in.readInt32("DataRow.length");
      values.add(length == -1 ? null : in.readText(length, "DataRow.value"));
    }
    return new DataRow(Collections.unmodifiableList(values));
  }

  private static CopyResponse decodeCopyResponse(CopyResponse.Direction direction, FieldReader in)
      throws ProtocolException {
    byte format = in.readByte("CopyResponse.format");
    if (format != 0 && format != 1) {
      throw new ProtocolException("CopyResponse.format must be 0 or 1, was " + format);
    }
    int columns = in.readCount("CopyResponse.columnCount");
    in.skip(2 * columns, "CopyResponse.columnFormats");
    return new CopyResponse(direction, format == 1, columns);
  }

  /** Until the session is up, a server writes its errors in an encoding of its own. */
  private static ServerReport decodeReport(String message, FieldReader in)
      throws ProtocolException {
    Map<Character, String> fields = new HashMap<>();
    byte code = in.readByte(message + ".code");
    while (code != 0) {
      fields.put((char) (code & 0xFF), in.readStringLeniently(message + ".value"));
      code = in.readByte(message + ".code");
    }
    return new ServerReport(fields);
  }
}
