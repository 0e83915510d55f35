package io.drasi.postgres.protocol.internal;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drasi.postgres.protocol.ConnectionException;
import java.net.Socket;
import org.junit.jupiter.api.Test;

class SocketTransportTest {
  @Test
  void saysThatItWasClosedBeforeItWasUsed() throws Exception {
    var socket = new Socket();
    var transport = new SocketTransport(socket);
    transport.close();

    assertThatThrownBy(transport::input).isInstanceOf(ConnectionException.class);
    assertThatThrownBy(transport::output).isInstanceOf(ConnectionException.class);
  }
}
