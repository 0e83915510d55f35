package io.drasi.embedded.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Ports of the loopback interface. */
final class LocalPort {
  private static final byte[] LOOPBACK = {127, 0, 0, 1};

  private LocalPort() {}

  /** A port that is free now; another process may take it before it is used. */
  static int choose() throws IOException {
    return bind(0);
  }

  static boolean isFree(int port) {
    try {
      return bind(port) == port;
    } catch (IOException e) {
      return false;
    }
  }

  private static int bind(int port) throws IOException {
    try (var socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port));
      return socket.getLocalPort();
    }
  }
}
