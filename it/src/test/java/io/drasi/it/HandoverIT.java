package io.drasi.it;

import static io.drasi.it.support.Bootstraps.awaitSlotWaitsFor;
import static io.drasi.it.support.Bootstraps.startWaiting;
import static io.drasi.it.support.Eventually.awaitRunning;
import static io.drasi.it.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.drasi.api.bootstrap.BootstrapException;
import io.drasi.api.source.ManagedSource;
import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.Subscription;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.bootstrap.postgres.PostgresBootstrapProvider;
import io.drasi.embedded.postgres.EmbeddedPostgres;
import io.drasi.it.support.Follower;
import io.drasi.it.support.Servers;
import io.drasi.it.support.ShopWriter;
import io.drasi.it.support.SubscriberCopy;
import io.drasi.it.support.Tables;
import io.drasi.it.support.TestDatabase;
import io.drasi.it.support.Transactions;
import io.drasi.it.support.WalRecord;
import io.drasi.postgres.decoder.position.PostgresPosition;
import io.drasi.postgres.protocol.message.Lsn;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A subscriber gets what the tables hold and then every change to them, whatever goes on when it
 * comes: nothing is missing, and nothing comes twice.
 */
@ParameterizedClass
@MethodSource("io.drasi.it.support.Servers#versions")
class HandoverIT {
  private static final Duration LONG = Duration.ofSeconds(60);

  @Parameter String version;

  private EmbeddedPostgres server;
  private TestDatabase database;
  private ManagedSource source;

  @BeforeEach
  void start() throws Exception {
    server = Servers.start(Servers.builder(version));
    database = TestDatabase.create(server);
    ShopWriter.createSchema(database);
    database.run("GRANT SELECT ON items, ledger TO " + TestDatabase.ROLE);
    source = database.source("shop").withBootstrapProvider(provider(database)).build();
    source.start();
  }

  private static PostgresBootstrapProvider provider(TestDatabase database) {
    return PostgresBootstrapProvider.builder()
        .withHost(database.server().host())
        .withPort(database.server().port())
        .withDatabase(database.name())
        .withUser(TestDatabase.ROLE)
        .withPassword(TestDatabase.PASSWORD)
        .build();
  }

  @AfterEach
  void stop() {
    source.close();
    server.close();
  }

  private static SubscriptionRequest bootstrapped(String id) {
    return SubscriptionRequest.builder(id).withBootstrap(true).build();
  }

  private void awaitEqual(Follower follower) throws Exception {
    var expected = Tables.rows(database);
    eventually(
        "the copy equals the table; " + source.status(),
        LONG,
        () -> follower.look(copy -> copy.elements().equals(expected)));
    assertThat(follower.look(SubscriberCopy::mistakes)).isEmpty();
    assertThat(follower.doubled()).isZero();
  }

  @Test
  void subscribersThatComeWhileOthersWriteSeeTheTableAndEveryChange() throws Exception {
    List<Follower> followers = new ArrayList<>();
    try (var writer = ShopWriter.start(database, 1)) {
      for (int i = 0; i < 5; i++) {
        long goal = writer.committed() + 60;
        eventually("more was written", LONG, () -> writer.committed() >= goal);
        followers.add(Follower.start(source.subscribe(bootstrapped("follower-" + i))));
      }
      long goal = writer.committed() + 100;
      eventually("more was written", LONG, () -> writer.committed() >= goal);
    }
    for (Follower follower : followers) {
      awaitEqual(follower);
      follower.close();
    }
  }

  private interface Holder {
    /** Lets go of the transaction that the snapshot waits for. */
    void release() throws Exception;
  }

  /** A subscriber comes while a transaction is open that began before. */
  private void waitsFor(String holder, Holder transaction) throws Exception {
    try (Subscription subscription = source.subscribe(bootstrapped("patient"));
        Follower follower = Follower.start(subscription)) {
      eventually(
          "the status names what is waited for; " + source.status(),
          LONG,
          () -> source.status().waitingFor().orElse("").contains(holder));
      assertThat(follower.look(SubscriberCopy::elements)).isEmpty();
      transaction.release();
      database.run("INSERT INTO items VALUES (3, 'after', 3)");
      awaitEqual(follower);
    }
  }

  /** Somebody follows from the start, so that the slot is there before the transaction is. */
  private Follower followFromTheStart() throws Exception {
    Follower follower = Follower.start(source.subscribe(bootstrapped("early")));
    database.run("INSERT INTO items VALUES (1, 'before', 1)");
    awaitEqual(follower);
    return follower;
  }

