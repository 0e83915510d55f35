package io.drasi.postgres.protocol.internal;

import io.drasi.postgres.protocol.ConnectionConfig;
import io.drasi.postgres.protocol.ConnectionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * The bytes to and from a server, in clear or through TLS.
 *
 * <p>Thread-safe to close; reading and writing are each for one thread at a time.
 */
public final class Transport implements AutoCloseable {
  private final Socket tcp;
  private final Socket socket;

  /** A transport over {@code socket}, which is {@code tcp} itself or a TLS layer upon it. */
  Transport(Socket tcp, Socket socket) {
    this.tcp = tcp;
    this.socket = socket;
  }

  /**
   * Connects in clear. The name is resolved anew at each call. Reads wait for ever: whoever begins
   * with the connection sets a {@link Deadline}.
   *
   * @param opening is given what closes the socket, before it connects
   * @throws ConnectionException when the name is unknown or nobody answers
   */
  @SuppressWarnings("AddressSelection") // one address after another is a host list's business
  static Transport connect(ConnectionConfig config, Consumer<Runnable> opening)
      throws ConnectionException {
    var address = new InetSocketAddress(config.host(), config.port());
    if (address.isUnresolved()) {
      throw new ConnectionException(
          "the host name %s cannot be resolved; check the option host".formatted(config.host()),
          new UnknownHostException(config.host()));
    }
    var tcp = new Socket();
    opening.accept(() -> closeQuietly(tcp));
    try {
      tcp.setTcpNoDelay(true);
      KeepAlive.establish(tcp);
      tcp.connect(address, Math.toIntExact(config.connectTimeout().toMillis()));
      return new Transport(tcp, tcp);
    } catch (IOException e) {
      closeQuietly(tcp);
      throw new ConnectionException(
          "no connection to %s: %s; check host, port, listen_addresses and the firewall"
              .formatted(config.address(), describe(e)),
          e);
    }
  }

  private static String describe(IOException e) {
    return e instanceof SocketTimeoutException
        ? "no answer in time"
        : String.valueOf(e.getMessage());
  }

  /** The TCP socket, beneath TLS if there is any. */
  Socket tcp() {
    return tcp;
  }

  /** The socket the bytes go through. */
  Socket socket() {
    return socket;
  }

  InputStream input() throws IOException {
    return socket.getInputStream();
  }

  OutputStream output() throws IOException {
    return socket.getOutputStream();
  }

  /** How long a read may wait for the next byte; zero is for ever. Whole milliseconds, upwards. */
  void setReadTimeout(Duration timeout) throws SocketException {
    tcp.setSoTimeout(Math.toIntExact(timeout.plusNanos(999_999).toMillis()));
  }

  /** Closes the TCP socket: whoever reads or writes gets an exception, at once. */
  @Override
  public void close() {
    closeQuietly(tcp);
  }

  /** Closing a socket can only fail in ways that leave nothing to be done. */
  static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      assert !socket.isConnected() || socket.isClosed() : e;
    }
  }
}
