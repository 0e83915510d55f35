package io.drasi.it;

import static io.drasi.it.support.Bootstraps.EVERYTHING;
import static io.drasi.it.support.Bootstraps.OURS;
import static io.drasi.it.support.Bootstraps.awaitNothingLeft;
import static io.drasi.it.support.Bootstraps.setUp;
import static io.drasi.it.support.Bootstraps.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.drasi.api.bootstrap.BootstrapException;
import io.drasi.api.bootstrap.BootstrapSink;
import io.drasi.api.change.Element;
import io.drasi.api.change.ElementValue;
import io.drasi.bootstrap.postgres.PostgresBootstrapProvider;
import io.drasi.it.support.Bootstraps;
import io.drasi.it.support.Eventually;
import io.drasi.it.support.Servers;
import io.drasi.it.support.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Several connections that read one snapshot, large tables in parts. */
@ParameterizedClass
@MethodSource("io.drasi.it.support.Servers#versions")
class ParallelBootstrapIT {
  /** A connection whose last part the server has sent already may still be read from. */
  private static final String COPYING =
      "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'COPY%' AND " + OURS;

  private static final int ROWS = 300_000;

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

  private boolean isAtLeast(int major) {
    return Integer.parseInt(version) >= major;
  }

  private PostgresBootstrapProvider provider(int parallelism) {
    return Bootstraps.provider(database).withParallelism(parallelism).build();
  }

  private List<Element> load(int parallelism) throws InterruptedException {
    List<Element> elements = new ArrayList<>();
    provider(parallelism)
        .bootstrap(EVERYTHING, batch -> batch.forEach(insert -> elements.add(insert.element())));
    return elements;
  }

  private static String id(Element element) {
    return element.metadata().reference().elementId();
  }

