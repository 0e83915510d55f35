package io.drasi.it;

import static io.drasi.it.support.Bootstraps.EVERYTHING;
import static io.drasi.it.support.Bootstraps.OURS;
import static io.drasi.it.support.Bootstraps.awaitNothingLeft;
import static io.drasi.it.support.Bootstraps.awaitSlotWaitsFor;
import static io.drasi.it.support.Bootstraps.awaitWaitingFor;
import static io.drasi.it.support.Bootstraps.provider;
import static io.drasi.it.support.Bootstraps.setUp;
import static io.drasi.it.support.Bootstraps.start;
import static io.drasi.it.support.Bootstraps.startWaiting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.drasi.api.bootstrap.BootstrapException;
import io.drasi.api.bootstrap.BootstrapResult;
import io.drasi.api.bootstrap.BootstrapSink;
import io.drasi.api.change.SourceChange;
import io.drasi.api.source.SourcePosition;
import io.drasi.bootstrap.postgres.PostgresBootstrapProvider;
import io.drasi.embedded.postgres.EmbeddedPostgres;
import io.drasi.it.support.Eventually;
import io.drasi.it.support.Servers;
import io.drasi.it.support.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.PGConnection;

/** How far a bootstrap is, what it waits for, and who waits for it. */
@ParameterizedClass
@MethodSource("io.drasi.it.support.Servers#versions")
class BootstrapWaitsIT {
  private static final String WAITING =
      "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND " + OURS;

  @Parameter String version;

  private TestDatabase database;

  @BeforeEach
  void createDatabase() throws Exception {
    database = TestDatabase.create(Servers.shared(version));
  }

  @AfterEach
  void dropDatabase() throws Exception {
    database.close();
  }

  private void createShop() throws SQLException {
    createShop(database);
  }

  private static TestDatabase createShop(TestDatabase database) throws SQLException {
    setUp(
        database,
        "CREATE TABLE users (id int PRIMARY KEY)",
        "CREATE TABLE orders (id int PRIMARY KEY)",
        "CREATE TABLE private (id int PRIMARY KEY)",
        "INSERT INTO users VALUES (1)",
        "INSERT INTO orders VALUES (1), (2)",
        "CREATE PUBLICATION drasi_publication FOR TABLE users, orders");
    return database;
  }

  private static List<String> load(PostgresBootstrapProvider provider) throws InterruptedException {
    List<String> ids = new ArrayList<>();
    provider.bootstrap(
        EVERYTHING,
        batch ->
            batch.forEach(insert -> ids.add(insert.element().metadata().reference().elementId())));
    return ids;
  }

  /** A sink that keeps what it is told, and on which thread. */
  private static final class Listener implements BootstrapSink {
    final List<String> progress = new CopyOnWriteArrayList<>();
    final List<String> waits = new CopyOnWriteArrayList<>();
    final List<SourcePosition> positions = new CopyOnWriteArrayList<>();
    final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    final List<String> ids = new CopyOnWriteArrayList<>();

    @Override
    public void accept(List<SourceChange.Insert> batch) {
      threads.add(Thread.currentThread());
      batch.forEach(insert -> ids.add(insert.element().metadata().reference().elementId()));
    }

    @Override
    public void position(SourcePosition position) {
      assertThat(ids).as("the elements so far").isEmpty();
      positions.add(position);
    }

    @Override
    public void progress(long count, OptionalLong estimatedTotal) {
      threads.add(Thread.currentThread());
      progress.add(count + " of " + estimatedTotal.orElseThrow());
    }

    @Override
    public void waitingFor(String what) {
      threads.add(Thread.currentThread());
      waits.add(what);
    }
  }

  @Test
  void tellsHowFarItIsAndHowManyRowsThereMayBe() throws Exception {
    Servers.assumeSince(13, version, "partitions are published via their root");
    setUp(
        database,
        "CREATE TABLE users (id int PRIMARY KEY)",
        "INSERT INTO users SELECT generate_series(1, 3000)",
        "CREATE TABLE parts (id int PRIMARY KEY) PARTITION BY RANGE (id)",
        "CREATE TABLE parts_low PARTITION OF parts FOR VALUES FROM (0) TO (10)",
        "CREATE TABLE parts_high PARTITION OF parts FOR VALUES FROM (10) TO (30)",
        "INSERT INTO parts SELECT generate_series(0, 29)",
        "ANALYZE",
        "CREATE TABLE empty (id int PRIMARY KEY)",
        "CREATE PUBLICATION drasi_publication FOR TABLE users, parts, empty"
            + " WITH (publish_via_partition_root)");
    var listener = new Listener();
    BootstrapResult result = provider(database).build().bootstrap(EVERYTHING, listener);
    assertThat(listener.positions).containsExactly(result.position().orElseThrow());
    assertThat(listener.progress).startsWith("0 of 3030").endsWith("3030 of 3030");
    assertThat(listener.threads).containsExactly(Thread.currentThread());
  }

