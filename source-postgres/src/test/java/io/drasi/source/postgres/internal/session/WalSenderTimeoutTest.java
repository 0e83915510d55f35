package io.drasi.source.postgres.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.postgres.protocol.ConnectionConfig;
import io.drasi.postgres.protocol.Connector;
import io.drasi.postgres.protocol.Session;
import io.drasi.postgres.protocol.SessionMode;
import io.drasi.postgres.protocol.SslMode;
import io.drasi.source.postgres.testing.Backend;
import io.drasi.source.postgres.testing.ScriptedServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(20)
class WalSenderTimeoutTest {
  private final ScriptedServer server = new ScriptedServer();
  private final AtomicInteger settings = new AtomicInteger();

  @AfterEach
  void close() throws Exception {
    server.close();
  }

  private Duration establish(String version, String millis) throws Exception {
    server.answer("login", () -> Backend.welcome(version));
    server.answer("SELECT setting", () -> ScriptedServer.rows("setting", millis));
    server.answer(
        "SET",
        () -> {
          settings.incrementAndGet();
          return Backend.complete("SET");
        });
    ConnectionConfig config =
        ConnectionConfig.builder()
            .withHost("127.0.0.1")
            .withPort(server.port())
            .withDatabase("shop")
            .withUser("drasi")
            .withSslMode(SslMode.DISABLE)
            .build();
    try (Session session = new Connector(List.of()).connect(config, SessionMode.REPLICATION)) {
      return new WalSenderTimeout(session).establish();
    }
  }

  @ParameterizedTest
  @CsvSource({"12.22, 60000", "17.2, 30001", "17.2, 0", "18.6, 2147483647"})
  void isShortenedWhereItIsLongOrNever(String version, String millis) throws Exception {
    assertThat(establish(version, millis)).isEqualTo(Duration.ofSeconds(30));
    server.awaitCommand("SET wal_sender_timeout = 30000");
    assertThat(settings).hasValue(1);
  }

  @ParameterizedTest
  @CsvSource({"17.2, 30000", "17.2, 1", "11.22, 60000", "10.23, 0"})
  void staysWhereItIsShortAlreadyOrTheServerAllowsNoOther(String version, String millis)
      throws Exception {
    assertThat(establish(version, millis)).isEqualTo(Duration.ofMillis(Long.parseLong(millis)));
    assertThat(settings).hasValue(0);
  }
}
