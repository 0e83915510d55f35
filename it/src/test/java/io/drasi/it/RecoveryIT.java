package io.drasi.it;

import static io.drasi.it.support.Eventually.awaitRunning;
import static io.drasi.it.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.api.source.ManagedSource;
import io.drasi.api.source.SourceState;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.embedded.postgres.EmbeddedPostgres;
import io.drasi.embedded.postgres.ShutdownMode;
import io.drasi.it.support.Follower;
import io.drasi.it.support.Servers;
import io.drasi.it.support.ShopWriter;
import io.drasi.it.support.SubscriberCopy;
import io.drasi.it.support.Tables;
import io.drasi.it.support.TcpProxy;
import io.drasi.it.support.TestDatabase;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The stream goes on by itself over broken connections and servers, and loses nothing. */
@ParameterizedClass
@MethodSource("io.drasi.it.support.Servers#versions")
class RecoveryIT {
  private static final Duration LONG = Duration.ofSeconds(60);

  @Parameter String version;

  private EmbeddedPostgres server;
  private TestDatabase database;

  @BeforeEach
  void startServer() throws Exception {
    server = Servers.start(Servers.builder(version));
    database = TestDatabase.create(server);
    ShopWriter.createSchema(database);
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  private interface Fault {
    void strike() throws Exception;
  }

  /** Writes, strikes several times, and compares with the table at the end. */
  private void survives(ManagedSource source, Fault fault) throws Exception {
    try (source;
        var follower = Follower.start(source.subscribe(SubscriptionRequest.of("follower")))) {
      source.start();
      awaitRunning(source);
      try (var writer = ShopWriter.start(database, 1)) {
        for (int i = 1; i <= 3; i++) {
          long goal = writer.committed() + 100;
          eventually("more was written", LONG, () -> writer.committed() >= goal);
          long sessions = source.metrics().sessions();
          fault.strike();
          eventually(
              "the source has come back", LONG, () -> source.metrics().sessions() > sessions);
        }
        long goal = writer.committed() + 100;
        eventually("more was written", LONG, () -> writer.committed() >= goal);
      }
      var expected = Tables.rows(database);
      eventually(
          "the copy equals the table; " + source.status(),
          LONG,
          () -> follower.look(copy -> copy.elements().equals(expected)));
      assertThat(follower.look(SubscriberCopy::mistakes)).isEmpty();
      assertThat(follower.doubled()).as("transactions that came twice").isZero();
      assertThat(source.status().state()).isEqualTo(SourceState.RUNNING);
    }
  }

  @Test
  void survivesAFastRestartOfTheServer() throws Exception {
    survives(
        database.source("restarted").build(),
        () -> {
          server.stop(ShutdownMode.FAST);
          server.start();
        });
  }

  @Test
  void survivesACrashOfTheServer() throws Exception {
    survives(
        database.source("crashed").build(),
        () -> {
          server.stop(ShutdownMode.IMMEDIATE);
          server.start();
        });
  }

  @Test
  void survivesACutConnection() throws Exception {
    try (var proxy = TcpProxy.to(server.port())) {
      survives(database.source("cut").withPort(proxy.port()).build(), proxy::cut);
    }
  }

  @Test
  void survivesTheEndOfItsServerProcess() throws Exception {
    survives(
        database.source("terminated").build(),
        () ->
            database.run(
                "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active"));
  }

  @Test
  void aFastShutdownDoesNotWaitForASubscriberThatDoesNotTake() throws Exception {
    try (var source = database.source("held").withDispatchBufferCapacity(1).build();
        var subscription = source.subscribe(SubscriptionRequest.of("stuck"))) {
      source.start();
      awaitRunning(source);
      for (int id = 1; id <= 20; id++) {
        database.run("INSERT INTO items VALUES (%d, 'held', 0)".formatted(id));
      }
      eventually(
          "the subscriber is named",
          LONG,
          () -> source.status().waitingFor().equals(Optional.of("the subscriber stuck")));
      server.stop(ShutdownMode.FAST);
      server.start();
      var copy = new SubscriberCopy();
      while (copy.transactions() < 20) {
        copy.apply(subscription.poll(LONG).orElseThrow());
      }
      assertThat(copy.mistakes()).isEmpty();
      assertThat(copy.elements()).isEqualTo(Tables.rows(database));
    }
  }
}