  @Test
  void estimatesTheRowsOfATableThatWasNeverAnalyzedByItsSize() throws Exception {
    setUp(
        database,
        "CREATE TABLE users (id int PRIMARY KEY, a text) WITH (autovacuum_enabled = false)",
        "INSERT INTO users SELECT i, repeat('x', 30) FROM generate_series(1, 10000) i",
        "CREATE PUBLICATION drasi_publication FOR TABLE users");
    var listener = new Listener();
    provider(database).build().bootstrap(EVERYTHING, listener);
    assertThat(Integer.parseInt(listener.progress.get(0).substring("0 of ".length())))
        .isBetween(5_000, 20_000);
  }

  /** Runs a bootstrap until it tells that it waits for something, then lets it end. */
  private static Listener awaitTold(PostgresBootstrapProvider provider, String what, End end)
      throws Exception {
    var listener = new Listener();
    var loading = new FutureTask<>(() -> provider.bootstrap(EVERYTHING, listener));
    Thread thread = start("bootstrap", loading);
    Eventually.eventually(
        what,
        Duration.ofSeconds(20),
        () -> loading.isDone() || listener.waits.stream().anyMatch(told -> told.contains(what)));
    assertThat(loading.isDone()).isFalse();
    end.theWait();
    loading.get(20, TimeUnit.SECONDS);
    assertThat(listener.threads).containsExactly(thread);
    return listener;
  }

  private interface End {
    void theWait() throws Exception;
  }

  @Test
  void tellsWhichTransactionsTheSnapshotWaitsFor() throws Exception {
    createShop();
    database.run("BEGIN; INSERT INTO users VALUES (99); PREPARE TRANSACTION 'it''s mine'");
    try (Connection open = database.connect()) {
      open.setAutoCommit(false);
      TestDatabase.run(open, "SET application_name = 'forgotten'");
      TestDatabase.run(open, "INSERT INTO users VALUES (100)");
      Listener told =
          awaitTold(
              provider(database).build(),
              "pid " + open.unwrap(PGConnection.class).getBackendPID(),
              () -> {
                open.rollback();
                database.run("COMMIT PREPARED 'it''s mine'");
              });
      assertThat(String.join("\n", told.waits))
          .contains("forgotten, for how long, pg_monitor may see)")
          .containsPattern("prepared transaction 'it''s mine' \\(.*, prepared \\d+ s ago\\)");
      assertThat(told.ids).contains("users:99").doesNotContain("users:100");
    }
  }

  /** A database on a server whose commits wait for ever from now on. */
  private static TestDatabase createSynchronous(EmbeddedPostgres server) throws Exception {
    TestDatabase shop = TestDatabase.create(server);
    setUp(
        shop,
        "CREATE TABLE users (id int PRIMARY KEY)",
        "CREATE PUBLICATION drasi_publication FOR TABLE users",
        "GRANT pg_monitor TO " + TestDatabase.ROLE);
    shop.run("ALTER SYSTEM SET synchronous_standby_names = 'nobody'", "SELECT pg_reload_conf()");
    Eventually.eventually(
        "the setting holds",
        Duration.ofSeconds(20),
        () -> shop.ask("SHOW synchronous_standby_names").equals("nobody"));
    return shop;
  }

