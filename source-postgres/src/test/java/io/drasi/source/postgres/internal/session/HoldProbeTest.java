package io.drasi.source.postgres.internal.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.drasi.postgres.protocol.ConnectionException;
import io.drasi.postgres.protocol.Connector;
import io.drasi.postgres.protocol.ServerErrorException;
import io.drasi.postgres.protocol.Session;
import io.drasi.postgres.protocol.SslMode;
import io.drasi.postgres.protocol.TargetSession;
import io.drasi.source.postgres.PostgresSourceConfig;
import io.drasi.source.postgres.internal.session.OpenConnections.Purpose;
import io.drasi.source.postgres.testing.Backend;
import io.drasi.source.postgres.testing.Log;
import io.drasi.source.postgres.testing.ScriptedServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class HoldProbeTest {
  private static final Duration HELD = Duration.ofSeconds(5);

  private final ScriptedServer server = new ScriptedServer();
  private final PostgresSourceConfig config =
      configure().withHost("127.0.0.1").withPort(server.port()).build();
  private final HoldProbe probe =
      new HoldProbe(config, new OpenConnections(new Connector(List.of()), config.connection()));

  private static PostgresSourceConfig.Builder configure() {
    return PostgresSourceConfig.builder("src")
        .withDatabase("shop")
        .withUser("drasi")
        .withSslMode(SslMode.DISABLE);
  }

  @AfterEach
  void close() throws Exception {
    server.close();
  }

  @Test
  void looksWhetherTheServerIsThereEachTime() throws Exception {
    for (int i = 0; i < 3; i++) {
      probe.stillHeld("the subscriber slow", HELD);
      server.awaitCommand("login");
    }
  }

  @Test
  void endsTheSessionWhenTheServerShutsDown() {
    server.answer("login", () -> Backend.error("57P03", "the database system is shutting down"));
    assertThatExceptionOfType(ConnectionException.class)
        .isThrownBy(() -> probe.stillHeld("the subscriber slow", HELD))
        .withMessage("the server shuts down")
        .withCauseInstanceOf(ServerErrorException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"53300", "28P01", "3D000", "57P01"})
  void holdsOnWhenTheServerRefusesForAnotherReason(String sqlState) {
    server.answer("login", () -> Backend.error(sqlState, "no"));
    assertThatCode(() -> probe.stillHeld("the subscriber slow", HELD)).doesNotThrowAnyException();
  }

  /** As in a planned switchover: the other server of the list is there, and has no stream. */
  @ParameterizedTest
  @EnumSource(
      value = TargetSession.class,
      names = {"ANY", "READ_WRITE"})
  void endsTheSessionWhenItsServerShutsDownAndAnotherIsThere(TargetSession target)
      throws Exception {
    try (var other = new ScriptedServer()) {
      PostgresSourceConfig both =
          configure()
              .withHost("127.0.0.1:%d,127.0.0.1:%d".formatted(server.port(), other.port()))
              .withConnection(settings -> settings.withTarget(target))
              .build();
      var connections = new OpenConnections(new Connector(List.of()), both.connection());
      server.answer(
          "SELECT pg_catalog.pg_is_in_recovery",
          () -> ScriptedServer.rows("standby,read_only", "f", "off"));
      try (Session stream = connections.open(Purpose.STREAM)) {
        assertThat(stream.address()).endsWith(":" + server.port());
        server.answer("login", () -> Backend.error("57P03", "the database system shuts down"));
        assertThatExceptionOfType(ConnectionException.class)
            .isThrownBy(
                () -> new HoldProbe(both, connections).stillHeld("the subscriber slow", HELD))
            .withMessage("the server shuts down");
      }
    }
  }

  @Test
  void holdsOnWhenNobodyAnswers() throws Exception {
    server.close();
    assertThatCode(() -> probe.stillHeld("the subscriber slow", HELD)).doesNotThrowAnyException();
  }

  @Test
  void warnsOncePerSubscriberAndTellsWhenTheStreamFlowsAgain() throws Exception {
    try (var log = new Log()) {
      probe.released();
      probe.stillHeld("the subscriber slow", HELD);
      probe.stillHeld("the subscriber slow", HELD.multipliedBy(2));
      assertThat(log.lines("WARN"))
          .singleElement()
          .asString()
          .contains("src: the subscriber slow holds the stream back for 5 s now");
      probe.stillHeld("the subscriber other", HELD);
      assertThat(log.lines("WARN")).hasSize(2);
      assertThat(log.lines("INFO")).isEmpty();
      probe.released();
      probe.released();
      assertThat(log.lines("INFO"))
          .singleElement()
          .asString()
          .contains("src: the subscriber other takes its events again");
      probe.stillHeld("the subscriber other", HELD);
      assertThat(log.lines("WARN")).hasSize(3);
    }
  }
}