  @Test
  void aTransactionThatIsOpenWhenTheSubscriberComesIsSeenOnce() throws Exception {
    try (Follower early = followFromTheStart();
        Connection connection = database.connect()) {
      connection.setAutoCommit(false);
      TestDatabase.run(connection, "INSERT INTO items VALUES (2, 'open', 2)");
      waitsFor("pid " + pidOf(connection), connection::commit);
      awaitEqual(early);
    }
  }

  private static String pidOf(Connection connection) throws Exception {
    return ask(connection, "SELECT pg_backend_pid()");
  }

  private static String ask(Connection connection, String sql) throws Exception {
    try (var statement = connection.createStatement();
        var result = statement.executeQuery(sql)) {
      result.next();
      return result.getString(1);
    }
  }

  @Test
  void aPreparedTransactionIsSeenOnce() throws Exception {
    try (Follower early = followFromTheStart()) {
      database.run("BEGIN; INSERT INTO items VALUES (2, 'prepared', 2); PREPARE TRANSACTION 'p1'");
      waitsFor("prepared transaction 'p1'", () -> database.run("COMMIT PREPARED 'p1'"));
      awaitEqual(early);
    }
  }

  @Test
  void aCommitThatWaitsForAStandbyIsSeenOnce() throws Exception {
    try (Follower early = followFromTheStart()) {
      PendingCommit pending = commitWithoutStandby(2);
      assertThat(database.ask("SELECT count(*) FROM items")).as("not visible yet").isEqualTo("1");
      waitsFor("pid " + pending.pid(), pending::release);
      awaitEqual(early);
    }
  }

  /**
   * A commit that is in the log and waits for a standby that does not exist.
   *
   * @param pid the process that waits
   * @param committing is done when it does not wait any more
   */
  private record PendingCommit(TestDatabase database, String pid, FutureTask<?> committing) {
    void release() throws Exception {
      database.run("ALTER SYSTEM RESET synchronous_standby_names", "SELECT pg_reload_conf()");
      committing.get();
    }
  }

  private PendingCommit commitWithoutStandby(int id) throws Exception {
    database.run(
        "ALTER SYSTEM SET synchronous_standby_names = 'nobody'", "SELECT pg_reload_conf()");
    eventually(
        "the setting is in force",
        LONG,
        () -> database.ask("SHOW synchronous_standby_names").equals("nobody"));
    Connection connection = database.connect();
    String pid = pidOf(connection);
    String insert = "INSERT INTO items VALUES (%d, 'pending', 0)".formatted(id);
    var committing =
        new FutureTask<>(
            () -> {
              try (connection) {
                TestDatabase.run(connection, insert);
              }
              return id;
            });
    new Thread(committing, "committing").start();
    String waits =
        "SELECT count(*) FROM pg_stat_activity WHERE pid = %s AND wait_event = 'SyncRep'";
    eventually(
        "the commit is in the log and waits",
        LONG,
        () -> database.ask(waits.formatted(pid)).equals("1"));
    return new PendingCommit(database, pid, committing);
  }

  /**
   * Such a commit has its record before the snapshot's place in the log, so the snapshot shows it,
   * while no other reader sees it.
   */
  @Test
  void aCommitThatTheSnapshotShowsBeforeItIsCompleteIsSeenOnce() throws Exception {
    try (Follower early = followFromTheStart();
        Connection first = database.connect();
        Connection second = database.connect()) {
      open(first, 2);
      Subscription subscription = source.subscribe(bootstrapped("patient"));
      try (Follower follower = Follower.start(subscription)) {
        awaitStatus("pid " + pidOf(first));
        open(second, 3);
        first.commit();
        awaitStatus("pid " + pidOf(second));
        PendingCommit pending = commitWithoutStandby(4);
        second.commit();
        awaitStatus("commits that are under way: pid " + pending.pid());
        pending.release();
        awaitEqual(follower);
      }
      awaitEqual(early);
    }
  }

  private static void open(Connection connection, int id) throws Exception {
    connection.setAutoCommit(false);
    TestDatabase.run(connection, "SET synchronous_commit = local");
    TestDatabase.run(connection, "INSERT INTO items VALUES (%d, 'open', 0)".formatted(id));
  }

  private static long xidOf(Connection connection) throws Exception {
    return Long.parseLong(ask(connection, "SELECT txid_current()"));
  }

  private void awaitStatus(String part) throws Exception {
    eventually(
        "the status names what is waited for: " + part,
        LONG,
        () -> source.status().waitingFor().orElse("").contains(part));
  }