  private static FutureTask<Boolean> startCommit(TestDatabase shop, String statement)
      throws Exception {
    var committing =
        new FutureTask<>(
            () -> {
              shop.run(statement);
              return true;
            });
    start("commit", committing);
    Eventually.eventually(
        "the commit waits",
        Duration.ofSeconds(20),
        () ->
            shop.ask("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
                .equals("1"));
    return committing;
  }

  private static void letCommit(TestDatabase shop) throws SQLException {
    shop.run("ALTER SYSTEM RESET synchronous_standby_names", "SELECT pg_reload_conf()");
  }

  @Test
  void tellsOfACommitThatWaitsForASynchronousStandby() throws Exception {
    try (EmbeddedPostgres server = Servers.start(Servers.builder(version));
        TestDatabase shop = createSynchronous(server)) {
      FutureTask<Boolean> committing = startCommit(shop, "INSERT INTO users VALUES (1)");
      Listener told =
          awaitTold(
              provider(shop).build(),
              "its commit waits for a synchronous standby, open for ",
              () -> letCommit(shop));
      assertThat(committing.get(20, TimeUnit.SECONDS)).isTrue();
      assertThat(told.ids).containsExactly("users:1");
    }
  }

  @Test
  void waitsForACommitThatTheSnapshotShowsThoughItIsStillUnderWay() throws Exception {
    try (EmbeddedPostgres server = Servers.start(Servers.builder(version));
        TestDatabase shop = createSynchronous(server);
        Connection first = shop.connect();
        Connection second = shop.connect()) {
      first.setAutoCommit(false);
      second.setAutoCommit(false);
      TestDatabase.run(first, "INSERT INTO users VALUES (100)");
      var listener = new Listener();
      var loading = new FutureTask<>(() -> provider(shop).build().bootstrap(EVERYTHING, listener));
      start("bootstrap", loading);
      awaitSlotWaitsFor(shop, first);
      TestDatabase.run(second, "INSERT INTO users VALUES (101)");
      first.rollback();
      awaitSlotWaitsFor(shop, second);
      // From here on the slot waits for no transaction that begins.
      FutureTask<Boolean> committing = startCommit(shop, "INSERT INTO users VALUES (1)");
      second.rollback();
      Eventually.eventually(
          "it tells of the commit",
          Duration.ofSeconds(20),
          () ->
              loading.isDone()
                  || listener.waits.stream()
                      .anyMatch(told -> told.startsWith("commits that are under way: pid ")));
      assertThat(loading.isDone()).isFalse();
      letCommit(shop);
      loading.get(20, TimeUnit.SECONDS);
      assertThat(listener.ids).containsExactly("users:1");
      assertThat(committing.get(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void theLastTransactionsBeforeTheSnapshotMayBeRolledBack() throws Exception {
    createShop();
    try (Connection first = database.connect();
        Connection second = database.connect();
        Connection third = database.connect()) {
      openTransaction(first, 100);
      var loading = new FutureTask<>(() -> load(provider(database).build()));
      start("bootstrap", loading);
      awaitSlotWaitsFor(database, first);
      openTransaction(second, 101);
      first.rollback();
      awaitSlotWaitsFor(database, second);
      // While one is open, the snapshot's xmax is not read from the log anew.
      openTransaction(third, 102);
      second.rollback();
      assertThat(loading.get(20, TimeUnit.SECONDS))
          .containsExactlyInAnyOrder("users:1", "orders:1", "orders:2");
    }
  }

  private static void openTransaction(Connection connection, int id) throws SQLException {
    connection.setAutoCommit(false);
    TestDatabase.run(connection, "INSERT INTO users VALUES (%d)".formatted(id));
  }

  @Test
  void aTruncateThatComesBeforeTheSnapshotIsLetPass() throws Exception {
    createShop();
    try (Connection open = database.connect()) {
      open.setAutoCommit(false);
      TestDatabase.run(open, "INSERT INTO private VALUES (100)");
      var loading = new FutureTask<>(() -> load(provider(database).build()));
      start("bootstrap", loading);
      Eventually.eventually(
          "the slot waits", Duration.ofSeconds(20), () -> !database.ask(WAITING).equals("0"));
      assertThat(startWaiting(database, "orders", "TRUNCATE orders").get(20, TimeUnit.SECONDS))
          .isTrue();
      assertThat(loading.isDone()).isFalse();
      open.rollback();
      assertThat(loading.get(20, TimeUnit.SECONDS)).containsExactly("users:1");
      awaitNothingLeft(database);
    }
  }

  private static void limitConnections(TestDatabase shop, int connections) throws SQLException {
    shop.run("ALTER ROLE %s CONNECTION LIMIT %d".formatted(TestDatabase.ROLE, connections));
  }

  @Test
  void failsBeforeAnythingIsLockedWhereNoConnectionIsLeftToWatchTheSlot() throws Exception {
    try (EmbeddedPostgres server = Servers.start(Servers.builder(version));
        TestDatabase shop = createShop(TestDatabase.create(server))) {
      limitConnections(shop, 1);
      assertThatExceptionOfType(BootstrapException.class)
          .isThrownBy(() -> load(provider(shop).build()))
          .withMessageContaining("[SQLSTATE 53300]")
          .withMessageContaining("or the role's CONNECTION LIMIT");
      limitConnections(shop, 10);
      assertThat(load(provider(shop).build()))
          .containsExactlyInAnyOrder("users:1", "orders:1", "orders:2");
    }
  }

  /** Of a bootstrap whose slot waits, the only connection that is in no transaction. */
  private static final String WATCH =
      " FROM pg_stat_activity WHERE state = 'idle' AND backend_type = 'client backend' AND " + OURS;

  @Test
  void aTruncateIsLetPassThoughTheWatchHasLostItsConnectionMeanwhile() throws Exception {
    try (EmbeddedPostgres server = Servers.start(Servers.builder(version));
        TestDatabase shop = createShop(TestDatabase.create(server));
        Connection open = shop.connect()) {
      openTransaction(open, 100);
      var listener = new Listener();
      var loading = new FutureTask<>(() -> provider(shop).build().bootstrap(EVERYTHING, listener));
      start("bootstrap", loading);
      awaitSlotWaitsFor(shop, open);
      limitConnections(shop, 0);
      Eventually.eventually(
          "the watch is not looking, and its connection is cut",
          Duration.ofSeconds(20),
          () -> shop.ask("SELECT count(pg_terminate_backend(pid))" + WATCH).equals("1"));
      FutureTask<Boolean> truncating = startWaiting(shop, "orders", "TRUNCATE orders");
      open.rollback();
      Eventually.eventually(
          "it tells that it cannot see",
          Duration.ofSeconds(20),
          () -> String.join("\n", listener.waits).contains("which ones cannot be seen: "));
      assertThat(String.join("\n", listener.waits)).contains("or the role's CONNECTION LIMIT");
      limitConnections(shop, -1);
      assertThat(truncating.get(20, TimeUnit.SECONDS)).isTrue();
      loading.get(20, TimeUnit.SECONDS);
      assertThat(listener.ids).containsExactly("users:1");
      awaitNothingLeft(shop);
    }
  }

  /** The partition of {@code users} is locked with it, after {@code orders}; else nothing is. */
  private void createShopWithPartition() throws SQLException {
    Servers.assumeSince(13, version, "partitions are published via their root");
    setUp(
        database,
        "CREATE TABLE orders (id int PRIMARY KEY)",
        "CREATE TABLE users (id int PRIMARY KEY) PARTITION BY RANGE (id)",
        "CREATE TABLE users_1 PARTITION OF users DEFAULT",
        "INSERT INTO orders VALUES (1), (2)",
        "INSERT INTO users VALUES (1)",
        "CREATE PUBLICATION drasi_publication FOR TABLE users, orders"
            + " WITH (publish_via_partition_root)");
  }

  @Test
  void aTruncateThatComesWhileTheTablesAreLockedIsLetPass() throws Exception {
    createShopWithPartition();
    try (Connection locking = database.connect()) {
      locking.setAutoCommit(false);
      TestDatabase.run(locking, "LOCK TABLE users_1");
      var provider = provider(database).withParallelism(4).build();
      var loading = new FutureTask<>(() -> load(provider));
      start("bootstrap", loading);
      awaitWaitingFor(database, "users_1");
      FutureTask<Boolean> truncating = startWaiting(database, "orders", "TRUNCATE orders");
      locking.rollback();
      assertThat(truncating.get(20, TimeUnit.SECONDS)).isTrue();
      assertThat(loading.get(20, TimeUnit.SECONDS)).containsExactly("users:1");
    }
  }

  @Test
  void whoeverWouldBeInADeadlockWithTheLocksIsLetPass() throws Exception {
    createShopWithPartition();
    database.run(
        "ALTER ROLE %s IN DATABASE %s SET deadlock_timeout = '3s'"
            .formatted(TestDatabase.ROLE, database.name()));
    try (Connection locking = database.connect()) {
      locking.setAutoCommit(false);
      TestDatabase.run(locking, "SET deadlock_timeout = '1min'");
      TestDatabase.run(locking, "LOCK TABLE users_1");
      var loading = new FutureTask<>(() -> load(provider(database).build()));
      start("bootstrap", loading);
      awaitWaitingFor(database, "users_1");
      TestDatabase.run(locking, "LOCK TABLE orders");
      TestDatabase.run(locking, "DELETE FROM orders WHERE id = 1");
      locking.commit();
      assertThat(loading.get(20, TimeUnit.SECONDS))
          .containsExactlyInAnyOrder("users:1", "orders:2");
    }
  }
}
