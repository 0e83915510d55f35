package io.drasi.postgres.protocol;

import static io.drasi.postgres.protocol.support.ServerMessages.authenticationOk;
import static io.drasi.postgres.protocol.support.ServerMessages.complete;
import static io.drasi.postgres.protocol.support.ServerMessages.concat;
import static io.drasi.postgres.protocol.support.ServerMessages.error;
import static io.drasi.postgres.protocol.support.ServerMessages.int32;
import static io.drasi.postgres.protocol.support.ServerMessages.keyData;
import static io.drasi.postgres.protocol.support.ServerMessages.message;
import static io.drasi.postgres.protocol.support.ServerMessages.notice;
import static io.drasi.postgres.protocol.support.ServerMessages.parameter;
import static io.drasi.postgres.protocol.support.ServerMessages.ready;
import static io.drasi.postgres.protocol.support.ServerMessages.report;
import static io.drasi.postgres.protocol.support.ServerMessages.started;
import static io.drasi.postgres.protocol.support.ServerMessages.string;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.entry;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.drasi.postgres.protocol.message.ProtocolException;
import io.drasi.postgres.protocol.message.ServerReport;
import io.drasi.postgres.protocol.support.Peer;
import io.drasi.postgres.protocol.support.ScriptedServer;
import io.drasi.postgres.protocol.support.ScriptedServer.Script;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class LogInTest {
  private final Connector connector = new Connector(List.of());

  private Session connect(ScriptedServer server) throws Exception {
    return connector.connect(server.config().build(), SessionMode.QUERY);
  }

  private <T extends Throwable> T refusal(Class<T> type, Script script) throws Exception {
    try (var server = ScriptedServer.start(script)) {
      return catchThrowableOfType(type, () -> connect(server));
    }
  }

  /** A server that sends these bytes after StartupMessage, and the client leaves. */
  private <T extends Throwable> T refusal(Class<T> type, byte[]... answer) throws Exception {
    return refusal(
        type,
        client -> {
          client.startUp();
          client.send(answer);
          client.awaitEnd();
        });
  }

  @ParameterizedTest
  @EnumSource(SessionMode.class)
  void fixesHowTheServerPrintsValues(SessionMode mode) throws Exception {
    var sent = new AtomicReference<Map<String, String>>();
    try (var server =
        ScriptedServer.start(
            client -> {
              sent.set(client.startUp());
              client.send(authenticationOk(), started("17.2"));
              client.expectTerminate();
            })) {
      connector.connect(server.config().withApplicationName("tests").build(), mode).close();
    }

    Map<String, String> expected =
        new LinkedHashMap<>(
            Map.ofEntries(
                entry("user", "app"),
                entry("database", "shop"),
                entry("application_name", "tests"),
                entry("client_encoding", "UTF8"),
                entry("DateStyle", "ISO, YMD"),
                entry("IntervalStyle", "postgres"),
                entry("TimeZone", "UTC"),
                entry("extra_float_digits", "3"),
                entry("bytea_output", "hex"),
                entry("search_path", "pg_catalog")));
    if (mode == SessionMode.REPLICATION) {
      expected.put("replication", "database");
    }
    assertThat(sent.get()).containsExactlyInAnyOrderEntriesOf(expected);
  }

  @Test
  void knowsWhatTheServerReportsOfItself() throws Exception {
    try (var server =
            ScriptedServer.start(
                client -> {
                  client.startUp();
                  client.send(
                      authenticationOk(),
                      parameter("server_version", "15.18 (Debian 15.18-1)"),
                      parameter("in_hot_standby", "off"),
                      parameter("in_hot_standby", "on"),
                      ready());
                  client.expectTerminate();
                });
        Session session = connect(server)) {
      assertThat(session.serverVersion().major()).isEqualTo(15);
      assertThat(session.setting("in_hot_standby")).contains("on");
      assertThat(session.setting("unknown")).isEmpty();
    }
  }

  @Test
  void passesOverNoticesAndVersionNegotiationAnywhere() throws Exception {
    byte[] negotiation = message('v', int32(0), int32(1), string("_pq_.x"));
    try (var server =
            ScriptedServer.start(
                client -> {
                  client.startUp();
                  client.send(negotiation, notice("one"), authenticationOk(), notice("two"));
                  client.send(parameter("server_version", "17.2"), notice("three"));
                  client.send(keyData(1, 2), notice("four"), ready());
                  client.expectTerminate();
                });
        Session session = connect(server)) {
      assertThat(session.serverVersion().major()).isEqualTo(17);
    }
  }

  @Test
  void tellsEverythingOfAnError() throws Exception {
    ServerErrorException error =
        refusal(
            ServerErrorException.class,
            report(
                'E',
                "SFATAL",
                "VFATAL",
                "C3D000",
                "Mno such database",
                "Ddetail",
                "Hhint",
                "P1",
                "p2",
                "qinternal",
                "Wwhere",
                "sschema",
                "ttable",
                "ccolumn",
                "dtype",
                "nconstraint",
                "Fpostinit.c",
                "L1042",
                "RInitPostgres",
                "Znew"));

    assertThat(error)
        .hasMessageMatching(
            "connecting to 127\\.0\\.0\\.1:\\d+ failed: no such database \\[SQLSTATE 3D000]");
    assertThat(error.sqlState()).isEqualTo("3D000");
    assertThat(error.isOfClass("3D")).isTrue();
    ServerReport report = error.report();
    assertThat(report.severity()).isEqualTo("FATAL");
    assertThat(report.detail()).contains("detail");
    assertThat(report.hint()).contains("hint");
    assertThat(report.field('n')).contains("constraint");
    assertThat(report.field('Z')).contains("new");
    assertThat(report.fields()).hasSize(19);
  }

  @Test
  void tellsAnErrorAfterAuthentication() throws Exception {
    assertThat(
            refusal(
                    ServerErrorException.class,
                    authenticationOk(),
                    error("FATAL", "53300", "too many connections"))
                .sqlState())
        .isEqualTo("53300");
  }

  static Stream<Arguments> malformed() {
    return Stream.of(
        arguments(ready(), "authentication: unexpected ReadyForQuery"),
        arguments(parameter("a", "b"), "authentication: unexpected ParameterStatus"),
        arguments(concat(authenticationOk(), authenticationOk()), "start-up: unexpected Auth"),
        arguments(concat(authenticationOk(), complete("X")), "start-up: unexpected CommandComp"),
        arguments("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(UTF_8), "the length of message 'H'"),
        arguments(message('?'), "server message: unknown message type '?'"),
        arguments(message('R', new byte[3]), "Authentication.code needs 4 bytes"),
        arguments(concat(authenticationOk(), ready()), "server_version must start with a number"),
        arguments(
            concat(authenticationOk(), new byte[] {'d'}, int32(1 << 20)),
            "the length of message 'd'"));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void refusesWhatDoesNotSpeakTheProtocol(byte[] answer, String message) throws Exception {
    assertThat(refusal(ProtocolException.class, answer)).hasMessageStartingWith(message);
  }

  @Test
  void noticesAServerThatClosesAtAnyByte() throws Exception {
    byte[] whole = concat(authenticationOk(), started("17"));
    for (int length = 0; length < whole.length; length += 3) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThat(
              refusal(
                  ConnectionException.class,
                  client -> {
                    client.startUp();
                    client.send(part);
                  }))
          .as("after %d bytes", length)
          .isNotNull();
    }
  }

  @Test
  void saysThatNobodyListens() throws Exception {
    int port;
    try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = listener.getLocalPort();
    }
    ConnectionConfig config =
        ConnectionConfig.builder()
            .withHost("127.0.0.1")
            .withPort(port)
            .withDatabase("shop")
            .withUser("app")
            .build();

    assertThatThrownBy(() -> connector.connect(config, SessionMode.QUERY))
        .isInstanceOf(ConnectionException.class)
        .hasMessageContaining("no connection to 127.0.0.1:" + port)
        .hasMessageContaining("check host, port, listen_addresses and the firewall");
  }

  @Test
  void saysThatAHostHasNoAddress() {
    ConnectionConfig config =
        ConnectionConfig.builder()
            .withHost("no.such.host.invalid")
            .withDatabase("shop")
            .withUser("app")
            .build();

    assertThatThrownBy(() -> connector.connect(config, SessionMode.QUERY))
        .isInstanceOf(ConnectionException.class)
        .hasMessageContaining("no.such.host.invalid cannot be resolved");
  }

  private void expectTooSlow(SslMode sslMode, Script script) throws Exception {
    try (var server = ScriptedServer.start(script)) {
      ConnectionConfig config =
          server.config().withSslMode(sslMode).withLoginTimeout(Duration.ofMillis(150)).build();
      assertThatThrownBy(() -> connector.connect(config, SessionMode.QUERY))
          .isInstanceOf(ConnectionException.class)
          .hasMessage("the log-in at %s took longer than 150 ms".formatted(config.address()));
    }
  }

  @Test
  void waitsForASilentServerNoLongerThanTheTimeout() throws Exception {
    expectTooSlow(
        SslMode.DISABLE,
        client -> {
          client.startUp();
          client.awaitEnd();
        });
  }

  @Test
  void waitsForASilentAnswerToSslRequestNoLongerThanTheTimeout() throws Exception {
    expectTooSlow(
        SslMode.REQUIRE,
        client -> {
          client.firstMessage();
          client.awaitEnd();
        });
  }

  @Test
  void waitsForATlsHandshakeNoLongerThanTheTimeout() throws Exception {
    expectTooSlow(
        SslMode.PREFER,
        client -> {
          client.answerSslRequest((byte) 'S');
          client.awaitEnd();
        });
  }

  @Test
  void waitsForAServerThatTricklesNoLongerThanTheTimeout() throws Exception {
    expectTooSlow(
        SslMode.DISABLE,
        client -> {
          client.startUp();
          client.send(authenticationOk(), new byte[] {'N'}, int32(100_000));
          while (!client.leavesWithin(Duration.ofMillis(10))) {
            client.send(new byte[] {'M'});
          }
        });
  }

  @Test
  void takesNoMoreMemoryThanAStartUpNeeds() throws Exception {
    assertThat(
            refusal(
                ProtocolException.class,
                client -> {
                  client.startUp();
                  client.send(authenticationOk());
                  sendUntilItLeaves(client, parameter("x", "y".repeat(1000)));
                }))
        .hasMessage("start-up: more than 262144 bytes, and the session is not ready");
  }

  @Test
  void takesNoEndlessNoticesBeforeAuthentication() throws Exception {
    assertThat(
            refusal(
                ProtocolException.class,
                client -> {
                  client.startUp();
                  sendUntilItLeaves(client, notice("hello"));
                }))
        .hasMessage("start-up: more than 262144 bytes, and the session is not ready");
  }

  private static void sendUntilItLeaves(Peer client, byte[] message) {
    try {
      while (true) {
        client.send(message);
      }
    } catch (IOException e) {
      assertThat(e).isInstanceOf(SocketException.class);
    }
  }

  @Test
  void leavesNoThreadBehind() throws Exception {
    try (var server =
            ScriptedServer.session(
                client -> {
                  client.expectTerminate();
                });
        Session session = connect(server)) {
      assertThat(session.serverVersion().major()).isEqualTo(17);
      assertThat(Thread.getAllStackTraces().keySet())
          .extracting(Thread::getName)
          .doesNotContain(Thread.currentThread().getName() + "-deadline");
    }
  }
}
