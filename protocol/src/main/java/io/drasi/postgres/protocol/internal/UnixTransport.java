package io.drasi.postgres.protocol.internal;

import io.drasi.postgres.protocol.ConnectionException;
import io.drasi.postgres.protocol.ServerAddress;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a Unix-domain socket. Java gives it no read timeout, so it is read and written
 * without blocking, and two selectors wait, one for each direction.
 */
final class UnixTransport implements Transport {
  private final SocketChannel channel;
  private final Selector readable;
  private final Selector writable;
  private volatile long readTimeoutMillis;

  private UnixTransport(SocketChannel channel) throws IOException {
    this.channel = channel;
    channel.configureBlocking(false);
    this.readable = Selector.open();
    this.writable = Selector.open();
    channel.register(readable, SelectionKey.OP_READ);
    channel.register(writable, SelectionKey.OP_WRITE);
  }

  /**
   * Connects.
   *
   * @param giveUp can close it as soon as it is there; to connect never waits
   * @throws ConnectionException when there is no such socket, or nobody listens
   */
  static UnixTransport connect(ServerAddress server, GiveUp giveUp) throws ConnectionException {
    @Nullable SocketChannel channel = null;
    try {
      channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      channel.connect(UnixDomainSocketAddress.of(server.socketFile()));
      var transport = new UnixTransport(channel);
      giveUp.covers(transport::close);
      return transport;
    } catch (IOException | UnsupportedOperationException e) {
      closeQuietly(channel);
      throw new ConnectionException(
          "no connection to %s: %s; check host, port and unix_socket_directories"
              .formatted(server, e.getMessage()),
          e);
    }
  }

  private static void closeQuietly(@Nullable AutoCloseable opened) {
    if (opened != null) {
      try {
        opened.close();
      } catch (Exception e) {
        assert e instanceof IOException : e; // nothing is left to be done
      }
    }
  }

  @Override
  public InputStream input() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
      }

      @Override
      public int read(byte[] bytes, int start, int length) throws IOException {
        return receive(ByteBuffer.wrap(bytes, start, length));
      }
    };
  }

  @Override
  public OutputStream output() {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int start, int length) throws IOException {
        send(ByteBuffer.wrap(bytes, start, length));
      }
    };
  }

  private int receive(ByteBuffer target) throws IOException {
    if (!target.hasRemaining()) {
      return 0;
    }
    int count = channel.read(target);
    while (count == 0) {
      if (await(readable, readTimeoutMillis) == 0) {
        throw new SocketTimeoutException("Read timed out");
      }
      count = channel.read(target);
    }
    return count;
  }

  private void send(ByteBuffer source) throws IOException {
    while (source.hasRemaining()) {
      if (channel.write(source) == 0) {
        await(writable, 0);
      }
    }
  }

  /** Waits; an end of this transport, and an interrupt, end the waiting with an exception. */
  private static int await(Selector selector, long timeoutMillis) throws IOException {
    try {
      int ready = selector.select(timeoutMillis);
      selector.selectedKeys().clear();
      if (!selector.isOpen()) {
        throw new ClosedChannelException();
      }
      if (ready == 0 && Thread.currentThread().isInterrupted()) {
        throw new IOException("interrupted");
      }
      return ready;
    } catch (ClosedSelectorException e) {
      throw new IOException("Socket closed", e);
    }
  }

  @Override
  public Optional<SSLSession> tls() {
    return Optional.empty();
  }

  @Override
  public boolean isPrivate() {
    return true;
  }

  @Override
  public @Nullable InetAddress remoteAddress() {
    return null;
  }

  @Override
  public boolean leavesThisMachine() {
    return false;
  }

  @Override
  public void setReadTimeout(Duration timeout) {
    readTimeoutMillis = timeout.plusNanos(999_999).toMillis();
  }

  @Override
  public void close() {
    closeQuietly(channel);
    closeQuietly(readable);
    closeQuietly(writable);
  }
}
