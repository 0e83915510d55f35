package io.drasi.it;

import static io.drasi.it.support.Eventually.awaitRunning;
import static io.drasi.it.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.drasi.api.source.ManagedSource;
import io.drasi.api.source.SourceState;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.it.support.Servers;
import io.drasi.it.support.TestDatabase;
import io.drasi.postgres.decoder.row.TableKeyConfig;
import io.drasi.postgres.decoder.row.TableName;
import io.drasi.source.postgres.PostgresReplicationSource;
import java.sql.Connection;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What is set up wrong ends in one clear message with the remedy, and in the right state. */
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

  /** Starts a source and gives the message of the state it gets into. */
  private String trouble(SourceState expected, Consumer<PostgresReplicationSource.Builder> change)
      throws Exception {
    var builder = database.source("misled");
    change.accept(builder);
    try (ManagedSource source = builder.build()) {
      source.start();
      eventually(
          expected + ", was " + source.status(),
          Duration.ofSeconds(20),
          () -> source.status().state() == expected);
      String message = source.status().error().orElseThrow().getMessage();
      assertThat(message).doesNotContain(TestDatabase.PASSWORD).doesNotContain("\n");
      return message;
    }
  }

  private String failure(Consumer<PostgresReplicationSource.Builder> change) throws Exception {
    return trouble(SourceState.FAILED, change);
  }

  private String failure() throws Exception {
    return failure(unchanged -> {});
  }

  @Test
  void wrongPassword() throws Exception {
    assertThat(failure(builder -> builder.withPassword("wrong")))
        .contains("[SQLSTATE 28P01]")
        .endsWith("check the options user and password");
  }

  @Test
  void noPassword() throws Exception {
    assertThat(failure(builder -> builder.withPassword("")))
        .isEqualTo(
            "the server asks for a password, but none is configured; set the option password");
  }

  @Test
  void unknownHostIsTriedAgain() throws Exception {
    assertThat(
            trouble(SourceState.RECONNECTING, builder -> builder.withHost("no-such-host.invalid")))
        .isEqualTo("the host name no-such-host.invalid cannot be resolved; check the option host");
  }

  @Test
  void nobodyListeningIsTriedAgain() throws Exception {
    assertThat(trouble(SourceState.RECONNECTING, builder -> builder.withPort(1)))
        .startsWith("no connection to 127.0.0.1:1: ")
        .contains("check host, port, listen_addresses and the firewall");
  }

  @Test
  void unknownDatabase() throws Exception {
    assertThat(failure(builder -> builder.withDatabase("nowhere")))
        .contains("[SQLSTATE 3D000]")
        .endsWith("check the option database");
  }

  @Test
  void missingPublication() throws Exception {
    assertThat(failure(builder -> builder.addTable(tableName("users"))))
        .isEqualTo(
            "the publication drasi_publication does not exist in database %s: run CREATE PUBLICATION drasi_publication FOR TABLE \"public\".\"users\";"
                .formatted(database.name()));
  }

  private static TableName tableName(String table) {
    return TableName.parse(table);
  }

  @Test
  void tableOutsideThePublication() throws Exception {
    createPublication();
    database.run("CREATE SCHEMA shop", "CREATE TABLE shop.orders (id int)");
    assertThat(failure(builder -> builder.addTable(tableName("shop.orders"))))
        .isEqualTo(
            "the publication drasi_publication does not have shop.orders, which tables lists: run"
                + " ALTER PUBLICATION drasi_publication ADD TABLE \"shop\".\"orders\";");
  }

  @Test
  void roleWithoutReplication() throws Exception {
    createPublication();
    database.run("CREATE ROLE plain_%s LOGIN PASSWORD 'plain'".formatted(database.name()));
    String role = "plain_" + database.name();
    assertThat(failure(builder -> builder.withUser(role).withPassword("plain")))
        .contains("[SQLSTATE 42501]")
        .contains("ALTER ROLE %s REPLICATION;".formatted(role));
    database.run("DROP ROLE " + role);
  }

  @Test
  void slotOfAnotherPlugin() throws Exception {
    createPublication();
    database.run(
        "SELECT pg_create_logical_replication_slot('%s', 'test_decoding')"
            .formatted(database.slot()));
    assertThat(failure())
        .isEqualTo(
            "the replication slot %1$s uses the output plugin test_decoding, not pgoutput: choose another slot_name, or, if nobody needs it, run SELECT pg_drop_replication_slot('%1$s');"
                .formatted(database.slot()));
  }

  @Test
  void slotOfAnotherDatabase() throws Exception {
    createPublication();
    try (var other = TestDatabase.create(Servers.shared(version))) {
      other.run(
          "SELECT pg_create_logical_replication_slot('%s', 'pgoutput')".formatted(other.slot()));
      assertThat(failure(builder -> builder.withSlotName(other.slot())))
          .startsWith(
              "the replication slot %s belongs to the database %s, not %s: choose another slot_name"
                  .formatted(other.slot(), other.name(), database.name()));
    }
  }

  @Test
  void physicalSlot() throws Exception {
    createPublication();
    database.run("SELECT pg_create_physical_replication_slot('physical_one')");
    try {
      assertThat(failure(builder -> builder.withSlotName("physical_one")))
          .startsWith("the replication slot physical_one is a physical slot: choose another");
    } finally {
      database.run("SELECT pg_drop_replication_slot('physical_one')");
    }
  }

  @Test
  void slotWithTwoPhase() throws Exception {
    assumeTrue(Integer.parseInt(version) >= 14, "two_phase came with PostgreSQL 14");
    createPublication();
    database.run(
        "SELECT pg_create_logical_replication_slot('%s', 'pgoutput', false, true)"
            .formatted(database.slot()));
    assertThat(failure())
        .startsWith(
            "the replication slot %s was created with two_phase: choose another"
                .formatted(database.slot()));
  }

  @Test
  void walLevelReplica() throws Exception {
    try (var server = Servers.start(Servers.builder(version).withSetting("wal_level", "replica"));
        var elsewhere = TestDatabase.create(server);
        var source = elsewhere.source("misled").build()) {
      source.start();
      eventually(
          "failed", Duration.ofSeconds(20), () -> source.status().state() == SourceState.FAILED);
      assertThat(source.status().error().orElseThrow())
          .hasMessage(
              "wal_level is replica, but logical replication needs logical: run"
                  + " ALTER SYSTEM SET wal_level = logical; and restart the server");
    }
  }

  @Test
  void keyOutsideTheReplicaIdentity() throws Exception {
    createPublication();
    assertThat(failure(builder -> builder.addTableKey(TableKeyConfig.parse("users(email)"))))
        .isEqualTo(
            "table_keys identifies public.users by [email], but for updates and deletes the server sends"
                + " only [id] of the old row: run ALTER TABLE \"public\".\"users\" REPLICA IDENTITY"
                + " FULL;");
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
        eventually(
            "waiting for the slot",
            Duration.ofSeconds(20),
            () -> second.status().state() == SourceState.RECONNECTING);
        assertThat(second.status().error().orElseThrow().getMessage())
            .contains("[SQLSTATE 55006]")
            .contains("another client uses the slot " + database.slot());
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

  @Test
  void keyOfATableThatIsNotPublished() throws Exception {
    createPublication();
    assertThat(failure(builder -> builder.addTableKey(TableKeyConfig.parse("oders(id)"))))
        .isEqualTo(
            "table_keys names public.oders, which the publication drasi_publication does not have");
  }
}
