package io.drasi.it;

import static io.drasi.it.support.Eventually.awaitRunning;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.Subscription;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.embedded.postgres.EmbeddedPostgres;
import io.drasi.it.support.Servers;
import io.drasi.it.support.TestDatabase;
import io.drasi.it.support.Transactions;
import io.drasi.postgres.protocol.ConnectionConfig;
import io.drasi.postgres.protocol.ConnectionException;
import io.drasi.postgres.protocol.Connector;
import io.drasi.postgres.protocol.Session;
import io.drasi.postgres.protocol.SessionMode;
import io.drasi.postgres.protocol.SslMode;
import io.drasi.postgres.protocol.TargetSession;
import io.drasi.postgres.protocol.auth.Password;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Where a server is: Unix-domain sockets, IPv6, several hosts. */
class WhereIT {
  private static Path sockets;
  private static EmbeddedPostgres server;
  private static TestDatabase database;

  @BeforeAll
  static void startServer() throws Exception {
    sockets = Files.createTempDirectory("drasi-sockets"); // of root here, of nobody there
    Files.setPosixFilePermissions(sockets, PosixFilePermissions.fromString("rwxrwxrwx"));
    server =
        Servers.start(
            Servers.builder(Servers.newest())
                .withSetting("listen_addresses", "*")
                .withSetting("unix_socket_directories", sockets.toString())
                .withHba(
                    List.of(
                        "local all by_password password",
                        "local all all scram-sha-256",
                        "host all all all scram-sha-256")));
    database = TestDatabase.create(server);
    database.run(
        "CREATE TABLE users (id int PRIMARY KEY)",
        "CREATE PUBLICATION drasi_publication FOR ALL TABLES",
        "CREATE ROLE by_password LOGIN PASSWORD 'pencil'",
        "CREATE ROLE reader LOGIN PASSWORD 'pencil'",
        "ALTER ROLE reader SET default_transaction_read_only = on");
  }

  @AfterAll
  static void stopServer() throws Exception {
    server.close();
    Files.deleteIfExists(sockets);
  }

  private static ConnectionConfig.Builder config(String host) {
    return ConnectionConfig.builder()
        .withHost(host)
        .withPort(server.port())
        .withDatabase(database.name())
        .withUser(server.superuser())
        .withPassword(Password.of(server.superuserPassword()));
  }

  private static String ask(ConnectionConfig config, String expression) throws Exception {
    try (Session session = Connector.create().connect(config, SessionMode.QUERY)) {
      return session
          .query("SELECT %s AS answer".formatted(expression))
          .get(0)
          .required(0, "answer");
    }
  }

  @Test
  void aSourceStreamsThroughAUnixSocket() throws Exception {
    try (var source =
        database
            .source("unix")
            .withHost(sockets.toString())
            .withSslMode(SslMode.VERIFY_FULL) // without effect, as with libpq
            .build()) {
      Subscription subscription = source.subscribe(SubscriptionRequest.of("one"));
      source.start();
      awaitRunning(source);
      database.run("INSERT INTO users SELECT generate_series(1, 5000)");
      SourceEvent.Transaction transaction = Transactions.next(subscription);
      assertThat(transaction.changes()).hasSize(5000);
      assertThat(
              database.ask(
                  "SELECT client_addr IS NULL FROM pg_stat_replication WHERE application_name = 'drasi:unix'"))
          .isEqualTo("t");
    }
  }

  @Test
  void aReadFromAUnixSocketIsCancelledAndTimesOut() throws Exception {
    ConnectionConfig config = config(sockets.toString()).build();
    try (Session session = Connector.create().connect(config, SessionMode.QUERY)) {
      session.setReadTimeout(Duration.ofMillis(50));
      assertThatThrownBy(() -> session.query("SELECT pg_sleep(60)"))
          .isInstanceOf(ConnectionException.class)
          .hasMessage("the server was silent for too long");
      session.cancel();
    }
    assertThatThrownBy(
            () -> Connector.create().connect(config("/nowhere").build(), SessionMode.QUERY))
        .isInstanceOf(ConnectionException.class)
        .hasMessageContaining("no connection to /nowhere/.s.PGSQL.%d: ".formatted(server.port()));
  }

  @Test
  void aUnixSocketIsSafeForAPasswordInClear() throws Exception {
    ConnectionConfig config =
        config(sockets.toString())
            .withUser("by_password")
            .withPassword(Password.of("pencil"))
            .build();
    assertThat(ask(config, "current_user")).isEqualTo("by_password");
  }

  @Test
  void anIpv6AddressIsReached() throws Exception {
    assertThat(
            ask(config("[::1]:" + server.port()).withPort(1).build(), "host(inet_server_addr())"))
        .isEqualTo("::1");
    assertThat(ask(config("::1").build(), "host(inet_server_addr())")).isEqualTo("::1");
  }

  @Test
  void theWantedServerOfSeveralIsTaken() throws Exception {
    ConnectionConfig config =
        config("127.0.0.1:1,127.0.0.1:" + server.port())
            .withUser("reader")
            .withPassword(Password.of("pencil"))
            .withTarget(TargetSession.READ_ONLY)
            .build();
    assertThat(ask(config, "inet_server_port()")).isEqualTo(Integer.toString(server.port()));
    assertThatThrownBy(
            () -> ask(config.toBuilder().withTarget(TargetSession.READ_WRITE).build(), "1"))
        .isInstanceOf(ConnectionException.class)
        .hasMessageContaining("is not writable (target_session_attrs read-write)");
  }
}
