package io.drasi.it;

import static io.drasi.it.support.Bootstraps.EVERYTHING;
import static io.drasi.it.support.Bootstraps.OURS;
import static io.drasi.it.support.Bootstraps.awaitNothingLeft;
import static io.drasi.it.support.Bootstraps.slots;
import static io.drasi.it.support.Bootstraps.start;
import static io.drasi.it.support.Bootstraps.startWaiting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.drasi.api.bootstrap.BootstrapException;
import io.drasi.api.bootstrap.BootstrapRequest;
import io.drasi.api.bootstrap.BootstrapResult;
import io.drasi.api.bootstrap.BootstrapSink;
import io.drasi.api.change.Element;
import io.drasi.api.change.ElementValue;
import io.drasi.api.change.SourceChange;
import io.drasi.api.source.ManagedSource;
import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.SourceEvent.Transaction;
import io.drasi.api.source.SourcePosition;
import io.drasi.api.source.Subscription;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.bootstrap.postgres.PostgresBootstrapProvider;
import io.drasi.embedded.postgres.EmbeddedPostgres;
import io.drasi.it.support.Bootstraps;
import io.drasi.it.support.Eventually;
import io.drasi.it.support.Servers;
import io.drasi.it.support.TestDatabase;
import io.drasi.postgres.decoder.row.TableKeyConfig;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The snapshot of a publication's tables: what is in it, and what it leaves behind. */
@ParameterizedClass
@MethodSource("io.drasi.it.support.Servers#versions")
class BootstrapPostgresIT {
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

  /** An element without what differs by nature between stream and snapshot: the time. */
  private record Row(String id, List<String> labels, List<Map.Entry<String, ElementValue>> values) {
    static Row of(Element element) {
      return new Row(
          element.metadata().reference().elementId(),
          element.metadata().labels(),
          List.copyOf(element.properties().entrySet()));
    }
  }

  private void setUp(String... statements) throws SQLException {
    Bootstraps.setUp(database, statements);
  }

  private PostgresBootstrapProvider.Builder provider() {
    return Bootstraps.provider(database);
  }

  private static List<Row> load(PostgresBootstrapProvider provider, BootstrapRequest request)
      throws InterruptedException {
    List<Row> rows = new ArrayList<>();
    BootstrapResult result =
        provider.bootstrap(
            request, batch -> batch.forEach(insert -> rows.add(Row.of(insert.element()))));
    assertThat(result.count()).isEqualTo(rows.size());
    assertThat(result.position()).isPresent();
    return rows;
  }

  private List<Row> load() throws InterruptedException {
    return load(provider().build(), EVERYTHING);
  }

  /** Loads over one connection, and over four, which must give the same. */
  private static List<Row> loadBothWays(PostgresBootstrapProvider.Builder provider)
      throws InterruptedException {
    List<Row> rows = load(provider.withParallelism(1).build(), EVERYTHING);
    assertThat(load(provider.withParallelism(4).build(), EVERYTHING))
        .containsExactlyInAnyOrderElementsOf(rows);
    return rows;
  }

  private static List<String> ids(List<Row> rows) {
    return rows.stream().map(Row::id).toList();
  }

  /** What a running source tells of rows while they are inserted. */
  private List<Row> stream(ManagedSource source, String... inserts) throws Exception {
    List<Row> rows = new ArrayList<>();
    try (Subscription subscription = source.subscribe(SubscriptionRequest.of("query"))) {
      source.start();
      Eventually.awaitRunning(source);
      database.run(inserts);
      database.run("INSERT INTO end_of_test VALUES (1)");
      while (rows.stream().noneMatch(row -> row.id().equals("end_of_test:1"))) {
        SourceEvent event =
            subscription
                .poll(Duration.ofSeconds(20))
                .orElseThrow(() -> new AssertionError("no event; " + source.status()));
        if (event instanceof Transaction transaction) {
          transaction
              .changes()
              .forEach(change -> rows.add(Row.of(((SourceChange.Insert) change).element())));
        }
      }
    }
    return rows;
  }

