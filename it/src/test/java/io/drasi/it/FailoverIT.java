package io.drasi.it;

import static io.drasi.it.support.Eventually.awaitRunning;
import static io.drasi.it.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.drasi.api.source.ManagedSource;
import io.drasi.api.source.SourceException;
import io.drasi.api.source.SourceState;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.bootstrap.postgres.PostgresBootstrapProvider;
import io.drasi.embedded.postgres.EmbeddedPostgres;
import io.drasi.embedded.postgres.ShutdownMode;
import io.drasi.it.support.Follower;
import io.drasi.it.support.Servers;
import io.drasi.it.support.ShopWriter;
import io.drasi.it.support.Standby;
import io.drasi.it.support.SubscriberCopy;
import io.drasi.it.support.Tables;
import io.drasi.it.support.TestDatabase;
import io.drasi.postgres.protocol.TargetSession;
import io.drasi.source.postgres.PostgresReplicationSource;
import io.drasi.source.postgres.SlotLossPolicy;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** A standby takes the primary's place, or is streamed from itself. */
@ParameterizedClass
@MethodSource("io.drasi.it.support.Servers#newestUnlessMatrix")
class FailoverIT {
  private static final Duration LONG = Duration.ofSeconds(60);

  @Parameter String version;

  private EmbeddedPostgres primary;
  private TestDatabase database;
  private Standby standby;

  @BeforeEach
  void startServers() throws Exception {
    primary = Servers.start(Standby.primary(version));
    database = TestDatabase.create(primary);
    ShopWriter.createSchema(database);
    database.run("GRANT SELECT ON ALL TABLES IN SCHEMA public TO " + TestDatabase.ROLE);
    standby = Standby.of(database, version);
  }

  @AfterEach
  void stopServers() {
    standby.close();
    primary.close();
  }

  private boolean isAtLeast(int wanted) {
    return Integer.parseInt(version) >= wanted;
  }

  private String bothServers() {
    return "127.0.0.1:%d,127.0.0.1:%d".formatted(primary.port(), standby.server().port());
  }

  private PostgresReplicationSource.Builder source() {
    return database
        .source("failover")
        .withHost(bothServers())
        .withConnection(connection -> connection.withTarget(TargetSession.READ_WRITE));
  }

  private PostgresBootstrapProvider provider(String host) {
    return PostgresBootstrapProvider.builder()
        .withHost(host)
        .withDatabase(database.name())
        .withUser(TestDatabase.ROLE)
        .withPassword(TestDatabase.PASSWORD)
        .withConnection(connection -> connection.withTarget(TargetSession.ANY))
        .build();
  }

  private static void write(TestDatabase where, int from, int to) throws Exception {
    for (int id = from; id <= to; id++) {
      where.run("INSERT INTO items VALUES (%d, 'one', 1)".formatted(id));
    }
  }

  private static void awaitCopy(Follower follower, int elements) throws Exception {
    eventually(
        "the copy has " + elements,
        LONG,
        () -> follower.look(copy -> copy.elements().size() == elements));
  }

  private static void requireEqual(Follower follower, TestDatabase where) throws Exception {
    assertThat(follower.look(SubscriberCopy::mistakes)).isEmpty();
    assertThat(follower.look(SubscriberCopy::elements)).isEqualTo(Tables.rows(where));
  }

  private void failOver() throws Exception {
    primary.stop(ShutdownMode.IMMEDIATE);
    standby.promote();
  }

  @Test
  void aSlotForStandbysSurvivesTheFailover() throws Exception {
    assumeTrue(isAtLeast(17), "standbys have slots since PostgreSQL 17");
    try (var source = source().withSlotFailover(true).build();
        Follower follower = Follower.start(source.subscribe(SubscriptionRequest.of("one")))) {
      source.start();
      awaitRunning(source);
      write(database, 1, 20);
      awaitCopy(follower, 20);
      standby.awaitSlot(database.slot());
      write(database, 21, 40);
      awaitCopy(follower, 40);
      failOver();
      write(standby.database(), 41, 60);
      awaitCopy(follower, 60);
      requireEqual(follower, standby.database());
      assertThat(follower.look(SubscriberCopy::transactions)).isEqualTo(60);
      assertThat(source.metrics().received().orElseThrow().toString())
          .as("on the second timeline")
          .matches("\\d+-2-.*");
    }
  }

