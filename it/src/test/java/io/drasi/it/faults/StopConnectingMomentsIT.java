package io.drasi.it.faults;

import static io.drasi.it.support.Eventually.awaitRunning;
import static io.drasi.it.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.api.source.ManagedSource;
import io.drasi.api.source.SourceState;
import io.drasi.embedded.postgres.EmbeddedPostgres;
import io.drasi.it.support.SelfSigned;
import io.drasi.it.support.Servers;
import io.drasi.it.support.TestDatabase;
import io.drasi.postgres.protocol.SslMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

/**
 * Wherever it waits until it streams, a source stops when it is told to, and goes on afterwards as
 * if nothing had been. How long that takes is written down.
 */
@Tag("faults")
class StopConnectingMomentsIT {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final List<Moments.Moment> MOMENTS = new ArrayList<>();

  @TempDir static Path folder;

  private static EmbeddedPostgres server;

  private StopScene scene;

  @BeforeAll
  static void startServer() throws Exception {
    var certificate = SelfSigned.create(folder);
    server =
        Servers.start(
            Servers.builder(Servers.newest())
                .withSetting("ssl", "on")
                .withFile("server.key", certificate.key().getBytes(StandardCharsets.US_ASCII))
                .withFile(
                    "server.crt", certificate.certificate().getBytes(StandardCharsets.US_ASCII)));
  }

  @AfterEach
  void closeScene() throws Exception {
    scene.close();
  }

  @AfterAll
  static void report() throws Exception {
    new Moments("stop before the stream", server.version(), MOMENTS).write();
    server.close();
  }

  private void open(SslMode sslMode, Scene.Settings settings) throws Exception {
    scene = StopScene.on(server, sslMode, settings);
  }

  private void open() throws Exception {
    open(SslMode.DISABLE, (source, provider) -> {});
  }

  private void stops(String state, StopScene.Step enter, StopScene.Step leave) throws Exception {
    MOMENTS.add(scene.stopEachTime(state, enter, leave));
  }

  private void stops(String state, StopScene.Step enter) throws Exception {
    stops(state, enter, () -> {});
  }

  @Test
  void whileNobodyTakesTheConnection() throws Exception {
    try (var full = FullListener.open()) {
      open();
      ManagedSource lost = scene.database().source("lost").withPort(full.port()).build();
      MOMENTS.add(
          StopScene.stopEachTime(
              "nobody takes the connection",
              lost,
              () -> {
                lost.start();
                eventually("it connects", LONG, full::isAwaited);
              },
              () -> {}));
    }
  }

  @Test
  void whileItsSlotWaitsForATransaction() throws Exception {
    open();
    try (ManagedSource fresh =
            scene.database().source("fresh").withSlotName(scene.database().slot() + "_2").build();
        Connection open = scene.database().connect()) {
      open.setAutoCommit(false);
      MOMENTS.add(
          StopScene.stopEachTime(
              "the making of the slot waits for a transaction that is open",
              fresh,
              () -> {
                TestDatabase.run(open, "INSERT INTO ledger DEFAULT VALUES");
                fresh.start();
                eventually("it waits", LONG, () -> isWaitedFor(open));
              },
              () -> {
                open.rollback();
                fresh.start();
                awaitRunning(fresh);
                fresh.deprovision();
              }));
    }
  }

  private boolean isWaitedFor(Connection open) throws SQLException {
    return scene
        .database()
        .ask(
            "SELECT count(*) FROM pg_stat_activity WHERE %d = ANY (pg_blocking_pids(pid))"
                .formatted(open.unwrap(PGConnection.class).getBackendPID()))
        .equals("1");
  }

  @Test
  void whileTheServerDoesNotAnswer() throws Exception {
    open();
    stops(
        "the server takes the connection, and says nothing",
        () ->
            scene.startIntoSilence(
                new Place(Role.REPLICATION, Direction.TO_SERVER, "StartupMessage"), 1));
  }

  @Test
  void inTheMiddleOfTheTlsHandshake() throws Exception {
    open(SslMode.REQUIRE, (source, provider) -> {});
    stops(
        "the server falls silent in the TLS handshake",
        () -> scene.startIntoSilence(new Place(Role.TLS, Direction.TO_CLIENT, "Handshake"), 1));
  }

  @Test
  void inTheMiddleOfTheLogIn() throws Exception {
    open();
    stops(
        "the server falls silent in the log-in",
        () ->
            scene.startIntoSilence(
                new Place(Role.REPLICATION, Direction.TO_CLIENT, "AuthenticationSASLContinue"), 1));
  }

  @Test
  void whileTheServerDoesNotAnswerAQuery() throws Exception {
    open();
    stops(
        "the server does not answer a query",
        () ->
            scene.startIntoSilence(
                new Place(Role.REPLICATION, Direction.TO_CLIENT, "RowDescription"), 2));
  }

  @Test
  void whileItWaitsToReconnect() throws Exception {
    open();
    String limit = "ALTER ROLE %s CONNECTION LIMIT %d";
    stops(
        "RECONNECTING, waiting for the next attempt",
        () -> {
          scene.database().run(limit.formatted(TestDatabase.ROLE, 0));
          scene.source().start();
          scene.await(SourceState.RECONNECTING, "the next attempt to connect");
        },
        () -> scene.database().run(limit.formatted(TestDatabase.ROLE, -1)));
  }

  @Test
  void whileItsSlotIsActiveElsewhere() throws Exception {
    open();
    scene.database().missSoon("60s"); // who has the slot says nothing
    List<OtherStream> others = new ArrayList<>();
    stops(
        "the slot is active elsewhere",
        () -> {
          others.add(OtherStream.begin(scene.database()));
          scene.source().start();
          scene.await(SourceState.RECONNECTING, "the next attempt to connect");
          assertThat(scene.source().status().error().orElseThrow().getMessage())
              .contains("is active");
        },
        () -> others.remove(0).close());
  }
}