  /** What is said to servers from a major version on, and to those before. */
  private String since(int major, String statement, String before) {
    return Servers.isAtLeast(major, version) ? statement : before;
  }

  @Test
  void givesEveryRowTheIdLabelAndValuesThatTheStreamGives() throws Exception {
    setUp(
        "CREATE TABLE end_of_test (id int PRIMARY KEY)",
        "CREATE TABLE texts (id int PRIMARY KEY, a text, b varchar(100), c text)",
        "CREATE DOMAIN positive AS int CHECK (VALUE > 0)",
        "CREATE TYPE mood AS ENUM ('glad', 'it''s\\fine')",
        "CREATE TABLE types (a numeric(10,3), b timestamptz, c bytea, d jsonb, e uuid, f boolean,"
            + " g float8, h int[], i positive, j mood, k date, l interval, m text[], n char(5),"
            + " o json, p float4, PRIMARY KEY (e, a))",
        "CREATE SCHEMA \"Ware House\"",
        "CREATE TABLE \"Ware House\".\"Stock \"\"Items\" (\"Item\" text, \"Shelf\" int, n int,"
            + " PRIMARY KEY (\"Shelf\", \"Item\"))",
        "CREATE TABLE dropped (a int, gone int, id int PRIMARY KEY, b text)",
        "ALTER TABLE dropped DROP COLUMN gone",
        "ALTER TABLE dropped ADD COLUMN later text DEFAULT 'added\\later'",
        "CREATE TABLE empty (id int PRIMARY KEY)",
        "CREATE TABLE whole (a int, b text)",
        "ALTER TABLE whole REPLICA IDENTITY FULL",
        "CREATE TABLE by_index (a int NOT NULL, b int NOT NULL, c int PRIMARY KEY)",
        "CREATE UNIQUE INDEX by_index_ba ON by_index (b, a)" + since(11, " INCLUDE (c)", ""),
        "ALTER TABLE by_index REPLICA IDENTITY USING INDEX by_index_ba",
        "CREATE TABLE computed (id int PRIMARY KEY"
            + since(12, ", twice int GENERATED ALWAYS AS (id * 2) STORED)", ")"),
        "CREATE TABLE parent (id int PRIMARY KEY, a text)",
        "CREATE TABLE child (PRIMARY KEY (id)) INHERITS (parent)",
        "CREATE TABLE parts (id int, region text%s) PARTITION BY LIST (region)"
            .formatted(since(11, ", PRIMARY KEY (region, id)", "")),
        "CREATE TABLE parts_eu PARTITION OF parts %s FOR VALUES IN ('eu')"
            .formatted(since(11, "", "(PRIMARY KEY (region, id))")),
        "CREATE TABLE parts_other PARTITION OF parts "
            + since(11, "DEFAULT", "(PRIMARY KEY (region, id)) FOR VALUES IN ('us')"),
        "CREATE TABLE no_parts (id int%s) PARTITION BY LIST (id)"
            .formatted(since(11, " PRIMARY KEY", "")),
        "CREATE TABLE keyed (id int PRIMARY KEY, a text, b int)",
        "ALTER TABLE keyed REPLICA IDENTITY FULL",
        "GRANT USAGE ON SCHEMA \"Ware House\" TO " + TestDatabase.ROLE,
        "GRANT SELECT ON ALL TABLES IN SCHEMA \"Ware House\" TO " + TestDatabase.ROLE,
        "CREATE PUBLICATION drasi_publication FOR ALL TABLES");
    var key = TableKeyConfig.parse("keyed(b, a)");
    List<Row> streamed;
    try (ManagedSource source = database.source("shop").addTableKey(key).build()) {
      streamed =
          stream(
              source,
              "INSERT INTO texts VALUES (1, E'tab\\tnew\\nline\\r\\b\\f\\v', E'back\\\\slash\\\\n', ''),"
                  + " (2, NULL, '\\N', '\\.'), (3, 'ünï😀', '\\', E'\\\\t\\t')",
              "INSERT INTO types VALUES (1.500, '2026-01-02 03:04:05.678901+02', '\\x00ff5c09',"
                  + " '{\"a\": \"b\\\\n\\t\"}', '11111111-2222-3333-4444-555555555555', true, 0.1,"
                  + " '{1,NULL,3}', 7, 'it''s\\fine', '2026-02-03', '1 mon 2 days 03:04:05',"
                  + " ARRAY['a\\b', NULL, '\"'], 'ab', '{ \"k\" : 1 }', 'NaN'),"
                  + " ('NaN', 'infinity', '', 'null', '00000000-0000-0000-0000-000000000000', NULL,"
                  + " '-Infinity', '{}', NULL, NULL, '-infinity', NULL, NULL, NULL, NULL, NULL)",
              "INSERT INTO \"Ware House\".\"Stock \"\"Items\" VALUES ('a_b\\c', 3, 1), (':', 4, NULL)",
              "INSERT INTO dropped VALUES (1, 2, 'x'), (NULL, 3, NULL)",
              "INSERT INTO whole VALUES (1, 'one'), (2, NULL)",
              "INSERT INTO by_index VALUES (1, 2, 3)",
              "INSERT INTO computed VALUES (21)",
              "INSERT INTO parent VALUES (1, 'parent')",
              "INSERT INTO child VALUES (2, 'child')",
              "INSERT INTO parts VALUES (1, 'eu'), (2, 'us')",
              "INSERT INTO keyed VALUES (1, 'x', 2)");
    }

    List<Row> loaded = loadBothWays(provider().addTableKey(key));

    assertThat(loaded).containsExactlyInAnyOrderElementsOf(streamed);
    assertThat(ids(loaded))
        .contains("Ware House.Stock \"Items:3_a\\_b\\\\c", "by_index:2_1", "keyed:2_x")
        .contains("parts_eu:eu_1", "parent:1", "child:2");
  }

