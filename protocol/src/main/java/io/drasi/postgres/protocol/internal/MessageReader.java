package io.drasi.postgres.protocol.internal;

import io.drasi.postgres.protocol.ConnectionException;
import io.drasi.postgres.protocol.ProtocolException;
import io.drasi.postgres.protocol.message.FieldReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;

/**
 * Cuts the server's bytes into messages: type byte, Int32 length that counts itself, body. Reads as
 * much as the socket has, and hands out messages where they lie.
 *
 * <p>Confined to the thread that reads the session.
 */
public final class MessageReader {
  private static final int BUFFER_BYTES = 128 * 1024;
  private static final int HEADER_BYTES = 5;

  /** The longest message of any type but CopyData and DataRow (libpq has the same idea). */
  private static final int MAX_SMALL_BODY_BYTES = 256 * 1024;

  private final InputStream in;
  private final FieldReader body = new FieldReader(new byte[0]);
  private byte[] buffer = new byte[BUFFER_BYTES];
  private int position;
  private int limit;

  /** A reader of this stream. */
  public MessageReader(InputStream in) {
    this.in = in;
  }

  /**
   * Waits for the next message.
   *
   * @return its type; {@link #body} gives what it holds, until the next call
   * @throws ProtocolException when the length is out of bounds
   * @throws ConnectionException when the connection ends, or is silent beyond the read timeout
   */
  public byte read() throws IOException {
    ensure(HEADER_BYTES);
    byte type = buffer[position];
    body.reset(buffer, position + 1, position + HEADER_BYTES);
    int length = body.readInt32("message.length") - 4;
    int most = type == 'd' || type == 'D' ? Integer.MAX_VALUE - 64 : MAX_SMALL_BODY_BYTES;
    if (length < 0 || length > most) {
      throw new ProtocolException(
          "the length of message %s must be from 4 to %d, was %d"
              .formatted(ProtocolException.printable(type), most, length + 4));
    }
    position += HEADER_BYTES;
    ensure(length);
    body.reset(buffer, position, position + length);
    position += length;
    return type;
  }

  /** The body of the message read last. */
  public FieldReader body() {
    return body;
  }

  /** Whether the start of another message is here already, so that reading may not have to wait. */
  public boolean hasBuffered() {
    return position < limit;
  }

  private void ensure(int needed) throws IOException {
    if (limit - position >= needed) {
      return;
    }
    makeRoom(needed);
    while (limit - position < needed) {
      int count = readSome();
      if (count < 0) {
        throw new ConnectionException("the server closed the connection", null);
      }
      limit += count;
    }
  }

  private int readSome() throws IOException {
    try {
      return in.read(buffer, limit, buffer.length - limit);
    } catch (SocketTimeoutException e) {
      throw new ConnectionException("the server was silent for too long", e);
    } catch (IOException e) {
      throw new ConnectionException("the connection broke: " + e.getMessage(), e);
    }
  }

  /** Moves what is unread to the front; a large message gets a buffer that goes when it is done. */
  private void makeRoom(int needed) {
    int unread = limit - position;
    byte[] target = buffer;
    if (needed > buffer.length) {
      target = new byte[needed];
    } else if (buffer.length > BUFFER_BYTES && needed <= BUFFER_BYTES && unread <= BUFFER_BYTES) {
      target = new byte[BUFFER_BYTES];
    }
    System.arraycopy(buffer, position, target, 0, unread);
    buffer = target;
    position = 0;
    limit = unread;
  }
}
