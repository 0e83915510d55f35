package io.drasi.it;

import static io.drasi.it.support.Eventually.awaitRunning;
import static io.drasi.it.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.api.change.ElementValue;
import io.drasi.api.change.SourceChange;
import io.drasi.api.source.DispatchMode;
import io.drasi.api.source.ManagedSource;
import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.Subscription;
import io.drasi.api.source.SubscriptionEndedException;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.embedded.postgres.EmbeddedPostgres;
import io.drasi.it.support.Bootstraps;
import io.drasi.it.support.Follower;
import io.drasi.it.support.Servers;
import io.drasi.it.support.SubscriberCopy;
import io.drasi.it.support.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Twenty subscribers, one of which takes nothing for a long time. */
class StuckSubscriberIT {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration WAL_SENDER_TIMEOUT = Duration.ofSeconds(1);
  private static final int CAPACITY = 10;
  private static final int OTHERS = 19;

  /** So many of the others come before the one that is stuck. */
  private static final int BEFORE = 9;

  private static final int TRANSACTIONS = 100;
  private static final int TRANSACTION_BYTES = 100_000;

  private static EmbeddedPostgres server;

  private TestDatabase database;
  private final List<Follower> others = new ArrayList<>();

  @BeforeAll
  static void startServer() {
    server =
        Servers.start(
            Servers.builder(Servers.newest())
                .withSetting("wal_sender_timeout", WAL_SENDER_TIMEOUT.toMillis() + "ms"));
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void createDatabase() throws Exception {
    database = TestDatabase.create(server);
    database.run(
        "CREATE TABLE items (id int PRIMARY KEY, filling text)",
        "CREATE PUBLICATION drasi_publication FOR TABLE items");
  }

  @AfterEach
  void dropDatabase() throws Exception {
    others.forEach(Follower::close);
    database.close();
  }

  private ManagedSource source(DispatchMode mode) {
    return database
        .source("shop")
        .withDispatchMode(mode)
        .withDispatchBufferCapacity(CAPACITY)
        .build();
  }

  /** Subscribes all twenty. */
  private Subscription subscribe(ManagedSource source) {
    follow(source, BEFORE);
    Subscription stuck = source.subscribe(SubscriptionRequest.of("stuck"));
    follow(source, OTHERS - BEFORE);
    return stuck;
  }

  private void follow(ManagedSource source, int count) {
    for (int i = 0; i < count; i++) {
      String id = "other-" + others.size();
      others.add(Follower.start(source.subscribe(SubscriptionRequest.of(id))));
    }
  }

  /** Writes transactions of one long row each. */
  private void writeLongRows() throws Exception {
    database.run(
        "DO $$ BEGIN FOR i IN 1..%d LOOP".formatted(TRANSACTIONS)
            + " INSERT INTO items SELECT i, string_agg(md5(random()::text), '')"
            + " FROM generate_series(1, %d); COMMIT;".formatted(TRANSACTION_BYTES / 32)
            + " END LOOP; END $$");
  }

  /** How many transactions each of the others has. */
  private List<Long> counts() {
    return others.stream().map(other -> other.look(SubscriberCopy::transactions)).toList();
  }

  /** The stream stands still at the transaction that the stuck one has no room for. */
  private void awaitHeld(ManagedSource source) throws Exception {
    List<Long> expected = new ArrayList<>();
    for (int i = 0; i < OTHERS; i++) {
      expected.add(i < BEFORE ? CAPACITY + 1L : CAPACITY);
    }
    eventually(
        "the stuck one is named",
        LONG,
        () -> source.status().waitingFor().equals(Optional.of("the subscriber stuck")));
    eventually("the others have all that was handed out", LONG, () -> counts().equals(expected));
  }

  private static List<SourceEvent> take(Subscription subscription, int count)
      throws InterruptedException {
    List<SourceEvent> events = new ArrayList<>();
    while (events.size() < count) {
      events.add(subscription.poll(LONG).orElseThrow());
    }
    return events;
  }

  private static List<SourceEvent> takeQueued(Subscription subscription)
      throws InterruptedException {
    List<SourceEvent> events = new ArrayList<>();
    Optional<SourceEvent> event = subscription.poll(Duration.ZERO);
    while (event.isPresent()) {
      events.add(event.get());
      event = subscription.poll(Duration.ZERO);
    }
    return events;
  }

  private static void assertHasAll(List<SourceEvent> events) {
    var copy = new SubscriberCopy();
    events.forEach(copy::apply);
    assertThat(copy.transactions()).isEqualTo(TRANSACTIONS);
    assertThat(copy.mistakes()).isEmpty();
    assertThat(copy.elements()).hasSize(TRANSACTIONS);
  }

  /** The server's end of the connection. */
  private record WalSender(int pid, OffsetDateTime replyTime) {
    static WalSender read(Statement statement) throws SQLException {
      try (ResultSet result =
          statement.executeQuery("SELECT pid, reply_time FROM pg_stat_replication")) {
        assertThat(result.next()).as("the connection is up").isTrue();
        return new WalSender(result.getInt(1), result.getObject(2, OffsetDateTime.class));
      }
    }
  }

  private void awaitReportsFor(Duration duration) throws Exception {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      WalSender first = WalSender.read(statement);
      eventually(
          "it has reported for " + duration,
          LONG,
          () -> {
            WalSender now = WalSender.read(statement);
            assertThat(now.pid()).as("the process of the session").isEqualTo(first.pid());
            return !now.replyTime().isBefore(first.replyTime().plus(duration));
          });
    }
  }