  /**
   * The log around the snapshot's place P: a commit; the list of running transactions that ends at
   * P; a commit. Nearer a commit cannot end, since P is always the end of such a list. That nothing
   * lies between is read from the log. Where the server has put something there, as it does now and
   * then, the same is done once more.
   */
  @Test
  void theLastCommitBeforeTheSnapshotAndTheFirstOneAfterItAreSeenOnce() throws Exception {
    try (Follower early = followFromTheStart()) {
      boolean adjacent = false;
      for (int attempt = 1; attempt <= 5 && !adjacent; attempt++) {
        adjacent = commitBeforeAndAfterTheSnapshot(10 * attempt);
        awaitEqual(early);
      }
      assertThat(adjacent).as("the commits lie at the boundary").isTrue();
    }
  }

  /** Three transactions; gives whether the log has nothing between the last two and P. */
  private boolean commitBeforeAndAfterTheSnapshot(int id) throws Exception {
    try (Connection first = database.connect();
        Connection second = database.connect();
        Connection third = database.connect()) {
      open(first, id);
      try (Subscription subscription = source.subscribe(bootstrapped("boundary-" + id))) {
        awaitSlotWaitsFor(database, first);
        open(second, id + 1);
        long before = xidOf(second);
        first.commit();
        awaitSlotWaitsFor(database, second);
        open(third, id + 2); // for which the slot does not wait any more
        long after = xidOf(third);
        second.commit();
        var copy = new SubscriberCopy();
        Lsn place = bootstrap(subscription, copy);
        assertThat(copy.elements())
            .containsKeys("items:" + id, "items:" + (id + 1))
            .doesNotContainKey("items:" + (id + 2));
        third.commit();
        database.run("INSERT INTO items VALUES (%d, 'later', 0)".formatted(id + 3));
        for (int next = id + 2; next <= id + 3; next++) {
          SourceEvent.Transaction transaction = Transactions.next(subscription);
          assertThat(Transactions.inserted(transaction)).containsExactly("items:" + next);
          copy.apply(transaction);
        }
        assertThat(copy.elements()).isEqualTo(Tables.rows(database));
        assertThat(copy.mistakes()).isEmpty();
        return areAdjacent(before, place, after);
      }
    }
  }

  /** Gives the place of the snapshot. */
  private static Lsn bootstrap(Subscription subscription, SubscriberCopy copy) throws Exception {
    while (true) {
      SourceEvent event = subscription.poll(LONG).orElseThrow();
      copy.apply(event);
      if (event instanceof SourceEvent.BootstrapCompleted completed) {
        return ((PostgresPosition) completed.position()).endLsn();
      }
    }
  }

  private boolean areAdjacent(long before, Lsn place, long after) throws Exception {
    WalRecord following = WalRecord.at(database, place);
    if (!following.isCommitOf(after)) {
      return false;
    }
    WalRecord list = WalRecord.at(database, following.previous());
    return list.isRunningTransactions()
        && WalRecord.at(database, list.previous()).isCommitOf(before);
  }

  @Test
  void aSlotMadeByHandServesBootstrapsAndWhatWasWrittenSinceItIsThere() throws Exception {
    awaitRunning(source);
    source.deprovision();
    source.close();
    database.run(
        "INSERT INTO items VALUES (1, 'before', 1)",
        "SELECT pg_create_logical_replication_slot('%s', 'pgoutput')".formatted(database.slot()),
        "INSERT INTO items VALUES (2, 'since', 2)",
        "INSERT INTO items VALUES (3, 'since', 3)");
    source = database.source("shop").withBootstrapProvider(provider(database)).build();
    try (Subscription streaming = source.subscribe(SubscriptionRequest.of("streaming"));
        Follower early = Follower.start(source.subscribe(bootstrapped("early")))) {
      source.start();
      database.run("INSERT INTO items VALUES (4, 'after', 4)");
      for (int id = 2; id <= 4; id++) {
        assertThat(Transactions.inserted(Transactions.next(streaming)))
            .containsExactly("items:" + id);
      }
      awaitEqual(early);
      try (Follower late = Follower.start(source.subscribe(bootstrapped("late")))) {
        database.run("UPDATE items SET amount = 5 WHERE id <= 2");
        awaitEqual(late);
        awaitEqual(early);
      }
    }
  }

  /** They give the table another file. */
  static List<String> rewrites() {
    return List.of("ALTER TABLE items ALTER COLUMN amount TYPE bigint", "VACUUM FULL items");
  }

  private String file() throws Exception {
    return database.ask("SELECT pg_relation_filenode('items')");
  }