  @Test
  void givesARowWithoutKeyItsValuesUnderAnIdOfItsOwn() throws Exception {
    setUp(
        "CREATE TABLE keyless (a int, b text)",
        "INSERT INTO keyless VALUES (1, 'same'), (1, 'same')",
        "CREATE PUBLICATION drasi_publication FOR TABLE keyless");
    List<Row> loaded = load();
    assertThat(loaded).hasSize(2).doesNotHaveDuplicates();
    assertThat(loaded)
        .allSatisfy(
            row ->
                assertThat(row.values())
                    .containsExactly(
                        Map.entry("a", new ElementValue.Integer(1)),
                        Map.entry("b", new ElementValue.Text("same"))));
  }

  @Test
  void readsPartitionsAsTheirRootWhereThePublicationDoes() throws Exception {
    Servers.assumeSince(13, version, "partitions are published via their root");
    setUp(
        "CREATE TABLE end_of_test (id int PRIMARY KEY)",
        "CREATE TABLE parts (id int PRIMARY KEY, a text) PARTITION BY RANGE (id)",
        "CREATE TABLE parts_low PARTITION OF parts FOR VALUES FROM (0) TO (10)",
        "CREATE TABLE parts_high (a text, gone int, id int NOT NULL)",
        "ALTER TABLE parts_high DROP COLUMN gone",
        "ALTER TABLE parts ATTACH PARTITION parts_high FOR VALUES FROM (10) TO (20)",
        "CREATE TABLE no_parts (id int PRIMARY KEY) PARTITION BY LIST (id)",
        "CREATE PUBLICATION drasi_publication FOR TABLE parts, no_parts, end_of_test"
            + " WITH (publish_via_partition_root)");
    List<Row> streamed;
    try (ManagedSource source = database.source("shop").build()) {
      streamed = stream(source, "INSERT INTO parts VALUES (1, 'low'), (11, 'high')");
    }
    List<Row> loaded = loadBothWays(provider());
    assertThat(loaded).containsExactlyInAnyOrderElementsOf(streamed);
    assertThat(ids(loaded)).contains("parts:1", "parts:11");
  }