  @Test
  void holdsTheStreamButNotTheConnection() throws Exception {
    try (ManagedSource source = source(DispatchMode.CHANNEL);
        Subscription stuck = subscribe(source)) {
      source.start();
      awaitRunning(source);
      writeLongRows();
      awaitHeld(source);
      List<Long> counts = counts();
      long bytes = source.metrics().bytes();
      assertThat(bytes).isLessThan((CAPACITY + 2L) * TRANSACTION_BYTES);

      awaitReportsFor(WAL_SENDER_TIMEOUT.multipliedBy(10));
      assertThat(counts()).as("what the others have").isEqualTo(counts);
      assertThat(source.metrics().bytes()).as("bytes received").isEqualTo(bytes);

      assertHasAll(take(stuck, TRANSACTIONS));
      for (Follower other : others) {
        eventually(
            "another has the rest",
            LONG,
            () -> other.look(SubscriberCopy::transactions) == TRANSACTIONS);
        assertThat(other.look(SubscriberCopy::mistakes)).isEmpty();
      }
      assertThat(source.metrics().sessions()).isEqualTo(1);
    }
  }

  @Test
  void isKeptNoMoreThanItsBufferHolds() throws Exception {
    try (ManagedSource source = source(DispatchMode.CHANNEL);
        Subscription stuck = subscribe(source)) {
      source.start();
      awaitRunning(source);
      writeLongRows();
      awaitHeld(source);
      source.stop();
      List<SourceEvent> events = takeQueued(stuck);
      assertThat(events).hasSize(CAPACITY);
      source.start();
      events.addAll(take(stuck, TRANSACTIONS - CAPACITY));
      assertHasAll(events);
    }
  }

  /** Writes transactions of one to three rows, fewer than a buffer holds. */
  private void writeSomeRows(int first) throws Exception {
    for (int transaction = first; transaction < first + 3; transaction++) {
      database.run(
          "INSERT INTO items SELECT %d * 10 + i FROM generate_series(0, %d) i"
              .formatted(transaction, transaction % 3));
    }
  }

  @Test
  void missesWhatTheOthersGetWithBroadcastAndIsToldHowMuch() throws Exception {
    try (ManagedSource source = source(DispatchMode.BROADCAST);
        Subscription stuck = subscribe(source);
        Subscription whole = source.subscribe(SubscriptionRequest.of("whole"))) {
      source.start();
      awaitRunning(source);
      List<SourceEvent> all = new ArrayList<>();
      for (int step = 0; step < 30; step += 3) {
        writeSomeRows(step);
        all.addAll(take(whole, 3));
        for (Follower other : others) {
          eventually(
              "another goes on",
              LONG,
              () -> other.look(SubscriberCopy::transactions) == all.size());
        }
      }
      List<SourceEvent> events = takeQueued(stuck);
      assertIsAllButWhatWasMissed(events, all);
      assertThat(events).hasAtLeastOneElementOfType(SourceEvent.Lagged.class);
      assertThat(events.stream().mapToLong(StuckSubscriberIT::changes).sum())
          .as("changes that were queued")
          .isLessThanOrEqualTo(CAPACITY);
      writeSomeRows(30);
      assertThat(take(stuck, 3)).isEqualTo(take(whole, 3));
      assertThat(source.metrics().sessions()).isEqualTo(1);
    }
  }

