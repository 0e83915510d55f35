package io.drasi.postgres.protocol.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Where the system keeps what came before a reset, as Linux does. */
@EnabledOnOs(OS.LINUX)
class FarewellSocketTest {

  private interface Use {
    void with(Socket tcp, FarewellSocket socket) throws Exception;
  }

  /** A connection whose other end has said one byte and is gone. */
  private static void reset(Use use) throws Exception {
    try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var tcp = new Socket(listener.getInetAddress(), listener.getLocalPort())) {
      try (Socket server = listener.accept()) {
        server.getOutputStream().write(7);
        server.setSoLinger(true, 0);
      }
      use.with(tcp, new FarewellSocket(tcp));
    }
  }

  /** The first write may still find the connection open. */
  private static void writeUntilItFails(OutputStream out) throws IOException {
    for (int i = 0; i < 1000; i++) {
      out.write(new byte[100]);
    }
  }

  @Test
  void readsWhatWasSaidBeforeTheConnectionWasReset() throws Exception {
    reset(
        (tcp, socket) -> {
          writeUntilItFails(socket.getOutputStream());
          assertThatThrownBy(() -> writeUntilItFails(tcp.getOutputStream()))
              .isInstanceOf(SocketException.class);
          assertThat(socket.getInputStream().read()).isEqualTo(7);
          assertThat(socket.getInputStream().read()).isEqualTo(-1);
        });
  }

  @Test
  void failsWritesOnceTheClientIsLetIn() throws Exception {
    reset(
        (tcp, socket) -> {
          socket.failWrites();
          assertThatThrownBy(() -> writeUntilItFails(socket.getOutputStream()))
              .isInstanceOf(SocketException.class);
        });
  }

  @Test
  void failsWritesThatComeAfterItWasClosed() throws Exception {
    reset(
        (tcp, socket) -> {
          OutputStream out = socket.getOutputStream();
          socket.close();
          assertThatThrownBy(() -> out.write(1)).isInstanceOf(SocketException.class);
        });
  }
}