  @Test
  void honoursColumnListsRowFiltersAndPublishedGeneratedColumns() throws Exception {
    assumeThat(Integer.parseInt(version)).isGreaterThanOrEqualTo(15);
    boolean generated = Integer.parseInt(version) >= 18;
    setUp(
        "CREATE TABLE end_of_test (id int PRIMARY KEY)",
        "CREATE TABLE users (secret text, id int PRIMARY KEY, name text)",
        "CREATE TABLE parts (id int PRIMARY KEY, a text) PARTITION BY RANGE (id)",
        "CREATE TABLE parts_low PARTITION OF parts FOR VALUES FROM (0) TO (10)",
        "CREATE TABLE computed (id int PRIMARY KEY, twice int GENERATED ALWAYS AS (id * 2) STORED)",
        "CREATE PUBLICATION drasi_publication FOR TABLE end_of_test, computed,"
            + " users (name, id) WHERE (id > 1 AND name IS NOT NULL), parts WHERE (id < 5)"
            + " WITH (publish = 'insert', publish_via_partition_root"
            + (generated ? ", publish_generated_columns = stored)" : ")"));
    List<Row> streamed;
    try (ManagedSource source = database.source("shop").build()) {
      streamed =
          stream(
              source,
              "INSERT INTO users VALUES ('a', 1, 'x'), ('b', 2, 'y\\z'), ('c', 3, NULL)",
              "INSERT INTO parts VALUES (1, 'in'), (7, 'out')",
              "INSERT INTO computed VALUES (21)");
    }
    List<Row> loaded = loadBothWays(provider());
    assertThat(loaded).containsExactlyInAnyOrderElementsOf(streamed);
    assertThat(ids(loaded))
        .containsExactlyInAnyOrder("end_of_test:1", "users:2", "parts:1", "computed:21");
  }

  private void createShop() throws SQLException {
    setUp(
        "CREATE TABLE users (id int PRIMARY KEY)",
        "CREATE TABLE orders (id int PRIMARY KEY)",
        "CREATE TABLE private (id int PRIMARY KEY)",
        "INSERT INTO users VALUES (1)",
        "INSERT INTO orders VALUES (1), (2)",
        "INSERT INTO private VALUES (1)",
        "CREATE PUBLICATION drasi_publication FOR TABLE users, orders");
  }

  @Test
  void loadsTheTablesThatArePublishedConfiguredAndAskedFor() throws Exception {
    createShop();
    var users = BootstrapRequest.of("shop", "query", Set.of("users", "private"), Set.of());
    var relations = BootstrapRequest.of("shop", "query", Set.of(), Set.of("users"));
    assertThat(ids(load())).containsExactlyInAnyOrder("users:1", "orders:1", "orders:2");
    assertThat(ids(load(provider().build(), users))).containsExactly("users:1");
    assertThat(ids(load(provider().withTables(List.of("orders")).build(), EVERYTHING)))
        .containsExactly("orders:1", "orders:2");
    assertThat(load(provider().withTables(List.of("orders")).build(), users)).isEmpty();
    assertThat(load(provider().build(), relations)).isEmpty();
  }

  @Test
  void handsOverBatchesOfAtMostTheConfiguredSize() throws Exception {
    setUp(
        "CREATE TABLE users (id int PRIMARY KEY)",
        "INSERT INTO users SELECT generate_series(1, 25)",
        "CREATE PUBLICATION drasi_publication FOR TABLE users");
    List<Integer> sizes = new ArrayList<>();
    provider().withBatchSize(10).build().bootstrap(EVERYTHING, batch -> sizes.add(batch.size()));
    assertThat(sizes).containsExactly(10, 10, 5);
  }

  @Test
  void tellsWhenTheSnapshotWasTaken() throws Exception {
    createShop();
    Instant before = now();
    List<Instant> times = new ArrayList<>();
    provider()
        .build()
        .bootstrap(
            EVERYTHING,
            batch -> batch.forEach(i -> times.add(i.element().metadata().effectiveFrom())));
    assertThat(Set.copyOf(times)).hasSize(1);
    assertThat(times.get(0)).isBetween(before, now());
  }

  private Instant now() throws SQLException {
    return Instant.parse(
        database.ask("SELECT to_json(clock_timestamp() AT TIME ZONE 'UTC')#>>'{}'") + "Z");
  }

