package io.drasi.it;

import static io.drasi.it.support.Eventually.awaitRunning;
import static io.drasi.it.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.drasi.api.source.Acknowledgement;
import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.SourceException;
import io.drasi.api.source.Subscription;
import io.drasi.api.source.SubscriptionEndedException;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.bootstrap.postgres.PostgresBootstrapProvider;
import io.drasi.embedded.postgres.EmbeddedPostgres;
import io.drasi.it.support.Servers;
import io.drasi.it.support.SubscriberCopy;
import io.drasi.it.support.TestDatabase;
import io.drasi.source.postgres.PostgresReplicationSource;
import io.drasi.source.postgres.SlotLossPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Where a slot is lost and the source is to go on, subscribers have all that the tables hold again,
 * or are told that they have not. Who fails instead is in {@code RemediesIT}.
 */
@ParameterizedClass
@MethodSource("io.drasi.it.support.Servers#versions")
class SlotLossIT {
  private static final Duration LONG = Duration.ofSeconds(60);

  @Parameter String version;

  @TempDir Path state;
  private EmbeddedPostgres server;
  private TestDatabase database;

  @BeforeEach
  void createDatabase() throws Exception {
    EmbeddedPostgres.Builder builder =
        Servers.builder(version)
            .withSetting("max_wal_size", "32MB")
            .withSetting("min_wal_size", "32MB");
    if (Servers.isAtLeast(13, version)) {
      builder.withSetting("max_slot_wal_keep_size", "1MB");
    }
    server = Servers.start(builder);
    database = TestDatabase.create(server);
    database.run(
        "CREATE TABLE items (id bigint PRIMARY KEY, name text)",
        "GRANT SELECT ON items TO " + TestDatabase.ROLE,
        "INSERT INTO items SELECT i, 'before' FROM generate_series(1, 100) i",
        "CREATE PUBLICATION drasi_publication FOR TABLE items");
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  private PostgresReplicationSource source() {
    return source(SlotLossPolicy.REBOOTSTRAP);
  }

  private PostgresReplicationSource source(SlotLossPolicy policy) {
    return database
        .source("shop")
        .withOnSlotLoss(policy)
        .withStateDir(state)
        .withBootstrapProvider(
            PostgresBootstrapProvider.builder()
                .withHost(server.host())
                .withPort(server.port())
                .withDatabase(database.name())
                .withUser(TestDatabase.ROLE)
                .withPassword(TestDatabase.PASSWORD)
                .build())
        .build();
  }

  private static SubscriptionRequest manual(String id, boolean bootstrap) {
    var request =
        SubscriptionRequest.builder(id)
            .withAcknowledgement(Acknowledgement.MANUAL)
            .withBootstrap(bootstrap);
    return request.build();
  }

  private static SubscriptionRequest bootstrapped(String id) {
    return SubscriptionRequest.builder(id).withBootstrap(true).build();
  }

  /** The source is away, and its slot is dropped. */
  private void dropSlot() throws Exception {
    eventually(
        "the server has let the slot go",
        LONG,
        () ->
            database
                .ask(
                    "SELECT active FROM pg_replication_slots WHERE slot_name = '%s'"
                        .formatted(database.slot()))
                .equals("f"));
    database.run("SELECT pg_drop_replication_slot('%s')".formatted(database.slot()));
  }

  /** The source is away for so long that the server gives its slot up. */
  private void outlastSlot() throws Exception {
    eventually(
        "the slot is lost",
        LONG,
        () -> {
          database.run(
              "CREATE TABLE IF NOT EXISTS filler (f text)",
              "INSERT INTO filler VALUES ('x')",
              "SELECT pg_switch_wal()",
              "CHECKPOINT");
          return database
              .ask(
                  "SELECT wal_status FROM pg_replication_slots WHERE slot_name = '%s'"
                      .formatted(database.slot()))
              .equals("lost");
        });
  }

  private void changeWhatIsLost() throws Exception {
    database.run(
        "UPDATE items SET name = 'changed' WHERE id <= 20",
        "DELETE FROM items WHERE id BETWEEN 21 AND 40",
        "INSERT INTO items SELECT i, 'new' FROM generate_series(101, 120) i");
  }

  /** Takes events until an item has come. */
  private static List<SourceEvent> until(long id, Subscription subscription, SubscriberCopy copy)
      throws InterruptedException {
    List<SourceEvent> events = new ArrayList<>();
    while (!copy.elements().containsKey("items:" + id)) {
      SourceEvent event = subscription.poll(LONG).orElseThrow();
      copy.apply(event);
      if (!(event instanceof SourceEvent.BootstrapProgress)) {
        events.add(event);
      }
    }
    return events;
  }

  private void requireEqual(SubscriberCopy copy) throws Exception {
    assertThat(copy.mistakes()).isEmpty();
    List<String> rows = new ArrayList<>();
    copy.elements().forEach((id, values) -> rows.add(id + values.get("name")));
    assertThat(String.join("\n", rows))
        .isEqualTo(
            database.ask(
                "SELECT string_agg('items:' || id || 'Text[value=' || name || ']', E'\\n' ORDER BY ('items:' || id) COLLATE \"C\") FROM items"));
  }

  private interface Loss {
    void strike() throws Exception;
  }

  private void survives(Loss loss) throws Exception {
    var copy = new SubscriberCopy();
    try (var source = source();
        Subscription subscription = source.subscribe(bootstrapped("copy"));
        Subscription following = source.subscribe(SubscriptionRequest.of("following"))) {
      source.start();
      awaitRunning(source);
      source.subscribe(manual("away", false)).close();
      database.run("INSERT INTO items VALUES (1000, 'first')");
      until(1000, subscription, copy);
      assertThat(following.poll(LONG)).isPresent();

      source.stop();
      changeWhatIsLost();
      loss.strike();
      source.start();

      assertThatExceptionOfType(SubscriptionEndedException.class)
          .isThrownBy(() -> following.poll(LONG))
          .withMessageContaining(database.slot())
          .withMessageContaining("following has to subscribe with a bootstrap");
      awaitRunning(source);
      database.run("INSERT INTO items VALUES (1001, 'last')");
      List<SourceEvent> events = until(1001, subscription, copy);
      assertThat(events.get(0)).isInstanceOf(SourceEvent.Resynchronizing.class);
      assertThat(((SourceEvent.Resynchronizing) events.get(0)).reason()).contains(database.slot());
      assertThat(events.get(1)).isInstanceOf(SourceEvent.BootstrapStarted.class);
      requireEqual(copy);
      requireRefused(source, "away");
    }
    try (var source = source()) {
      source.start();
      requireRefused(source, "away");
      try (Subscription back = source.subscribe(manual("away", true))) {
        var whole = new SubscriberCopy();
        until(1001, back, whole);
        requireEqual(whole);
      }
    }
  }

  /** Who has missed what is lost is not let on without a bootstrap. */
  private static void requireRefused(PostgresReplicationSource source, String id) {
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(() -> source.subscribe(manual(id, false)))
        .withMessage(
            "the replication slot was lost while away was away, and changes with it: subscribe"
                + " with a bootstrap, or call forget(\"away\")");
  }

  @Test
  void aDroppedSlotIsMadeAgainAndSubscribersAreBootstrappedAgain() throws Exception {
    survives(this::dropSlot);
  }

  @Test
  void anInvalidatedSlotIsReplacedAndSubscribersAreBootstrappedAgain() throws Exception {
    Servers.assumeSince(13, version, "slots are invalidated");
    survives(this::outlastSlot);
  }

  @Test
  void whoIsForgottenMayComeWithoutBootstrap() throws Exception {
    try (var source = source();
        Subscription subscription = source.subscribe(bootstrapped("copy"))) {
      source.start();
      until(100, subscription, new SubscriberCopy());
      source.subscribe(manual("away", false)).close();
      source.stop();
      dropSlot();
      source.start();
      awaitRunning(source);
      requireRefused(source, "away");
      source.forget("away");
      source.subscribe(manual("away", false)).close();
    }
  }

  /** A process has streamed and gone; changes come that nobody will see, as the slot goes, too. */
  private void streamAndLose() throws Exception {
    try (var source = source();
        Subscription subscription = source.subscribe(bootstrapped("copy"))) {
      source.start();
      until(100, subscription, new SubscriberCopy());
      source.subscribe(manual("away", false)).close();
    }
    changeWhatIsLost();
    dropSlot();
  }

  @Test
  void aSlotThatIsGoneWhenAProcessBeginsIsALossToo() throws Exception {
    streamAndLose();
    try (var source = source();
        Subscription subscription = source.subscribe(bootstrapped("copy"))) {
      source.start();
      var copy = new SubscriberCopy();
      List<SourceEvent> events = until(120, subscription, copy);
      assertThat(events.get(0)).isInstanceOf(SourceEvent.Resynchronizing.class);
      requireEqual(copy);
      requireRefused(source, "away");
    }
  }

  @Test
  void withPolicyFailItIsAFailureUntilTheOperatorBeginsAnew() throws Exception {
    streamAndLose();
    for (int process = 0; process < 2; process++) {
      try (var source = source(SlotLossPolicy.FAIL);
          Subscription subscription = source.subscribe(manual("away", false))) {
        source.start();
        assertThatExceptionOfType(SourceException.class)
            .isThrownBy(() -> subscription.poll(LONG))
            .withMessageContaining("the replication slot %s is gone".formatted(database.slot()))
            .withMessageContaining("remove the source's file from state_dir")
            .withMessageContaining("set on_slot_loss to rebootstrap");
      }
    }
    Files.delete(state.resolve("shop.subscribers"));
    try (var source = source(SlotLossPolicy.FAIL)) {
      source.start();
      awaitRunning(source);
    }
  }

  @Test
  void aSlotThatWasGivenUpIsNotMissed() throws Exception {
    try (var source = source();
        Subscription subscription = source.subscribe(bootstrapped("copy"))) {
      source.start();
      until(100, subscription, new SubscriberCopy());
      source.stop();
      source.deprovision();
    }
    try (var source = source(SlotLossPolicy.FAIL)) {
      source.start();
      awaitRunning(source);
    }
  }
}
