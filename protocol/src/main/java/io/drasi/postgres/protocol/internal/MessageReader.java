package io.drasi.postgres.protocol.internal;

import io.drasi.postgres.protocol.ConnectionException;
import io.drasi.postgres.protocol.message.FieldReader;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * Cuts the server's bytes into messages: type byte, Int32 length that counts itself, body. Reads as
 * much as the socket has, and hands out messages where they lie.
 *
 * <p>Confined to the thread that reads the session.
 */
public final class MessageReader {
  private static final int BUFFER_BYTES = 128 * 1024;
  static final int HEADER_BYTES = 5;

  /** What a server can build at all: MaxAllocSize in its memutils.h. */
  private static final int MAX_BODY_BYTES = 1 << 30;

  /** What holds a text for people, which may quote much. */
  private static final int MAX_REPORT_BODY_BYTES = 16 * 1024 * 1024;

  /** Everything else (libpq has the same idea). */
  private static final int MAX_SMALL_BODY_BYTES = 256 * 1024;

  /**
   * So fast a message that has begun has to come, within each read timeout. A server sends a
   * message at one go; where its length was damaged on the way, what follows would be taken for the
   * rest of it, a keepalive now and then, and the connection never seem silent.
   */
  private static final long LEAST_BYTES_PER_SECOND = 4096;

  private final InputStream in;
  private final LongSupplier nanoTime;
  private final Pace pace = new Pace();
  private final FieldReader body = new FieldReader(new byte[0]);
  private byte[] buffer = new byte[BUFFER_BYTES];
  private int position;
  private int limit;
  private long readTimeoutNanos;

  /** A reader of this stream. */
  public MessageReader(InputStream in) {
    this(in, System::nanoTime);
  }

  MessageReader(InputStream in, LongSupplier nanoTime) {
    this.in = in;
    this.nanoTime = nanoTime;
  }

  /** How long a read of the stream may wait; zero is for ever. */
  void setReadTimeout(Duration timeout) {
    readTimeoutNanos = timeout.toNanos();
  }

  /**
   * Waits for the next message.
   *
   * @return its type; {@link #body} gives what it holds, until the next call
   * @throws ProtocolException when the length is out of bounds
   * @throws ConnectionException when the connection ends, or is silent beyond the read timeout
   */
  public byte read() throws IOException {
    return read(MAX_BODY_BYTES);
  }

  /** As {@link #read()}, where no message has a body of more than so many bytes. */
  public byte read(int longest) throws IOException {
    ensure(HEADER_BYTES);
    byte type = buffer[position];
    body.reset(buffer, position + 1, position + HEADER_BYTES);
    int length = body.readInt32("message.length");
    int most = 4 + Math.min(longest, maxBodyBytes(type));
    if (length < 4 || length > most) {
      throw new ProtocolException(
          "the length of message %s must be from 4 to %d, was %d"
              .formatted(ProtocolException.printable(type), most, length));
    }
    position += HEADER_BYTES;
    ensure(length - 4);
    body.reset(buffer, position, position + length - 4);
    position += length - 4;
    return type;
  }

  /** Waits for the first byte of the next message. */
  public void awaitMessage() throws ConnectionException {
    ensure(1);
  }

  private static int maxBodyBytes(byte type) {
    return switch (type) {
      case 'd', 'D' -> MAX_BODY_BYTES;
      case 'E', 'N' -> MAX_REPORT_BODY_BYTES;
      default -> MAX_SMALL_BODY_BYTES;
    };
  }

  /** The body of the message read last. */
  public FieldReader body() {
    return body;
  }

  private void ensure(int needed) throws ConnectionException {
    if (limit - position >= needed) {
      return;
    }
    makeRoom(needed);
    long since = nanoTime.getAsLong();
    int before = limit;
    while (limit < needed) {
      if (limit == buffer.length) {
        grow(needed);
      }
      int count = readSome();
      if (count < 0) {
        throw new ConnectionException("the server closed the connection", null);
      }
      limit += count;
      if (needed > HEADER_BYTES && isOver(since)) {
        requireFlow(needed, limit - before);
        since = nanoTime.getAsLong();
        before = limit;
      }
    }
  }

  private boolean isOver(long since) {
    return readTimeoutNanos > 0 && nanoTime.getAsLong() - since > readTimeoutNanos;
  }

  private void requireFlow(int needed, int count) throws ConnectionException {
    if (limit < needed && count < LEAST_BYTES_PER_SECOND * readTimeoutNanos / 1_000_000_000) {
      throw new ConnectionException(
          "a message of %d bytes came to a standstill after %d".formatted(needed, limit), null);
    }
  }

  private int readSome() throws ConnectionException {
    try {
      pace.beforeRead();
      int count = in.read(buffer, limit, buffer.length - limit);
      pace.afterRead(count);
      return count;
    } catch (SocketTimeoutException e) {
      throw new ConnectionException("the server was silent for too long", e);
    } catch (IOException e) {
      throw new ConnectionException("the connection broke: " + e.getMessage(), e);
    }
  }

  /** Moves what is unread to the front, and gives back what a large message took. */
  private void makeRoom(int needed) {
    int unread = limit - position;
    byte[] target = buffer;
    if (buffer.length > BUFFER_BYTES && needed <= BUFFER_BYTES) {
      target = new byte[BUFFER_BYTES];
    }
    System.arraycopy(buffer, position, target, 0, unread);
    buffer = target;
    position = 0;
    limit = unread;
  }

  /** Doubles the buffer: what a length claims is taken only as its bytes come. */
  private void grow(int needed) {
    buffer = Arrays.copyOf(buffer, (int) Math.min(needed, 2L * buffer.length));
  }
}
