package io.drasi.bootstrap.postgres.internal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.postgres.protocol.ConnectionConfig;
import io.drasi.postgres.protocol.Connector;
import io.drasi.postgres.protocol.SessionMode;
import io.drasi.postgres.protocol.SslMode;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ConnectionsTest {
  private static final String NOT_READY = "E\0\0\0\34SFATAL\0C57P03\0Mnot yet\0\0";
  private static final String WELCOME =
      "R\0\0\0\10\0\0\0\0" + "S\0\0\0\30server_version\00017.2\0" + "Z\0\0\0\5I";

  /** A server that lets everybody in, but for the first. */
  private static final class Server implements AutoCloseable {
    private final ServerSocket socket;
    private String answer;

    Server(String firstAnswer) throws IOException {
      socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      answer = firstAnswer;
      var thread = new Thread(this::accept, "server");
      thread.setDaemon(true);
      thread.start();
    }

    private void accept() {
      while (!socket.isClosed()) {
        try {
          Socket client = socket.accept(); // the client closes it
          var in = new DataInputStream(client.getInputStream());
          in.readNBytes(in.readInt() - 4);
          client.getOutputStream().write(answer.getBytes(ISO_8859_1));
          answer = WELCOME;
        } catch (IOException e) {
          return; // closed
        }
      }
    }

    String address() {
      return "127.0.0.1:" + socket.getLocalPort();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @Test
  void allGoToTheServerOfTheFirst() throws Exception {
    try (var other = new Server(NOT_READY);
        var server = new Server(WELCOME);
        var connections =
            new Connections(
                new Connector(List.of()),
                ConnectionConfig.builder()
                    .withHost(other.address() + "," + server.address())
                    .withDatabase("shop")
                    .withUser("drasi")
                    .withSslMode(SslMode.DISABLE)
                    .build())) {
      assertThat(connections.open(SessionMode.REPLICATION).address()).isEqualTo(server.address());
      assertThat(connections.open(SessionMode.QUERY).address()).isEqualTo(server.address());
      assertThat(connections.open(SessionMode.QUERY).address()).isEqualTo(server.address());
    }
  }
}
