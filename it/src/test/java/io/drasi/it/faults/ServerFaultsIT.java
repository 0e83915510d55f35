package io.drasi.it.faults;

import static io.drasi.it.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.drasi.api.source.SourceState;
import io.drasi.embedded.postgres.EmbeddedPostgres;
import io.drasi.embedded.postgres.ShutdownMode;
import io.drasi.it.support.Servers;
import io.drasi.it.support.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What happens at the server: either the stream goes on by itself and nothing is missing, or the
 * source says what is lost and how to mend it. {@code RecoveryIT} and {@code PromotionIT} have
 * restarts, crashes and promotions.
 */
@Tag("faults")
@ParameterizedClass
@MethodSource("io.drasi.it.support.Servers#versions")
class ServerFaultsIT {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final List<Summary.Case> CASES = new ArrayList<>();
  private static long doubled;

  @Parameter String version;

  @RegisterExtension final CaseLog log = new CaseLog();

  private EmbeddedPostgres server;
  private Scene scene;

  @BeforeEach
  void begin() throws Exception {
    EmbeddedPostgres.Builder builder = Servers.builder(version);
    if (isAtLeast(18)) {
      builder.withSetting("idle_replication_slot_timeout", "1s");
    }
    if (isAtLeast(13)) {
      builder.withSetting("max_slot_wal_keep_size", "64MB");
    }
    server = Servers.start(builder);
    scene = Scene.on(server, "scene");
  }

  @AfterEach
  void end(TestInfo test) {
    doubled += scene.doubled();
    log.toCase(version, test, scene.transactions()).ifPresent(CASES::add);
    scene.source().close();
    server.close();
  }

  @AfterAll
  static void report() throws Exception {
    new Summary("faults of servers", String.join(" and ", Servers.versions()), CASES, 0, doubled)
        .write();
    assertThat(doubled).as("transactions that came twice").isZero();
  }

  private boolean isAtLeast(int major) {
    return Integer.parseInt(version) >= major;
  }

  private void drop() throws Exception {
    eventually(
        "the slot is dropped",
        LONG,
        () -> {
          scene.terminate();
          return succeeds(
              "SELECT pg_drop_replication_slot('%s')".formatted(scene.database().slot()));
        });
  }

  private boolean succeeds(String sql) {
    try {
      scene.database().run(sql);
      return true;
    } catch (SQLException e) {
      return false; // the source may be faster, or the server busy with what was before
    }
  }

  @Test
  void goesOnWhenItsProcessIsEndedAtAnyMoment() throws Exception {
    var random = new Random(FaultPlan.seed());
    for (int i = 0; i < 5; i++) {
      TimeUnit.MILLISECONDS.sleep(random.nextInt(200));
      scene.terminate();
      scene.writeAndCompare();
    }
  }

  @Test
  void aFastShutdownDoesNotWaitForWhoHasNotAcknowledged() throws Exception {
    scene.load().round(); // acknowledged now and then, and never to the end
    server.stop(ShutdownMode.FAST);
    server.start();
    scene.reconnectLoad();
    scene.writeAndCompare();
  }

  @Test
  void goesOnAfterACrash() throws Exception {
    scene.load().round();
    server.stop(ShutdownMode.IMMEDIATE);
    server.start();
    scene.reconnectLoad();
    scene.writeAndCompare();
  }

  @Test
  void saysThatItsSlotWasDropped() throws Exception {
    drop();
    assertThat(scene.await(SourceState.FAILED))
        .contains("is gone", "bootstrap the subscribers again");
  }

  @Test
  void saysThatItsSlotWasInvalidatedForTheLogItKeeps() throws Exception {
    Servers.assumeSince(13, version, "slots are invalidated");
    scene.source().stop();
    for (int i = 0; i < 8; i++) {
      scene.load().round();
      scene.database().run("SELECT pg_switch_wal()");
    }
    scene.database().run("CHECKPOINT");
    scene.source().start();
    assertThat(scene.await(SourceState.FAILED))
        .contains("has been invalidated", "raise max_slot_wal_keep_size");
  }

  @Test
  void saysThatItsSlotWasInvalidatedForBeingIdle() throws Exception {
    assumeTrue(isAtLeast(18), "PostgreSQL 18 has idle_replication_slot_timeout");
    scene.source().stop();
    eventually(
        "the slot is invalidated",
        LONG,
        () -> {
          scene.database().run("CHECKPOINT");
          return scene
              .database()
              .ask(
                  "SELECT coalesce(invalidation_reason, '') FROM pg_replication_slots"
                      + " WHERE slot_name = '%s'".formatted(scene.database().slot()))
              .equals("idle_timeout");
        });
    scene.source().start();
    assertThat(scene.await(SourceState.FAILED))
        .contains("has been invalidated (idle_timeout)", "raise idle_replication_slot_timeout");
  }

  @Test
  void saysThatItsPublicationWasDroppedAndGoesOnOnceItIsBack() throws Exception {
    scene.database().run("DROP PUBLICATION drasi_publication");
    scene.load().last();
    assertThat(scene.await(SourceState.FAILED)).contains("drasi_publication");
  }

  @Test
  void goesOnWhenItsPublicationIsAltered() throws Exception {
    scene
        .database()
        .run(
            "CREATE TABLE more (id int PRIMARY KEY)",
            "ALTER PUBLICATION drasi_publication ADD TABLE more",
            "ALTER PUBLICATION drasi_publication DROP TABLE more");
    scene.writeAndCompare();
  }

  @Test
  void saysThatItsDatabaseWasDropped() throws Exception {
    try (TestDatabase other = TestDatabase.create(server)) {
      String name = scene.database().name();
      scene.load().disconnect();
      eventually(
          "the database is dropped",
          LONG,
          () -> {
            try {
              other.run(
                  "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '%s'"
                      .formatted(name),
                  "DROP DATABASE " + name);
              return true;
            } catch (SQLException e) {
              return false; // the source was faster
            }
          });
      assertThat(scene.await(SourceState.FAILED)).contains("SQLSTATE 3D000", "option database");
    }
  }

  @Test
  void saysThatItsPasswordWasChangedAndGoesOnOnceItIsAsBefore() throws Exception {
    String alter = "ALTER ROLE %s PASSWORD '%s'";
    scene.database().run(alter.formatted(TestDatabase.ROLE, "another"));
    scene.terminate();
    assertThat(scene.await(SourceState.FAILED)).contains("SQLSTATE 28P01");
    scene.database().run(alter.formatted(TestDatabase.ROLE, TestDatabase.PASSWORD));
    scene.source().start();
    scene.writeAndCompare();
  }

  @Test
  void waitsWhileThereAreTooManyConnections() throws Exception {
    String limit = "ALTER ROLE %s CONNECTION LIMIT %d";
    scene.database().run(limit.formatted(TestDatabase.ROLE, 0));
    scene.terminate();
    eventually(
        "too many connections",
        LONG,
        () -> scene.await(SourceState.RECONNECTING).contains("SQLSTATE 53300"));
    scene.database().run(limit.formatted(TestDatabase.ROLE, -1));
    scene.writeAndCompare();
  }
}
