package io.drasi.it.support;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a client and a server with TLS, and reads and writes what both say: either it
 * tells the client that the server has no TLS, or it shows a certificate of its own.
 */
public final class ManInTheMiddle implements AutoCloseable {
  private static final byte[] SSL_REQUEST = {0, 0, 0, 8, 4, (byte) 0xD2, 0x16, 0x2F};

  private final ServerSocket listener;
  private final int targetPort;
  private final @Nullable SSLContext own;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  private ManInTheMiddle(int targetPort, @Nullable SSLContext own) throws IOException {
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.targetPort = targetPort;
    this.own = own;
    SocketThread.start("man-in-the-middle", this::accept);
  }

  /** One who tells clients that there is no TLS. */
  public static ManInTheMiddle strippingTls(int targetPort) throws IOException {
    return new ManInTheMiddle(targetPort, null);
  }

  /** One who shows a certificate of his own. */
  public static ManInTheMiddle swappingTheCertificate(int targetPort, SSLContext own)
      throws IOException {
    return new ManInTheMiddle(targetPort, own);
  }

  /** Where he listens. */
  public int port() {
    return listener.getLocalPort();
  }

  private void accept() throws IOException {
    while (!listener.isClosed()) {
      Socket client = listener.accept();
      sockets.add(client);
      SocketThread.start("man-in-the-middle", () -> serve(client));
    }
  }

  private void serve(Socket client) throws IOException {
    Socket server = encrypted(new Socket(InetAddress.getLoopbackAddress(), targetPort));
    sockets.add(server);
    new DataInputStream(client.getInputStream()).readFully(new byte[SSL_REQUEST.length]);
    client.getOutputStream().write(own == null ? 'N' : 'S');
    Socket seen = own == null ? client : encrypt(client, own);
    SocketThread.start("man-in-the-middle", () -> pump(seen, server));
    pump(server, seen);
  }

  private static Socket encrypt(Socket client, SSLContext own) throws IOException {
    return own.getSocketFactory().createSocket(client, null, true);
  }

  private Socket encrypted(Socket server) throws IOException {
    server.getOutputStream().write(SSL_REQUEST);
    if (server.getInputStream().read() != 'S') {
      throw new IOException("the server has no TLS");
    }
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new TrustingEverybody()}, null);
      var tls =
          (SSLSocket) context.getSocketFactory().createSocket(server, "server", targetPort, true);
      tls.startHandshake();
      return tls;
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private static void pump(Socket from, Socket to) throws IOException {
    try (from;
        to;
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      in.transferTo(out);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private static final class TrustingEverybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
