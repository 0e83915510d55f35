package io.drasi.postgres.protocol.internal;

import io.drasi.postgres.protocol.ConnectionConfig;
import io.drasi.postgres.protocol.ConnectionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/** The bytes of a TCP connection, in clear or through TLS. */
final class SocketTransport implements Transport {
  private final Socket tcp;
  private final Socket socket;
  private final Runnable loggedIn;

  /** A transport in clear. */
  SocketTransport(Socket tcp) {
    this(tcp, tcp, () -> {});
  }

  /** A transport through TLS, which lies upon {@code tcp} by way of {@code under}. */
  SocketTransport(Socket tcp, FarewellSocket under, SSLSocket tls) {
    this(tcp, tls, under::failWrites);
  }

  private SocketTransport(Socket tcp, Socket socket, Runnable loggedIn) {
    this.tcp = tcp;
    this.socket = socket;
    this.loggedIn = loggedIn;
  }

  /**
   * Connects in clear. The name is resolved anew at each call, and each of its addresses is tried,
   * unless one is wanted. Reads wait for ever: whoever begins with the connection sets a {@link
   * Deadline}.
   *
   * @param lookups asks for its addresses
   * @param giveUp can end the look-up, and close the socket from before it connects
   * @throws ConnectionException when the name is unknown or nobody answers
   */
  static SocketTransport connect(ConnectionConfig config, NameLookups lookups, GiveUp giveUp)
      throws ConnectionException {
    InetAddress wanted = config.servers().get(0).resolved();
    return connect(
        config,
        giveUp,
        wanted == null
            ? lookups.addresses(config.host(), config.connectTimeout(), giveUp)
            : List.of(wanted));
  }

  /** Connects in clear to where another connection leads. */
  SocketTransport connectAgain(ConnectionConfig config) throws ConnectionException {
    return connect(config, new GiveUp(), List.of(tcp.getInetAddress()));
  }

  private static SocketTransport connect(
      ConnectionConfig config, GiveUp giveUp, List<InetAddress> addresses)
      throws ConnectionException {
    List<IOException> failures = new ArrayList<>();
    for (InetAddress address : addresses) {
      if (giveUp.isGiven()) {
        break;
      }
      var tcp = new Socket();
      giveUp.covers(() -> closeQuietly(tcp));
      try {
        tcp.setTcpNoDelay(true);
        KeepAlive.establish(tcp);
        tcp.connect(
            new InetSocketAddress(address, config.port()),
            Math.toIntExact(config.connectTimeout().toMillis()));
        return new SocketTransport(tcp);
      } catch (IOException e) {
        closeQuietly(tcp);
        failures.add(e);
      }
    }
    throw unreachable(config, failures);
  }

  private static ConnectionException unreachable(
      ConnectionConfig config, List<IOException> failures) {
    String reasons =
        failures.stream()
            .map(SocketTransport::describe)
            .distinct()
            .collect(Collectors.joining(", "));
    return new ConnectionException(
        "no connection to %s: %s; check host, port, listen_addresses and the firewall"
            .formatted(config.address(), failures.isEmpty() ? "given up" : reasons),
        failures.isEmpty() ? null : failures.get(0));
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

  @Override
  public Optional<SSLSession> tls() {
    return socket instanceof SSLSocket tls ? Optional.of(tls.getSession()) : Optional.empty();
  }

  @Override
  public boolean isPrivate() {
    return socket instanceof SSLSocket;
  }

  @Override
  public InetAddress remoteAddress() {
    return tcp.getInetAddress();
  }

  @Override
  public boolean leavesThisMachine() {
    return !tcp.getInetAddress().isLoopbackAddress();
  }

  @Override
  public InputStream input() throws ConnectionException {
    try {
      return socket.getInputStream();
    } catch (IOException e) { // closed meanwhile by who gave it up
      throw new ConnectionException("the connection broke: " + e.getMessage(), e);
    }
  }

  @Override
  public OutputStream output() throws ConnectionException {
    try {
      return socket.getOutputStream();
    } catch (IOException e) {
      throw new ConnectionException("the connection broke: " + e.getMessage(), e);
    }
  }

  @Override
  public void loggedIn() {
    loggedIn.run();
  }

  @Override
  public void setReadTimeout(Duration timeout) throws SocketException {
    tcp.setSoTimeout(Math.toIntExact(timeout.plusNanos(999_999).toMillis()));
  }

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