  @Test
  void aSubscriberWhoseThreadHasDiedIsNamedAndEndedWithBroadcastToo() throws Exception {
    try (ManagedSource source =
            database
                .source("shop")
                .withDispatchMode(DispatchMode.BROADCAST)
                .withSubscriberTimeout(Duration.ofSeconds(2))
                .build();
        Subscription dead = source.subscribe(SubscriptionRequest.of("dead"))) {
      follow(source, 1);
      source.start();
      awaitRunning(source);
      database.run("INSERT INTO items VALUES (0)");
      var worker = new FutureTask<>(() -> dead.poll(LONG));
      Thread thread = new Thread(worker, "worker-7");
      thread.start();
      assertThat(worker.get()).isPresent();
      thread.join();
      AtomicInteger id = new AtomicInteger();
      eventually(
          "it is ended",
          LONG,
          () -> {
            database.run("INSERT INTO items VALUES (%d)".formatted(id.incrementAndGet()));
            return source.metrics().subscriptions() == 1;
          });
      assertThat(takeQueuedUntilEnd(dead))
          .startsWith(
              "the subscriber dead (its thread worker-7 has ended)"
                  + " has taken none of its events for ");
      eventually(
          "nothing is kept for it",
          LONG,
          () -> source.metrics().confirmed().equals(source.metrics().received()));
    }
  }

  private static String takeQueuedUntilEnd(Subscription subscription) throws InterruptedException {
    try {
      while (true) {
        assertThat(subscription.poll(LONG)).isPresent();
      }
    } catch (SubscriptionEndedException e) {
      return String.valueOf(e.getMessage());
    }
  }

  @Test
  void withBroadcastWhoIsBootstrappedGetsTheTableAndWhatFollows() throws Exception {
    database.run(
        "GRANT SELECT ON items TO " + TestDatabase.ROLE,
        "INSERT INTO items SELECT i FROM generate_series(1, 5000) i");
    try (ManagedSource source =
        database
            .source("shop")
            .withDispatchMode(DispatchMode.BROADCAST)
            .withBootstrapProvider(Bootstraps.provider(database).build())
            .build()) {
      follow(source, 1);
      source.start();
      awaitRunning(source);
      database.run("DELETE FROM items WHERE id <= 10");
      try (Follower fresh =
          Follower.start(
              source.subscribe(SubscriptionRequest.builder("fresh").withBootstrap(true).build()))) {
        database.run("UPDATE items SET filling = 'new' WHERE id <= 100");
        eventually(
            "it has the table",
            LONG,
            () ->
                fresh.look(
                    copy ->
                        copy.elements().size() == 4990
                            && copy.elements().values().stream()
                                    .filter(row -> row.containsValue(new ElementValue.Text("new")))
                                    .count()
                                == 90));
        assertThat(fresh.look(SubscriberCopy::mistakes)).isEmpty();
      }
    }
  }

  private static void assertIsAllButWhatWasMissed(List<SourceEvent> events, List<SourceEvent> all) {
    Iterator<SourceEvent> expected = all.iterator();
    for (SourceEvent event : events) {
      if (event instanceof SourceEvent.Lagged lag) {
        long changes = 0;
        SourceEvent last = event;
        for (long missed = 0; missed < lag.missedTransactions(); missed++) {
          last = expected.next();
          changes += changes(last);
        }
        assertThat(lag.missedChanges()).isEqualTo(changes);
        assertThat(lag.position()).isEqualTo(((SourceEvent.Transaction) last).position());
      } else {
        assertThat(event).isEqualTo(expected.next());
      }
    }
    assertThat(expected.hasNext()).as("neither delivered nor told").isFalse();
  }

  private static long changes(SourceEvent event) {
    long changes = 0;
    if (event instanceof SourceEvent.Transaction transaction) {
      for (SourceChange change : transaction.changes()) {
        assertThat(change).isInstanceOf(SourceChange.Insert.class);
        changes++;
      }
    }
    return changes;
  }
}
