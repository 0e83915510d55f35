package io.drasi.postgres.protocol.internal;

import io.drasi.postgres.protocol.ConnectionException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes the client's messages, each at once and whole.
 *
 * <p>Thread-safe: guarded by {@code lock}, which is held over the write, so that messages of two
 * threads do not mix.
 */
public final class MessageWriter {
  private static final int PROTOCOL_3_0 = 3 << 16;
  private static final int CANCEL_REQUEST = (1234 << 16) | 5678;
  private static final int SSL_REQUEST = (1234 << 16) | 5679;

  private final ReentrantLock lock = new ReentrantLock();
  private final OutputStream out;

  /** A writer to this stream. */
  public MessageWriter(OutputStream out) {
    this.out = out;
  }

  void startUp(Map<String, String> parameters) throws IOException {
    int size = 4 + 4 + 1;
    for (Map.Entry<String, String> parameter : parameters.entrySet()) {
      size += utf8(parameter.getKey()).length + utf8(parameter.getValue()).length + 2;
    }
    ByteBuffer message = ByteBuffer.allocate(size).putInt(size).putInt(PROTOCOL_3_0);
    parameters.forEach(
        (name, value) -> message.put(utf8(name)).put((byte) 0).put(utf8(value)).put((byte) 0));
    write(message.put((byte) 0).array());
  }

  void sslRequest() throws IOException {
    write(ByteBuffer.allocate(8).putInt(8).putInt(SSL_REQUEST).array());
  }

  void cancelRequest(int processId, int secretKey) throws IOException {
    write(
        ByteBuffer.allocate(16)
            .putInt(16)
            .putInt(CANCEL_REQUEST)
            .putInt(processId)
            .putInt(secretKey)
            .array());
  }

  /** PasswordMessage; the array is wiped. */
  void password(byte[] utf8) throws IOException {
    byte[] message =
        ByteBuffer.allocate(utf8.length + 6)
            .put((byte) 'p')
            .putInt(utf8.length + 5)
            .put(utf8)
            .put((byte) 0)
            .array();
    try {
      write(message);
    } finally {
      Arrays.fill(message, (byte) 0);
      Arrays.fill(utf8, (byte) 0);
    }
  }

  void saslInitialResponse(String mechanism, byte[] response) throws IOException {
    byte[] name = utf8(mechanism);
    write(
        message('p', name.length + 1 + 4 + response.length)
            .put(name)
            .put((byte) 0)
            .putInt(response.length)
            .put(response)
            .array());
  }

  void saslResponse(byte[] response) throws IOException {
    write(message('p', response.length).put(response).array());
  }

  /** Query. */
  public void query(String sql) throws IOException {
    byte[] text = utf8(sql);
    write(message('Q', text.length + 1).put(text).put((byte) 0).array());
  }

  /** CopyData. */
  public void copyData(byte[] content) throws IOException {
    write(message('d', content.length).put(content).array());
  }

  /** CopyDone. */
  public void copyDone() throws IOException {
    write(message('c', 0).array());
  }

  /** Terminate. */
  public void terminate() throws IOException {
    write(message('X', 0).array());
  }

  /** Terminate, where no other thread is writing, who might have to wait for the peer. */
  public void terminateUnlessWriting() throws IOException {
    if (lock.tryLock()) {
      try {
        terminate();
      } finally {
        lock.unlock();
      }
    }
  }

  private static ByteBuffer message(char type, int bodyLength) {
    return ByteBuffer.allocate(bodyLength + 5).put((byte) type).putInt(bodyLength + 4);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void write(byte[] message) throws IOException {
    lock.lock();
    try {
      out.write(message);
      out.flush();
    } catch (IOException e) {
      throw new ConnectionException("the connection broke: " + e.getMessage(), e);
    } finally {
      lock.unlock();
    }
  }
}
