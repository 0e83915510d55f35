package io.drasi.it;

import static io.drasi.it.support.Eventually.awaitRunning;
import static io.drasi.it.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.api.source.ManagedSource;
import io.drasi.api.source.SourceState;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.it.support.Servers;
import io.drasi.it.support.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What stands in the way of a source when it starts is waited for, or it says so. */
@ParameterizedClass
@MethodSource("io.drasi.it.support.Servers#versions")
class SetupProblemsIT {
  @Parameter String version;

  private TestDatabase database;

  @BeforeEach
  void createDatabase() throws Exception {
    database = TestDatabase.create(Servers.shared(version));
    database.run("CREATE TABLE users (id int PRIMARY KEY, email text)");
  }

  @AfterEach
  void dropDatabase() throws Exception {
    database.close();
  }

  private void createPublication() throws Exception {
    database.run("CREATE PUBLICATION drasi_publication FOR TABLE users");
  }

  /** Waits for a state; gives its message. */
  private static String trouble(SourceState expected, ManagedSource source) throws Exception {
    eventually(
        expected + ", was " + source.status(),
        Duration.ofSeconds(20),
        () -> source.status().state() == expected);
    return source.status().error().orElseThrow().getMessage();
  }

  @Test
  void aSlotInUseIsWaitedFor() throws Exception {
    createPublication();
    try (ManagedSource first = database.source("first").build()) {
      first.subscribe(SubscriptionRequest.of("one"));
      first.start();
      awaitRunning(first);
      try (ManagedSource second = database.source("second").build()) {
        second.subscribe(SubscriptionRequest.of("two"));
        second.start();
        String holder = database.ask("SELECT active_pid FROM pg_replication_slots WHERE active");
        assertThat(trouble(SourceState.RECONNECTING, second))
            .contains(" " + holder + " ")
            .endsWith(
                ("[SQLSTATE 55006]; a connection that was cut frees its slot within about 30 s"
                        + " (wal_sender_timeout); if it stays so, another client uses the slot %s:"
                        + " give each source a slot of its own")
                    .formatted(database.slot()));
        first.stop();
        eventually(
            "streaming",
            Duration.ofSeconds(20),
            () -> second.status().state() == SourceState.RUNNING);
      }
    }
  }

  @Test
  void aFailedSourceCanBeStartedAgainOnceMended() throws Exception {
    try (ManagedSource source = database.source("mended").build()) {
      source.subscribe(SubscriptionRequest.of("one"));
      source.start();
      eventually(
          "failed", Duration.ofSeconds(20), () -> source.status().state() == SourceState.FAILED);
      createPublication();
      source.start();
      eventually(
          "streaming",
          Duration.ofSeconds(20),
          () -> source.status().state() == SourceState.RUNNING);
    }
  }

  @Test
  void aSourceWhoseSlotIsGoneGivesWayToANewOne() throws Exception {
    createPublication();
    String drop = "SELECT pg_drop_replication_slot('%s')".formatted(database.slot());
    try (ManagedSource source = database.source("bereft").build()) {
      source.subscribe(SubscriptionRequest.of("one"));
      source.start();
      awaitRunning(source);
      source.stop();
      eventually("the slot is free", Duration.ofSeconds(20), () -> succeeds(drop));
      for (int attempt = 1; attempt <= 2; attempt++) {
        source.start();
        assertThat(trouble(SourceState.FAILED, source))
            .isEqualTo(
                "the replication slot %s is gone, and with it the changes since its last confirmed position; make a new source (or run the command again), which creates it, and bootstrap the subscribers again; or set on_slot_loss to rebootstrap"
                    .formatted(database.slot()));
      }
    }
    try (ManagedSource source = database.source("new").build()) {
      source.subscribe(SubscriptionRequest.of("one"));
      source.start();
      awaitRunning(source);
    }
  }

  private boolean succeeds(String sql) {
    try {
      database.run(sql);
      return true;
    } catch (SQLException e) {
      return false; // the server notices in its own time that a client has gone
    }
  }

  @Test
  void aSlotWaitsForTheTransactionsThatAreOpen() throws Exception {
    createPublication();
    try (ManagedSource source = database.source("waiting").build();
        Connection open = database.connect()) {
      source.subscribe(SubscriptionRequest.of("one"));
      open.setAutoCommit(false);
      TestDatabase.run(open, "INSERT INTO users VALUES (1)");
      source.start();
      eventually(
          "the status names the wait",
          Duration.ofSeconds(20),
          () ->
              source
                  .status()
                  .toString()
                  .equals(
                      "STARTING, waiting for the slot %s, which waits for the transactions open now"
                          .formatted(database.slot())));
      open.commit();
      awaitRunning(source);
    }
  }

  @Test
  void aSlotThatIsBeingCreatedIsTriedAgain() throws Exception {
    createPublication();
    try (ManagedSource first = database.source("first").build();
        ManagedSource second = database.source("second").build();
        Connection open = database.connect()) {
      second.subscribe(SubscriptionRequest.of("one"));
      open.setAutoCommit(false);
      TestDatabase.run(open, "INSERT INTO users VALUES (1)");
      first.start();
      eventually(
          "the slot is being created",
          Duration.ofSeconds(20),
          () -> first.status().waitingFor().isPresent());
      second.start();
      eventually(
          "the second one tries again",
          Duration.ofSeconds(20),
          () -> second.status().state() == SourceState.RECONNECTING);
      first.stop();
      open.commit();
      awaitRunning(second);
    }
  }
}
