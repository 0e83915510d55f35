package io.drasi.postgres.protocol.internal;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketOption;
import java.time.Duration;
import java.util.Map;
import jdk.net.ExtendedSocketOptions;

/**
 * TCP keepalive, so that a peer that is gone without a word is noticed while the server may take
 * any time for its answer. By default most systems would notice after two hours.
 */
final class KeepAlive {
  private static final Duration IDLE = Duration.ofSeconds(30);
  private static final Duration INTERVAL = Duration.ofSeconds(10);
  private static final int PROBES = 3;

  private static final Map<SocketOption<Integer>, Integer> OPTIONS =
      Map.of(
          ExtendedSocketOptions.TCP_KEEPIDLE, Math.toIntExact(IDLE.toSeconds()),
          ExtendedSocketOptions.TCP_KEEPINTERVAL, Math.toIntExact(INTERVAL.toSeconds()),
          ExtendedSocketOptions.TCP_KEEPCOUNT, PROBES);

  private KeepAlive() {}

  /** Switches it on, with the times above where the system lets them be set. */
  static void establish(Socket tcp) throws IOException {
    tcp.setKeepAlive(true);
    for (Map.Entry<SocketOption<Integer>, Integer> option : OPTIONS.entrySet()) {
      if (tcp.supportedOptions().contains(option.getKey())) {
        tcp.setOption(option.getKey(), option.getValue());
      }
    }
  }
}
