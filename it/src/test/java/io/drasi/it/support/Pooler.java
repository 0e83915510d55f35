package io.drasi.it.support;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stands between clients and a server as PgBouncer before 1.23 does: tells processes of its own,
 * and takes no connection for replication.
 */
public final class Pooler implements AutoCloseable {
  private static final int SSL_REQUEST = 80_877_103;
  private static final int PROCESS = 7;

  private final ServerSocket listener;
  private final int targetPort;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  private Pooler(ServerSocket listener, int targetPort) {
    this.listener = listener;
    this.targetPort = targetPort;
  }

  /** A pooler before a port of this machine. */
  public static Pooler to(int targetPort) throws IOException {
    var pooler = new Pooler(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), targetPort);
    SocketThread.start("pooler", pooler::accept);
    return pooler;
  }

  /** Where it listens. */
  public int port() {
    return listener.getLocalPort();
  }

  private void accept() throws IOException {
    while (!listener.isClosed()) {
      Socket client = listener.accept();
      sockets.add(client);
      SocketThread.start("pooler", () -> serve(client));
    }
  }

  private void serve(Socket client) throws IOException {
    try (client) {
      var in = new DataInputStream(client.getInputStream());
      byte[] startUp = body(in);
      if (startUp.length == 4 && ByteBuffer.wrap(startUp).getInt() == SSL_REQUEST) {
        client.getOutputStream().write('N');
        startUp = body(in);
      }
      if (new String(startUp, StandardCharsets.US_ASCII).contains("\0replication\0")) {
        refuse(new DataOutputStream(client.getOutputStream()));
        return;
      }
      pass(client, in, startUp);
    }
  }

  private static byte[] body(DataInputStream in) throws IOException {
    return in.readNBytes(in.readInt() - 4);
  }

  private static void refuse(DataOutputStream client) throws IOException {
    byte[] error =
        "SFATAL\0C08P01\0Munsupported startup parameter: replication\0\0"
            .getBytes(StandardCharsets.US_ASCII);
    client.writeByte('E');
    client.writeInt(error.length + 4);
    client.write(error);
    client.flush();
  }

  private void pass(Socket client, InputStream fromClient, byte[] startUp) throws IOException {
    try (var server = new Socket(InetAddress.getLoopbackAddress(), targetPort)) {
      sockets.add(server);
      var toServer = new DataOutputStream(server.getOutputStream());
      var message = new ByteArrayOutputStream();
      new DataOutputStream(message).writeInt(startUp.length + 4);
      message.write(startUp);
      toServer.write(message.toByteArray());
      SocketThread.start("pooler", () -> fromClient.transferTo(server.getOutputStream()));
      answer(new DataInputStream(server.getInputStream()), client.getOutputStream());
    }
  }

  /** Puts a process of its own into BackendKeyData. */
  private static void answer(DataInputStream server, OutputStream client) throws IOException {
    var out = new DataOutputStream(client);
    byte type = server.readByte();
    while (type != 'K') {
      byte[] body = body(server);
      out.writeByte(type);
      out.writeInt(body.length + 4);
      out.write(body);
      type = server.readByte();
    }
    byte[] key = body(server);
    out.writeByte(type);
    out.writeInt(key.length + 4);
    out.writeInt(PROCESS);
    out.write(key, 4, key.length - 4);
    server.transferTo(client);
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
