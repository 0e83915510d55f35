package io.drasi.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.embedded.postgres.EmbeddedPostgres;
import io.drasi.it.support.RowCount;
import io.drasi.it.support.Servers;
import io.drasi.it.support.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables that are much larger than the heap. */
@Tag("large")
class LargeBootstrapIT {
  private static final int ROWS = 10_000_000;

  private static EmbeddedPostgres server;
  private static TestDatabase database;

  @BeforeAll
  static void createTable() throws Exception {
    server = Servers.start(Servers.builder(Servers.newest()));
    database = TestDatabase.create(server);
    database.run(
        "CREATE TABLE items (id bigint, name text, amount numeric(10,2), sold timestamptz)",
        "INSERT INTO items SELECT i, 'item ' || i, i %% 1000 / 10.0, now() FROM generate_series(1, %d) i"
            .formatted(ROWS),
        "ALTER TABLE items ADD PRIMARY KEY (id)",
        "CREATE TABLE documents (id int PRIMARY KEY, body text)",
        "ALTER TABLE documents ALTER body SET STORAGE EXTERNAL",
        "INSERT INTO documents SELECT i, repeat('x', 1000000) FROM generate_series(1, 1000) i",
        "GRANT SELECT ON ALL TABLES IN SCHEMA public TO " + TestDatabase.ROLE);
  }

  @AfterAll
  static void stopServer() throws Exception {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void tenMillionRowsNeedNoLargeHeap(int parallelism) throws Exception {
    database.run(
        "DROP PUBLICATION IF EXISTS drasi_publication",
        "CREATE PUBLICATION drasi_publication FOR TABLE items");
    assertThat(RowCount.of(database, parallelism, "128m")).isEqualTo(ROWS);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void largeValuesNeedNoLargeHeap(int parallelism) throws Exception {
    database.run(
        "DROP PUBLICATION IF EXISTS drasi_publication",
        "CREATE PUBLICATION drasi_publication FOR TABLE documents");
    assertThat(RowCount.of(database, parallelism, "128m")).isEqualTo(1000);
  }
}
