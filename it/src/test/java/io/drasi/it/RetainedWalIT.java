package io.drasi.it;

import static io.drasi.it.support.Eventually.awaitRunning;
import static io.drasi.it.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.api.source.Acknowledgement;
import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.it.support.Follower;
import io.drasi.it.support.Servers;
import io.drasi.it.support.SubscriberCopy;
import io.drasi.it.support.TestDatabase;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A watched table that is idle does not make the server keep its log. */
class RetainedWalIT {
  private static final long SEGMENT_BYTES = 16L * 1024 * 1024;

  private static long retained(TestDatabase database) throws Exception {
    return Long.parseLong(
        database.ask(
            "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::bigint"
                + " FROM pg_replication_slots WHERE slot_name = '%s'".formatted(database.slot())));
  }

  @ParameterizedTest
  @MethodSource("io.drasi.it.support.Servers#versions")
  void anIdleTableKeepsNoLogWhileAnotherWritesAGigabyte(String version) throws Exception {
    try (var server = Servers.start(Servers.builder(version).withSetting("max_wal_size", "4GB"));
        var database = TestDatabase.create(server)) {
      database.run(
          "CREATE TABLE watched (id int PRIMARY KEY)",
          "CREATE TABLE busy (id int, filling text)",
          "ALTER TABLE busy ALTER filling SET STORAGE PLAIN",
          "CREATE PUBLICATION drasi_publication FOR TABLE watched");
      try (var source = database.source("idle").build();
          var follower = Follower.start(source.subscribe(SubscriptionRequest.of("follower")))) {
        source.start();
        awaitRunning(source);
        String start = database.ask("SELECT pg_current_wal_lsn()");
        for (int i = 0; i < 20; i++) {
          database.run(
              "INSERT INTO busy SELECT i, repeat('x', 7900) FROM generate_series(1, 6700) i");
        }
        long written =
            Long.parseLong(
                database.ask(
                    "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '%s')::bigint".formatted(start)));
        assertThat(written).as("bytes of log written").isGreaterThan(1_000_000_000L);
        eventually(
            "less than two segments are retained",
            Duration.ofSeconds(30),
            () -> retained(database) < 2 * SEGMENT_BYTES);
        long transactions = follower.look(SubscriberCopy::transactions);
        assertThat(transactions).isZero();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.drasi.it.support.Servers#versions")
  void aManualSubscriberLetsGoOfTheLogByAcknowledgingProgress(String version) throws Exception {
    try (var database = TestDatabase.create(Servers.shared(version))) {
      database.run(
          "CREATE TABLE watched (id int PRIMARY KEY)",
          "CREATE TABLE busy (id int)",
          "CREATE PUBLICATION drasi_publication FOR TABLE watched");
      try (var source = database.source("idle").build();
          var subscription =
              source.subscribe(
                  SubscriptionRequest.builder("manual")
                      .withAcknowledgement(Acknowledgement.MANUAL)
                      .build())) {
        source.start();
        awaitRunning(source);
        database.run("INSERT INTO busy SELECT generate_series(1, 1000)");
        String written = database.ask("SELECT pg_current_wal_lsn()");
        eventually(
            "the slot has followed",
            Duration.ofSeconds(30),
            () -> {
              subscription
                  .poll(Duration.ofMillis(100))
                  .ifPresent(
                      event -> subscription.acknowledge(((SourceEvent.Progress) event).position()));
              return database
                  .ask(
                      "SELECT confirmed_flush_lsn >= '%s' FROM pg_replication_slots"
                              .formatted(written)
                          + " WHERE slot_name = '%s'".formatted(database.slot()))
                  .equals("t");
            });
      }
    }
  }
}