  @Test
  void snapshotAndTheStreamAfterItsPositionAreTheTable() throws Exception {
    setUp(
        "CREATE TABLE users (id int PRIMARY KEY, n int NOT NULL)",
        "INSERT INTO users SELECT i, 0 FROM generate_series(1, 5000) i",
        "CREATE PUBLICATION drasi_publication FOR TABLE users");
    try (ManagedSource source = database.source("shop").build();
        Subscription subscription = source.subscribe(SubscriptionRequest.of("query"))) {
      source.start();
      Eventually.awaitRunning(source);
      var writing = new FutureTask<>(() -> writeFor(Duration.ofSeconds(2)));
      start("writer", writing);
      for (int i = 0; i < 5; i++) {
        Map<String, ElementValue> copy = new TreeMap<>();
        SourcePosition position = loadCopy(copy);
        assertThat(writing.isDone()).as("writes go on").isFalse();
        database.run("INSERT INTO users VALUES (%d, -1)".formatted(-1 - i));
        String last = "users:" + (-1 - i);
        List<Transaction> transactions = transactionsUpTo(subscription, last);
        copies.add(new Copy(position, copy));
        copies.forEach(c -> c.apply(transactions));
      }
      writersMayStop.countDown();
      writing.get(20, TimeUnit.SECONDS);
      database.run("INSERT INTO users VALUES (-100, -1)");
      List<Transaction> rest = transactionsUpTo(subscription, "users:-100");
      String expected =
          database.ask("SELECT string_agg(id || '=' || n, ',' ORDER BY id) FROM users");
      for (Copy copy : copies) {
        copy.apply(rest);
        assertThat(copy.printed()).isEqualTo(expected);
      }
    }
  }

  private final List<Copy> copies = new ArrayList<>();
  private final CountDownLatch writersMayStop = new CountDownLatch(1);

  /** A table as a subscriber knows it that began at a position. */
  private record Copy(SourcePosition position, Map<String, ElementValue> values) {
    void apply(List<Transaction> transactions) {
      for (Transaction transaction : transactions) {
        if (transaction.position().compareTo(position) > 0) {
          transaction.changes().forEach(this::apply);
        }
      }
    }

    private void apply(SourceChange change) {
      if (change instanceof SourceChange.Insert insert) {
        assertThat(put(insert.element())).as("inserted once").isNull();
      } else if (change instanceof SourceChange.Update update) {
        assertThat(put(update.element())).as("updated what is there").isNotNull();
      } else if (change instanceof SourceChange.Delete delete) {
        assertThat(values.remove(delete.metadata().reference().elementId())).isNotNull();
      }
    }

    private ElementValue put(Element element) {
      return values.put(element.metadata().reference().elementId(), element.properties().get("n"));
    }

    String printed() {
      Map<Integer, Long> byId = new TreeMap<>();
      values.forEach(
          (id, n) ->
              byId.put(
                  Integer.valueOf(id.substring("users:".length())),
                  ((ElementValue.Integer) n).value()));
      List<String> printed = new ArrayList<>();
      byId.forEach((id, n) -> printed.add(id + "=" + n));
      return String.join(",", printed);
    }
  }

  private SourcePosition loadCopy(Map<String, ElementValue> copy) throws InterruptedException {
    return provider()
        .build()
        .bootstrap(
            EVERYTHING,
            batch ->
                batch.forEach(
                    i ->
                        copy.put(
                            i.element().metadata().reference().elementId(),
                            i.element().properties().get("n"))))
        .position()
        .orElseThrow();
  }

  private static List<Transaction> transactionsUpTo(Subscription subscription, String id)
      throws InterruptedException {
    List<Transaction> transactions = new ArrayList<>();
    boolean[] found = new boolean[1];
    while (!found[0]) {
      SourceEvent event = subscription.poll(Duration.ofSeconds(20)).orElseThrow();
      if (event instanceof Transaction transaction) {
        transactions.add(transaction);
        transaction
            .changes()
            .forEach(
                change ->
                    found[0] |=
                        change instanceof SourceChange.Insert insert
                            && insert.element().metadata().reference().elementId().equals(id));
      }
    }
    return transactions;
  }

