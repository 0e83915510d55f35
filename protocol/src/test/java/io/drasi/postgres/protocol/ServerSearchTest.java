package io.drasi.postgres.protocol;

import static io.drasi.postgres.protocol.support.ServerMessages.error;
import static io.drasi.postgres.protocol.support.ServerMessages.oneRow;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drasi.postgres.protocol.support.ScriptedServer;
import io.drasi.postgres.protocol.support.ScriptedServer.Script;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerSearchTest {
  private final Connector connector = new Connector(List.of());

  private static final Script ANSWERS =
      client -> {
        client.logIn("17.2");
        client.expectTerminate();
      };

  /** A server that is asked what it is. */
  private static Script is(boolean standby, boolean readOnly) {
    return client -> {
      client.logIn("17.2");
      client.answer(
          oneRow(
              new String[] {"standby", "read_only"}, standby ? "t" : "f", readOnly ? "on" : "off"));
      client.expectTerminate();
    };
  }

  private static Script refuses(String sqlState) {
    return client -> {
      client.startUp();
      client.send(error("FATAL", sqlState, "not now"));
      client.awaitEnd();
    };
  }

  private static ConnectionConfig config(TargetSession target, String... hosts) {
    return ConnectionConfig.builder()
        .withHost(String.join(",", hosts))
        .withDatabase("shop")
        .withUser("app")
        .withSslMode(SslMode.DISABLE)
        .withTarget(target)
        .build();
  }

  private static ConnectionConfig config(TargetSession target, ScriptedServer... servers) {
    return config(
        target,
        Stream.of(servers).map(server -> server.config().build().address()).toArray(String[]::new));
  }

  private static String nobody() throws Exception {
    try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return "127.0.0.1:" + listener.getLocalPort();
    }
  }

  private void expectSession(ConnectionConfig config) throws Exception {
    try (Session session = connector.connect(config, SessionMode.QUERY)) {
      assertThat(session.serverVersion().major()).isEqualTo(17);
    }
  }

  @Test
  void takesTheFirstThatAnswers() throws Exception {
    try (var server = ScriptedServer.start(ANSWERS)) {
      String there = server.config().build().address();
      expectSession(config(TargetSession.ANY, nobody(), there, "no.such.host.invalid"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"57P03", "53300"})
  void passesOverAServerThatHasNoRoomOrTime(String sqlState) throws Exception {
    try (var full = ScriptedServer.start(refuses(sqlState));
        var free = ScriptedServer.start(ANSWERS)) {
      expectSession(config(TargetSession.ANY, full, free));
    }
  }

  @Test
  void asksNoOtherServerWhereOneRefusesTheClient() throws Exception {
    try (var first = ScriptedServer.start(refuses("28P01"));
        var second = ScriptedServer.start(client -> client.expectEnd())) {
      ConnectionConfig config = config(TargetSession.ANY, first, second);
      assertThatThrownBy(() -> connector.connect(config, SessionMode.QUERY))
          .isInstanceOf(ServerErrorException.class)
          .hasMessageContaining("28P01");
    }
  }

  @Test
  void tellsOfEachServerWhyItIsNotTaken() throws Exception {
    String first = nobody();
    try (var second = ScriptedServer.start(is(true, true))) {
      String there = second.config().build().address();
      ConnectionConfig config = config(TargetSession.PRIMARY, first, there);
      assertThatThrownBy(() -> connector.connect(config, SessionMode.QUERY))
          .isInstanceOf(ConnectionException.class)
          .hasMessageContaining("no connection to " + first)
          .hasMessageEndingWith(
              "; %s is not a primary (target_session_attrs primary)".formatted(there));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "READ_WRITE, true, true, false, false",
    "READ_WRITE, false, true, false, false",
    "READ_ONLY, false, false, true, true",
    "PRIMARY, true, true, false, true",
    "STANDBY, false, true, true, true",
    "PREFER_STANDBY, false, false, true, true"
  })
  void takesTheFirstThatIsAsWanted(
      TargetSession wanted,
      boolean firstStandby,
      boolean firstReadOnly,
      boolean secondStandby,
      boolean secondReadOnly)
      throws Exception {
    try (var first = ScriptedServer.start(is(firstStandby, firstReadOnly));
        var second = ScriptedServer.start(is(secondStandby, secondReadOnly))) {
      ConnectionConfig config = config(wanted, first, second);
      try (Session session = connector.connect(config, SessionMode.QUERY)) {
        assertThat(session.address()).isEqualTo(second.config().build().address());
      }
    }
  }

  @Test
  void takesAnyWhereThereIsNoStandby() throws Exception {
    try (var server = ScriptedServer.start(is(false, false), ANSWERS)) {
      expectSession(config(TargetSession.PREFER_STANDBY, server));
    }
  }

  @Test
  void cancelsWhereTheSessionIs() throws Exception {
    try (var server =
        ScriptedServer.start(
            client -> {
              client.logIn("17.2");
              client.awaitEnd();
            },
            client -> client.firstMessage())) {
      String there = server.config().build().address();
      try (Session session =
          connector.connect(config(TargetSession.ANY, nobody(), there), SessionMode.QUERY)) {
        session.cancel();
      }
    }
  }

  @Test
  void leadsBackToWhereASessionIsWhateverElseWouldDo() throws Exception {
    try (var first = ScriptedServer.start(is(true, true), ANSWERS);
        var second = ScriptedServer.start(is(false, false), ANSWERS)) {
      ConnectionConfig config = config(TargetSession.PRIMARY, first, second);
      try (Session session = connector.connect(config, SessionMode.REPLICATION);
          Session beside = connector.connect(session.here(), SessionMode.QUERY)) {
        assertThat(beside.address()).isEqualTo(second.config().build().address());
        assertThat(session.here().servers().get(0).resolved())
            .isEqualTo(InetAddress.getLoopbackAddress());
      }
      expectSession(config(TargetSession.ANY, first)); // which nobody has met since
    }
  }

  @Test
  void endsWhenItIsGivenUp() throws Exception {
    try (var first = ScriptedServer.start(client -> client.awaitEnd())) {
      ConnectionConfig config = config(TargetSession.ANY, first, first);
      assertThatThrownBy(
              () ->
                  connector.connect(
                      config,
                      SessionMode.QUERY,
                      giveUp -> {
                        var thread = new Thread(giveUp);
                        thread.setDaemon(true);
                        thread.start();
                      }))
          .isInstanceOf(ConnectionException.class);
    }
  }

  @Test
  void namesAllServers() {
    assertThat(config(TargetSession.ANY, "db1", "[::1]:5433", "/run/postgresql").address())
        .isEqualTo("db1:5432, [::1]:5433, /run/postgresql/.s.PGSQL.5432");
  }
}