  @Test
  void aSlotThatIsThereAlreadyBecomesOneForStandbys() throws Exception {
    assumeTrue(isAtLeast(17), "standbys have slots since PostgreSQL 17");
    String failover =
        "SELECT failover FROM pg_replication_slots WHERE slot_name = '%s'"
            .formatted(database.slot());
    for (boolean wanted : new boolean[] {false, true}) {
      try (var source = source().withSlotFailover(wanted).build()) {
        source.start();
        awaitRunning(source);
        assertThat(database.ask(failover)).isEqualTo(wanted ? "t" : "f");
      }
    }
  }

  @Test
  void slotsForStandbysAreRefusedWhereTheServerHasNone() throws Exception {
    assumeTrue(!isAtLeast(17), "this server has them");
    try (var source = source().withSlotFailover(true).build()) {
      source.start();
      assertThat(awaitFailure(source))
          .startsWith("slot_failover needs PostgreSQL 17 or later; this is " + version);
    }
  }

  private static String awaitFailure(ManagedSource source) throws Exception {
    eventually("the source fails", LONG, () -> source.status().state() == SourceState.FAILED);
    return source.status().error().orElseThrow().getMessage();
  }

  @Test
  void aSlotThatTheStandbyHasNotIsALossThatIsTold() throws Exception {
    try (var source = source().build();
        var subscription = source.subscribe(SubscriptionRequest.of("one"))) {
      source.start();
      awaitRunning(source);
      failOver();
      assertThat(awaitFailure(source)).contains("the replication slot " + database.slot());
      assertThatExceptionOfType(SourceException.class)
          .isThrownBy(() -> subscription.poll(LONG))
          .withMessageContaining("is gone, and with it the changes");
    }
  }

  @Test
  void withoutTheSlotSubscribersAreBootstrappedAgainWhereThatIsWanted() throws Exception {
    try (var source =
            source()
                .withOnSlotLoss(SlotLossPolicy.REBOOTSTRAP)
                .withBootstrapProvider(provider(bothServers()))
                .build();
        Follower follower =
            Follower.start(
                source.subscribe(SubscriptionRequest.builder("one").withBootstrap(true).build()))) {
      write(database, 1, 20);
      source.start();
      awaitCopy(follower, 20);
      write(database, 21, 21); // comes when the bootstrap is complete
      awaitCopy(follower, 21);
      standby.awaitReplayed(database);
      failOver();
      write(standby.database(), 22, 30);
      awaitCopy(follower, 30);
      requireEqual(follower, standby.database());
      assertThat(follower.look(SubscriberCopy::bootstraps)).isEqualTo(2);
    }
  }

  @Test
  void whereStandbysDoNotDecodeTheirPromotionIsWaitedFor() throws Exception {
    assumeTrue(!isAtLeast(16), "standbys decode since PostgreSQL 16");
    try (var source =
        database.source("waiting").withHost("127.0.0.1:" + standby.server().port()).build()) {
      source.subscribe(SubscriptionRequest.of("one"));
      source.start();
      eventually(
          "the source tells what it waits for; " + source.status(),
          LONG,
          () ->
              source
                  .status()
                  .error()
                  .filter(e -> e.getMessage().contains("this server is a standby"))
                  .isPresent());
      assertThat(source.status().state()).isNotEqualTo(SourceState.FAILED);
      failOver();
      awaitRunning(source);
    }
  }

  @Test
  void aStandbyIsStreamedAndBootstrappedFrom() throws Exception {
    assumeTrue(isAtLeast(16), "standbys decode since PostgreSQL 16");
    String host = "127.0.0.1:" + standby.server().port();
    write(database, 1, 20);
    try (var source =
            database
                .source("standby")
                .withHost(host)
                .withBootstrapProvider(provider(host))
                .build();
        Follower follower =
            Follower.start(
                source.subscribe(SubscriptionRequest.builder("one").withBootstrap(true).build()))) {
      source.start();
      eventually(
          "the slots of the source and the bootstrap are made",
          LONG,
          () -> {
            database.run("SELECT pg_log_standby_snapshot()"); // or it would wait for the next one
            return follower.look(copy -> copy.elements().size() == 20);
          });
      write(database, 21, 40);
      awaitCopy(follower, 40);
      requireEqual(follower, database);
    }
  }
}
