package io.drasi.it.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.opentest4j.TestAbortedException;

/** Listens, and takes no connection: its queue is full, so that who connects hears nothing. */
final class FullListener implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 500;
  private static final int MOST_QUEUED = 10;

  /** The state of a connection whose first packet was not answered, as the kernel prints it. */
  private static final String SYN_SENT = " 02 ";

  private static final Path CONNECTIONS = Path.of("/proc/net/tcp6");

  private final ServerSocket listener;
  private final List<Socket> queued = new ArrayList<>();

  private FullListener(ServerSocket listener) {
    this.listener = listener;
  }

  /** Opens one; aborts the test where the system does not do so, or does not tell. */
  static FullListener open() throws IOException {
    var full = new FullListener(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
    if (!Files.isReadable(CONNECTIONS) || !full.fill()) {
      full.close();
      throw new TestAbortedException("connections are taken, or not told of, by this system");
    }
    return full;
  }

  private boolean fill() throws IOException {
    for (int i = 0; i < MOST_QUEUED; i++) {
      var socket = new Socket();
      queued.add(socket);
      try {
        socket.connect(listener.getLocalSocketAddress(), PATIENCE_MILLIS);
      } catch (SocketTimeoutException e) {
        return true;
      }
    }
    return false;
  }

  /** Where it listens. */
  int port() {
    return listener.getLocalPort();
  }

  /** Whether somebody is connecting. */
  boolean isAwaited() throws IOException {
    String remote = String.format(Locale.ROOT, ":%04X" + SYN_SENT, port());
    for (Path table : List.of(CONNECTIONS, Path.of("/proc/net/tcp"))) {
      if (Files.readString(table, StandardCharsets.US_ASCII).contains(remote)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void close() throws IOException {
    for (Socket socket : queued) {
      socket.close();
    }
    listener.close();
  }
}
