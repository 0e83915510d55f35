package io.drasi.it.support;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Passes bytes between a client and a server, and cuts connections when told to. */
public final class TcpProxy implements AutoCloseable {
  private static final int MOST_KEPT_BYTES = 1 << 16;

  private final ServerSocket listener;
  private final int targetPort;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final Queue<ByteArrayOutputStream> seen = new ConcurrentLinkedQueue<>();

  private TcpProxy(ServerSocket listener, int targetPort) {
    this.listener = listener;
    this.targetPort = targetPort;
  }

  /** A proxy to a port of this machine. */
  public static TcpProxy to(int targetPort) throws IOException {
    var proxy = new TcpProxy(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), targetPort);
    SocketThread.start("proxy-accept", proxy::accept);
    return proxy;
  }

  /** Where it listens. */
  public int port() {
    return listener.getLocalPort();
  }

  /** What clients have sent, one item for each connection, and servers have answered, likewise. */
  public List<byte[]> seen() {
    return seen.stream().map(ByteArrayOutputStream::toByteArray).toList();
  }

  /** Cuts all connections there are; new ones are passed on as before. */
  public void cut() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    sockets.clear();
  }

  private void accept() throws IOException {
    while (!listener.isClosed()) {
      Socket client = listener.accept();
      var server = new Socket(InetAddress.getLoopbackAddress(), targetPort);
      reset(client);
      reset(server);
      sockets.add(client);
      sockets.add(server);
      SocketThread.start("proxy-up", () -> pump(client, server));
      SocketThread.start("proxy-down", () -> pump(server, client));
    }
  }

  /** A close of this socket is a reset, as when a network breaks. */
  private static void reset(Socket socket) throws IOException {
    socket.setSoLinger(true, 0);
  }

  private void pump(Socket from, Socket to) throws IOException {
    var copy = new ByteArrayOutputStream();
    seen.add(copy);
    try (from;
        to;
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      byte[] buffer = new byte[8192];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        if (copy.size() < MOST_KEPT_BYTES) {
          copy.write(buffer, 0, count);
        }
        out.write(buffer, 0, count);
      }
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    cut();
  }
}
