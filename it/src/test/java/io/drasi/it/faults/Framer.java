package io.drasi.it.faults;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Cuts one direction of a connection into messages: start-up packets, messages with a type, the
 * single byte that answers the request for TLS, records of TLS.
 *
 * <p>Confined to the thread that reads that direction; what both directions have to know is in the
 * {@link Conversation}.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html">Manual,
 *     Message Formats</a>
 */
final class Framer {
  private static final int SSL_REQUEST = 80877103;
  private static final int CANCEL_REQUEST = 80877102;

  private final DataInputStream in;
  private final Direction direction;
  private final Conversation conversation;
  private int saslMessages;

  Framer(DataInputStream in, Direction direction, Conversation conversation) {
    this.in = in;
    this.direction = direction;
    this.conversation = conversation;
  }

  /** The next message; empty at the end of the stream, wherever that comes. */
  Optional<Frame> next() throws IOException {
    try {
      int first = in.read();
      return first < 0 ? Optional.empty() : Optional.of(read(first));
    } catch (EOFException e) {
      return Optional.empty();
    }
  }

  private Frame read(int first) throws IOException {
    if (conversation.encrypted) {
      return tlsRecord(first);
    }
    return direction == Direction.TO_SERVER ? fromClient(first) : fromServer(first);
  }

  private Frame tlsRecord(int first) throws IOException {
    byte[] head = new byte[4];
    in.readFully(head);
    int length = ByteBuffer.wrap(head).getShort(2) & 0xFFFF;
    ByteBuffer all = ByteBuffer.allocate(5 + length).put((byte) first).put(head);
    in.readFully(all.array(), 5, length);
    String name =
        switch (first) {
          case 20 -> "ChangeCipherSpec";
          case 21 -> "Alert";
          case 22 -> "Handshake";
          default -> "ApplicationData";
        };
    return new Frame(name, all.array());
  }

  private Frame fromClient(int first) throws IOException {
    if (conversation.started) {
      byte[] message = typed(first);
      return new Frame(nameFromClient(message), message);
    }
    byte[] rest = new byte[3];
    in.readFully(rest);
    int length = ByteBuffer.allocate(4).put((byte) first).put(rest).getInt(0);
    ByteBuffer all = ByteBuffer.allocate(length).putInt(length);
    in.readFully(all.array(), 4, length - 4);
    int code = all.getInt(4);
    if (code == SSL_REQUEST) {
      conversation.asked = true;
      return new Frame("SSLRequest", all.array());
    }
    conversation.started = true;
    if (code == CANCEL_REQUEST) {
      conversation.role = Role.CANCEL;
      return new Frame("CancelRequest", all.array());
    }
    conversation.role = Role.of(new String(all.array(), StandardCharsets.UTF_8));
    return new Frame("StartupMessage", all.array());
  }

  private Frame fromServer(int first) throws IOException {
    if (conversation.asked) {
      conversation.asked = false;
      if (first == 'S') {
        conversation.encrypted = true;
        conversation.role = Role.TLS;
      }
      return new Frame("SSLAnswer", new byte[] {(byte) first});
    }
    byte[] message = typed(first);
    if (first == 'W') {
      conversation.streams = true;
    }
    return new Frame(nameFromServer(message), message);
  }

  private byte[] typed(int first) throws IOException {
    int length = in.readInt();
    ByteBuffer all = ByteBuffer.allocate(1 + length).put((byte) first).putInt(length);
    in.readFully(all.array(), 5, length - 4);
    return all.array();
  }

  private String nameFromClient(byte[] message) {
    return switch (message[0]) {
      case 'p' -> saslMessages++ == 0 ? "SASLInitialResponse" : "SASLResponse";
      case 'Q' -> "Query." + firstWord(message);
      case 'd' -> "CopyData.StandbyStatusUpdate";
      case 'c' -> "CopyDone";
      case 'X' -> "Terminate";
      default -> "" + (char) message[0];
    };
  }

  private static String firstWord(byte[] message) {
    String sql = new String(message, 5, message.length - 6, StandardCharsets.UTF_8).strip();
    return sql.split("\\W", 2)[0];
  }

  private String nameFromServer(byte[] message) {
    return switch (message[0]) {
      case 'R' -> nameOfAuthentication(ByteBuffer.wrap(message).getInt(5));
      case 'S' -> "ParameterStatus";
      case 'K' -> "BackendKeyData";
      case 'Z' -> "ReadyForQuery";
      case 'T' -> "RowDescription";
      case 'D' -> "DataRow";
      case 'C' -> "CommandComplete";
      case 'E' -> "ErrorResponse";
      case 'N' -> "NoticeResponse";
      case 'W' -> "CopyBothResponse";
      case 'H' -> "CopyOutResponse";
      case 'c' -> "CopyDone";
      case 'd' -> conversation.streams ? nameOfStreamed(message) : "CopyData.Row";
      default -> "" + (char) message[0];
    };
  }

  private static String nameOfAuthentication(int code) {
    return switch (code) {
      case 0 -> "AuthenticationOk";
      case 10 -> "AuthenticationSASL";
      case 11 -> "AuthenticationSASLContinue";
      case 12 -> "AuthenticationSASLFinal";
      default -> "Authentication." + code;
    };
  }

  private static String nameOfStreamed(byte[] message) {
    return message[5] == 'k'
        ? "CopyData.Keepalive"
        : "CopyData.XLogData." + PgOutputTag.name(message[30]);
  }
}
