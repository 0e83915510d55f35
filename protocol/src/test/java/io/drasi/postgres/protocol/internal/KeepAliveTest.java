package io.drasi.postgres.protocol.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.Socket;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Test;

class KeepAliveTest {

  @Test
  void asksASilentPeerWhetherItIsThereWithinAMinute() throws Exception {
    try (var socket = new Socket()) {
      KeepAlive.establish(socket);
      assertThat(socket.getKeepAlive()).isTrue();
      assumeTrue(socket.supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPIDLE));
      int idle = socket.getOption(ExtendedSocketOptions.TCP_KEEPIDLE);
      int interval = socket.getOption(ExtendedSocketOptions.TCP_KEEPINTERVAL);
      int probes = socket.getOption(ExtendedSocketOptions.TCP_KEEPCOUNT);
      assertThat(idle + interval * probes).isEqualTo(60);
    }
  }
}