  @ParameterizedTest
  @MethodSource("rewrites")
  void aRewriteThatComesWhileTheSnapshotIsMadeEndsBeforeIt(String rewrite) throws Exception {
    try (Follower early = followFromTheStart();
        Connection holder = database.connect()) {
      holder.setAutoCommit(false);
      TestDatabase.run(holder, "INSERT INTO ledger (changes) VALUES (0)");
      try (Follower follower = Follower.start(source.subscribe(bootstrapped("patient")))) {
        awaitSlotWaitsFor(database, holder);
        String before = file();
        assertThat(startWaiting(database, "items", rewrite).get(20, TimeUnit.SECONDS)).isTrue();
        assertThat(file()).isNotEqualTo(before);
        assertThat(follower.look(SubscriberCopy::elements)).isEmpty();
        holder.commit();
        database.run("INSERT INTO items VALUES (3, 'after', 3)");
        awaitEqual(follower);
        awaitEqual(early);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("rewrites")
  void aRewriteThatComesAfterTheSnapshotWaitsForTheBootstrap(String rewrite) throws Exception {
    database.run("INSERT INTO items SELECT i, 'row', 1 FROM generate_series(1, 20000) i");
    try (Subscription subscription = source.subscribe(bootstrapped("slow"))) {
      var copy = new SubscriberCopy();
      while (copy.elements().isEmpty()) {
        copy.apply(subscription.poll(LONG).orElseThrow());
      }
      String before = file();
      FutureTask<Boolean> rewriting = startWaiting(database, "items", rewrite);
      assertThat(file()).isEqualTo(before);
      bootstrap(subscription, copy);
      assertThat(rewriting.get(20, TimeUnit.SECONDS)).isTrue();
      assertThat(file()).isNotEqualTo(before);
      database.run("UPDATE items SET amount = 2 WHERE id <= 10");
      var expected = Tables.rows(database);
      while (!copy.elements().equals(expected)) {
        copy.apply(subscription.poll(LONG).orElseThrow());
      }
      assertThat(copy.mistakes()).isEmpty();
    }
  }

  @Test
  void closingTheSubscriptionEndsItsBootstrap() throws Exception {
    try (Follower early = followFromTheStart();
        Connection connection = database.connect()) {
      connection.setAutoCommit(false);
      TestDatabase.run(connection, "INSERT INTO items VALUES (2, 'open', 2)");
      Subscription subscription = source.subscribe(bootstrapped("impatient"));
      eventually(
          "it waits", LONG, () -> source.status().waitingFor().orElse("").contains("impatient"));
      subscription.close();
      eventually(
          "nothing of it is left on the server",
          LONG,
          () ->
              database
                  .ask(
                      "SELECT (SELECT count(*) FROM pg_stat_activity"
                          + " WHERE application_name = 'drasi:shop:bootstrap')"
                          + " + (SELECT count(*) FROM pg_replication_slots WHERE temporary)")
                  .equals("0"));
      assertThat(source.status().waitingFor()).isEmpty();
      connection.commit();
      awaitEqual(early);
    }
  }

  @Test
  void aBootstrapThatWasInterruptedByAStopBeginsAnew() throws Exception {
    database.run("INSERT INTO items SELECT i, 'row', 1 FROM generate_series(1, 20000) i");
    try (Subscription subscription = source.subscribe(bootstrapped("restarted"))) {
      var copy = new SubscriberCopy();
      while (copy.elements().isEmpty()) {
        copy.apply(subscription.poll(LONG).orElseThrow());
      }
      source.stop();
      database.run("UPDATE items SET amount = 2 WHERE id <= 10");
      source.start();
      boolean complete = false;
      while (!complete) {
        SourceEvent event = subscription.poll(LONG).orElseThrow();
        copy.apply(event);
        complete = event instanceof SourceEvent.BootstrapCompleted;
      }
      assertThat(copy.bootstraps()).isEqualTo(2);
      assertThat(copy.mistakes()).isEmpty();
      assertThat(copy.elements()).isEqualTo(Tables.rows(database));
    }
  }

  @Test
  void whoMayNotReadATableIsToldTheRemedyAndOthersGoOn() throws Exception {
    try (Follower early = followFromTheStart()) {
      database.run("REVOKE SELECT ON items FROM " + TestDatabase.ROLE);
      try (Subscription subscription = source.subscribe(bootstrapped("refused"))) {
        assertThat(subscription.poll(LONG)).get().isInstanceOf(SourceEvent.BootstrapStarted.class);
        assertThatExceptionOfType(BootstrapException.class)
            .isThrownBy(() -> subscription.poll(LONG))
            .withMessageContaining("GRANT SELECT ON \"public\".\"items\" TO drasi_user;");
      }
      database.run("INSERT INTO items VALUES (2, 'later', 2)");
      awaitEqual(early);
    }
  }
}