  private void awaitCopying(int connections) {
    try {
      Eventually.eventually(
          connections + " connections read",
          Duration.ofSeconds(20),
          () -> database.ask(COPYING).equals(Integer.toString(connections)));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private void createItems() throws SQLException {
    setUp(
        database,
        "CREATE TABLE items (id int PRIMARY KEY, n int NOT NULL, a text)",
        "INSERT INTO items SELECT i, 0, repeat('x', 50) FROM generate_series(0, %d) i"
            .formatted(ROWS),
        "CREATE PUBLICATION drasi_publication FOR TABLE items");
  }

  /** The n-th transaction of the writer: item 0 counts them, fifty others take their number. */
  private static String transaction(int n) {
    return ("BEGIN; UPDATE items SET n = %1$d WHERE id = 0;"
            + " UPDATE items SET n = %1$d WHERE id IN (SELECT 1 + (%1$d * 7919 + j * 104729) %% %2$d FROM generate_series(0, 49) j);"
            + " INSERT INTO items VALUES (%2$d + %1$d, %1$d);"
            + " DELETE FROM items WHERE id = %2$d + %1$d - 20 AND id > %2$d; COMMIT")
        .formatted(n, ROWS);
  }

  /** The table after the n-th transaction. */
  private static Map<String, Long> itemsAfter(int transactions) {
    Map<String, Long> items = new HashMap<>();
    for (int id = 0; id <= ROWS; id++) {
      items.put("items:" + id, 0L);
    }
    for (int n = 1; n <= transactions; n++) {
      items.put("items:0", (long) n);
      for (int j = 0; j < 50; j++) {
        items.put("items:" + (1 + (n * 7919 + j * 104729) % ROWS), (long) n);
      }
      items.put("items:" + (ROWS + n), (long) n);
      if (n > 20) {
        items.remove("items:" + (ROWS + n - 20));
      }
    }
    return items;
  }

  private static long n(Element item) {
    return ((ElementValue.Integer) item.properties().get("n")).value();
  }

  @Test
  void partsAreTheTableOfOneMomentWhileRowsMoveBetweenThem() throws Exception {
    createItems();
    var enough = new CountDownLatch(1);
    var writing =
        new FutureTask<>(
            () -> {
              try (Connection connection = database.connect()) {
                for (int n = 1; enough.getCount() > 0; n++) {
                  TestDatabase.run(connection, transaction(n));
                  if (n % 100 == 0) {
                    TestDatabase.run(connection, "VACUUM items"); // makes room in all parts
                  }
                }
              }
              return true;
            });
    start("writer", writing);
    try {
      Eventually.eventually(
          "rows have moved",
          Duration.ofSeconds(60),
          () -> Integer.parseInt(database.ask("SELECT n FROM items WHERE id = 0")) > 200);
      for (int i = 0; i < 3; i++) {
        Map<String, Long> loaded = new HashMap<>();
        load(4).forEach(item -> assertThat(loaded.put(id(item), n(item))).as(id(item)).isNull());
        assertThat(writing.isDone()).as("writes go on").isFalse();
        assertThat(loaded.equals(itemsAfter(Math.toIntExact(loaded.get("items:0"))))).isTrue();
      }
    } finally {
      enough.countDown();
    }
    assertThat(writing.get(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aLargeTableIsReadOverAllConnections() throws Exception {
    assumeThat(isAtLeast(14)).as("range scans").isTrue();
    createItems();
    requireReadOver(4);
  }

  @Test
  void tablesAreReadBesideOneAnother() throws Exception {
    for (String table : List.of("a", "b", "c", "d")) {
      database.run(
          "CREATE TABLE %s (id int PRIMARY KEY, a text)".formatted(table),
          "INSERT INTO %s SELECT i, repeat('x', 500) FROM generate_series(1, 20000) i"
              .formatted(table));
    }
    setUp(database, "CREATE PUBLICATION drasi_publication FOR TABLE a, b, c, d");
    requireReadOver(4);
  }

  private void requireReadOver(int connections) throws Exception {
    List<Integer> seen = new ArrayList<>();
    provider(connections)
        .bootstrap(
            EVERYTHING,
            batch -> {
              if (seen.isEmpty()) {
                awaitCopying(connections);
              }
              seen.add(batch.size());
            });
    assertThat(seen).hasSizeGreaterThan(1);
  }

  @Test
  void partsGiveWhatTheWholeGives() throws Exception {
    Servers.assumeSince(13, version, "partitions are published via their root");
    boolean lists = isAtLeast(15);
    setUp(
        database,
        "CREATE TABLE plain (gone int, id int PRIMARY KEY, a text,"
            + " twice int GENERATED ALWAYS AS (id * 2) STORED)",
        "ALTER TABLE plain DROP COLUMN gone",
        "INSERT INTO plain (id, a) SELECT i, repeat('x', i % 200) FROM generate_series(1, 60000) i",
        "ALTER TABLE plain ADD COLUMN later text DEFAULT 'later'",
        "CREATE TABLE keyless (a int, b text)",
        "INSERT INTO keyless SELECT i % 1000, repeat('y', 100) FROM generate_series(1, 40000) i",
        "CREATE TABLE parts (id int PRIMARY KEY, a text, b text) PARTITION BY RANGE (id)",
        "CREATE TABLE parts_tiny PARTITION OF parts FOR VALUES FROM (0) TO (10)",
        "CREATE TABLE parts_large (b text, gone int, a text, id int NOT NULL)",
        "ALTER TABLE parts_large DROP COLUMN gone",
        "ALTER TABLE parts ATTACH PARTITION parts_large FOR VALUES FROM (10) TO (100000)",
        "CREATE TABLE parts_some PARTITION OF parts FOR VALUES FROM (100000) TO (200000)",
        "CREATE TABLE parts_empty PARTITION OF parts DEFAULT",
        "INSERT INTO parts SELECT i, repeat('a', 60), 'b' FROM generate_series(0, 120000) i",
        "CREATE TABLE parent (id int PRIMARY KEY, a text)",
        "CREATE TABLE child (PRIMARY KEY (id)) INHERITS (parent)",
        "INSERT INTO parent SELECT i, repeat('p', 100) FROM generate_series(1, 40000) i",
        "INSERT INTO child SELECT i, repeat('c', 100) FROM generate_series(1, 40000) i",
        "DELETE FROM plain WHERE id BETWEEN 20000 AND 40000",
        "CREATE PUBLICATION drasi_publication FOR TABLE plain, keyless, ONLY parent, ONLY child, "
            + (lists ? "parts (id, a) WHERE (id % 3 = 0 OR id < 10)" : "parts")
            + " WITH (publish = 'insert', publish_via_partition_root)");
    int parts =
        Integer.parseInt(
            database.ask(
                "SELECT count(*) FROM parts" + (lists ? " WHERE id % 3 = 0 OR id < 10" : "")));
    List<Element> whole = load(1);
    List<Element> inParts = load(4);
    assertThat(count(inParts))
        .isEqualTo(count(whole))
        .isEqualTo(
            Map.of(
                "plain", 39_999, "keyless", 40_000, "parts", parts, "parent", 40_000, "child",
                40_000));
    assertThat(inParts).extracting(ParallelBootstrapIT::id).doesNotHaveDuplicates();
    assertThat(values(inParts).equals(values(whole))).isTrue();
  }

  private static Map<String, Integer> count(List<Element> elements) {
    Map<String, Integer> counts = new HashMap<>();
    elements.forEach(e -> counts.merge(e.metadata().labels().get(0), 1, Integer::sum));
    return counts;
  }

  /** How often there is each row; ids of rows without key differ from snapshot to snapshot. */
  private static Map<Object, Integer> values(List<Element> elements) {
    Map<Object, Integer> values = new HashMap<>();
    for (Element element : elements) {
      String label = element.metadata().labels().get(0);
      values.merge(
          List.of(label.equals("keyless") ? label : id(element), element.properties()),
          1,
          Integer::sum);
    }
    return values;
  }

  @Test
  void theErrorOfOneConnectionEndsAll() throws Exception {
    assumeThat(isAtLeast(15)).as("row filters").isTrue();
    createItems();
    database.run(
        "ALTER PUBLICATION drasi_publication SET TABLE items WHERE (1 / (id - 200000) < 2)",
        "ALTER PUBLICATION drasi_publication SET (publish = 'insert')");
    assertThatThrownBy(() -> load(4))
        .isInstanceOf(BootstrapException.class)
        .hasMessageContaining("the bootstrap failed at table public.items")
        .hasMessageContaining("22012");
    awaitNothingLeft(database);
  }

  @Test
  void theLossOfOneConnectionEndsAll() throws Exception {
    createItems();
    database.run("CREATE TABLE more AS SELECT * FROM items");
    setUp(database, "ALTER PUBLICATION drasi_publication ADD TABLE more");
    List<String> terminated = new ArrayList<>();
    BootstrapSink sink =
        batch -> {
          if (terminated.isEmpty()) {
            awaitCopying(2);
            terminated.add(terminateOne());
          }
        };
    assertThatThrownBy(() -> provider(2).bootstrap(EVERYTHING, sink))
        .isInstanceOf(BootstrapException.class);
    assertThat(terminated).hasSize(1);
    awaitNothingLeft(database);
  }

  private String terminateOne() {
    try {
      return database.ask(
          "SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity WHERE " + OURS + " LIMIT 1");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void anInterruptEndsAllConnectionsAtOnce() throws Exception {
    createItems();
    var blocked = new CountDownLatch(1);
    var loading =
        new FutureTask<>(
            () ->
                provider(4)
                    .bootstrap(
                        EVERYTHING,
                        batch -> {
                          awaitCopying(isAtLeast(14) ? 4 : 1);
                          blocked.countDown();
                          new CountDownLatch(1).await();
                        }));
    Thread thread = start("bootstrap", loading);
    assertThat(blocked.await(20, TimeUnit.SECONDS)).isTrue();
    thread.interrupt();
    assertThatThrownBy(() -> loading.get(20, TimeUnit.SECONDS))
        .hasCauseInstanceOf(InterruptedException.class);
    awaitNothingLeft(database);
  }
}