  private int writeFor(Duration duration) throws SQLException {
    long end = System.nanoTime() + duration.toNanos();
    int transactions = 0;
    try (Connection connection = database.connect()) {
      while (System.nanoTime() < end || writersMayStop.getCount() > 0) {
        int id = transactions % 5000 + 1;
        TestDatabase.run(
            connection,
            "BEGIN; UPDATE users SET n = n + 1 WHERE id = %1$d; DELETE FROM users WHERE id = %2$d;"
                    .formatted(id, 10_000 + transactions - 3)
                + "INSERT INTO users VALUES (%d, 7); COMMIT".formatted(10_000 + transactions));
        transactions++;
      }
    }
    return transactions;
  }

  @Test
  void leavesNothingOnTheServer() throws Exception {
    createShop();
    List<Integer> slotsWhileReading = new ArrayList<>();
    provider()
        .build()
        .bootstrap(
            EVERYTHING,
            batch -> {
              try {
                slotsWhileReading.add(slots(database));
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
            });
    assertThat(slotsWhileReading).containsOnly(0);
    awaitNothingLeft(database);
  }

  @Test
  void endsWithWhatTheSinkThrowsAndLeavesNothing() throws Exception {
    createShop();
    var failure = new IllegalStateException("the subscriber is gone");
    BootstrapSink sink =
        batch -> {
          throw failure;
        };
    assertThatThrownBy(() -> provider().build().bootstrap(EVERYTHING, sink)).isSameAs(failure);
    awaitNothingLeft(database);
  }

  @Test
  void namesTheGrantsThatAreMissing() throws Exception {
    database.run(
        "CREATE TABLE users (id int PRIMARY KEY)",
        "CREATE SCHEMA hidden",
        "CREATE TABLE hidden.orders (id int PRIMARY KEY)",
        "CREATE PUBLICATION drasi_publication FOR TABLE users, hidden.orders");
    assertThatThrownBy(this::load)
        .isInstanceOf(BootstrapException.class)
        .hasMessageContaining("GRANT USAGE ON SCHEMA \"hidden\" TO drasi_user;")
        .hasMessageContaining(
            "GRANT SELECT ON \"hidden\".\"orders\", \"public\".\"users\" TO drasi_user;");
    awaitNothingLeft(database);
  }

  @Test
  void refusesATableOfWhichRowLevelSecurityHidesRows() throws Exception {
    createShop();
    database.run("ALTER TABLE users ENABLE ROW LEVEL SECURITY");
    assertThatThrownBy(this::load)
        .isInstanceOf(BootstrapException.class)
        .hasMessageContaining("ALTER ROLE drasi_user BYPASSRLS;");
  }

  @Test
  void namesWhatIsNotPublished() throws Exception {
    createShop();
    assertThatThrownBy(
            () -> load(provider().withTables(List.of("users", "private")).build(), EVERYTHING))
        .isInstanceOf(BootstrapException.class)
        .hasMessageContaining(
            "ALTER PUBLICATION drasi_publication ADD TABLE \"public\".\"private\"");
    assertThatThrownBy(() -> load(provider().withPublicationName("Nowhere").build(), EVERYTHING))
        .isInstanceOf(BootstrapException.class)
        .hasMessageContaining("CREATE PUBLICATION \"Nowhere\"");
  }

  @Test
  void namesAWrongPasswordAndAServerThatIsNotThere() {
    assertThatThrownBy(() -> load(provider().withPassword("wrong").build(), EVERYTHING))
        .isInstanceOf(BootstrapException.class)
        .hasMessageContaining("28P01")
        .hasMessageContaining("check the options user and password");
    assertThatThrownBy(() -> load(provider().withPort(1).build(), EVERYTHING))
        .isInstanceOf(BootstrapException.class)
        .hasMessageContaining(":1");
  }

  @Test
  void namesWhatTheServerLacks() throws Exception {
    try (EmbeddedPostgres server =
            Servers.start(Servers.builder(version).withSetting("max_replication_slots", "1"));
        TestDatabase full = TestDatabase.create(server)) {
      full.run(
          "SELECT pg_create_logical_replication_slot('taken', 'pgoutput')",
          "CREATE PUBLICATION drasi_publication FOR ALL TABLES",
          "CREATE ROLE reader LOGIN PASSWORD 'reader'");
      var provider = provider().withPort(server.port()).withDatabase(full.name());
      assertThatThrownBy(() -> load(provider.build(), EVERYTHING))
          .isInstanceOf(BootstrapException.class)
          .hasMessageContaining("53400")
          .hasMessageContaining("raise max_replication_slots");
      var reader = provider.withUser("reader").withPassword("reader");
      assertThatThrownBy(() -> load(reader.build(), EVERYTHING))
          .isInstanceOf(BootstrapException.class)
          .hasMessageContaining("ALTER ROLE reader REPLICATION;");
    }
  }

  /** Interrupts a bootstrap as soon as the server is seen in a state, and requires a quick end. */
  private void interruptWhen(String what, String seen, BootstrapSink sink) throws Exception {
    var loading = new FutureTask<>(() -> provider().build().bootstrap(EVERYTHING, sink));
    Thread thread = start("bootstrap", loading);
    Eventually.eventually(
        what, Duration.ofSeconds(20), () -> !database.ask(seen).equals("0") || loading.isDone());
    long interrupted = System.nanoTime();
    thread.interrupt();
    assertThatThrownBy(() -> loading.get(20, TimeUnit.SECONDS))
        .hasCauseInstanceOf(InterruptedException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - interrupted)).isLessThan(Duration.ofSeconds(1));
    awaitNothingLeft(database);
  }

