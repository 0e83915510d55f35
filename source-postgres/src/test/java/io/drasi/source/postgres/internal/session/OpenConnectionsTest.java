package io.drasi.source.postgres.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.postgres.protocol.ConnectionConfig;
import io.drasi.postgres.protocol.Connector;
import io.drasi.postgres.protocol.Session;
import io.drasi.postgres.protocol.SslMode;
import io.drasi.source.postgres.internal.session.OpenConnections.Purpose;
import io.drasi.source.postgres.testing.Backend;
import io.drasi.source.postgres.testing.ScriptedServer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(20)
class OpenConnectionsTest {
  private final ScriptedServer first = new ScriptedServer();
  private final ScriptedServer second = new ScriptedServer();
  private final OpenConnections connections =
      new OpenConnections(
          new Connector(List.of()),
          ConnectionConfig.builder()
              .withHost("127.0.0.1:%d,127.0.0.1:%d".formatted(first.port(), second.port()))
              .withDatabase("shop")
              .withUser("drasi")
              .withSslMode(SslMode.DISABLE)
              .build());

  @AfterEach
  void close() throws Exception {
    connections.close();
    first.close();
    second.close();
  }

  private void setReady(ScriptedServer server, boolean ready) {
    server.answer(
        "login", () -> ready ? Backend.welcome("17.2") : Backend.error("57P03", "starting up"));
  }

  private int portOf(Purpose purpose) throws Exception {
    try (Session session = connections.open(purpose)) {
      return session.here().port();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Purpose.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"STREAM"})
  void eachGoesWhereTheStreamIs(Purpose purpose) throws Exception {
    setReady(first, false);
    assertThat(portOf(Purpose.STREAM)).isEqualTo(second.port());
    setReady(first, true);
    assertThat(portOf(purpose)).isEqualTo(second.port());
  }

  @Test
  void eachStreamLooksForTheServerAnew() throws Exception {
    assertThat(portOf(Purpose.STREAM)).isEqualTo(first.port());
    setReady(first, false);
    assertThat(portOf(Purpose.STREAM)).isEqualTo(second.port());
    assertThat(portOf(Purpose.WATCH)).isEqualTo(second.port());
  }
}