  @Test
  void endsAtOnceWhenItIsInterruptedWhileTheSlotWaitsForATransaction() throws Exception {
    createShop();
    try (Connection open = database.connect()) {
      open.setAutoCommit(false);
      TestDatabase.run(open, "INSERT INTO users VALUES (100)");
      interruptWhen("the slot waits", WAITING, batch -> {});
      open.rollback();
    }
  }

  @Test
  void endsAtOnceWhenItIsInterruptedWhileATableIsLocked() throws Exception {
    createShop();
    try (Connection open = database.connect()) {
      open.setAutoCommit(false);
      TestDatabase.run(open, "LOCK TABLE users");
      interruptWhen(
          "the worker waits",
          "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'users'::regclass",
          batch -> {});
      open.rollback();
    }
  }

  @Test
  void endsAtOnceWhenItIsInterruptedInTheMiddleOfATable() throws Exception {
    setUp(
        "CREATE TABLE users (id int PRIMARY KEY, a text)",
        "INSERT INTO users SELECT i, repeat('x', 1000) FROM generate_series(1, 30000) i",
        "CREATE PUBLICATION drasi_publication FOR TABLE users");
    interruptWhen(
        "the server cannot send more",
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'ClientWrite' AND " + OURS,
        batch -> new CountDownLatch(1).await());
  }

  @Test
  void aTruncateWaitsUntilAllIsRead() throws Exception {
    setUp(
        "CREATE TABLE a_first (id int PRIMARY KEY)",
        "CREATE TABLE b_second (id int PRIMARY KEY)",
        "INSERT INTO a_first SELECT generate_series(1, 100)",
        "INSERT INTO b_second VALUES (1)",
        "CREATE PUBLICATION drasi_publication FOR TABLE a_first, b_second");
    List<FutureTask<Boolean>> truncating = new ArrayList<>();
    List<Row> rows = new ArrayList<>();
    provider()
        .withBatchSize(1)
        .build()
        .bootstrap(
            EVERYTHING,
            batch -> {
              if (rows.isEmpty()) {
                truncating.add(startTruncating("b_second"));
              }
              batch.forEach(insert -> rows.add(Row.of(insert.element())));
            });
    assertThat(rows).hasSize(101);
    assertThat(truncating.get(0).get(20, TimeUnit.SECONDS)).isTrue();
    assertThat(database.ask("SELECT count(*) FROM b_second")).isEqualTo("0");
  }

  private FutureTask<Boolean> startTruncating(String table) {
    try {
      return startWaiting(database, table, "TRUNCATE " + table);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
