package io.drasi.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.embedded.postgres.EmbeddedPostgres;
import io.drasi.it.support.ChangeCount;
import io.drasi.it.support.Servers;
import io.drasi.it.support.TestDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A transaction that is much larger than the heap. */
@Tag("large")
class HugeTransactionIT {
  private static final int ROWS = 5_000_000;

  @TempDir Path folder;

  private static EmbeddedPostgres server;
  private static TestDatabase database;

  @BeforeAll
  static void startServer() throws Exception {
    server = Servers.start(Servers.builder(Servers.newest()));
    database = TestDatabase.create(server);
    database.run(
        "CREATE TABLE items (id bigint PRIMARY KEY, name text, amount numeric(10,2), sold timestamptz)",
        "CREATE PUBLICATION drasi_publication FOR TABLE items",
        "SELECT pg_create_logical_replication_slot('%s', 'pgoutput')".formatted(database.slot()));
  }

  @AfterAll
  static void stopServer() throws Exception {
    server.close();
  }

  @Test
  void fiveMillionRowsNeedNoLargeHeap() throws Exception {
    database.run(
        "INSERT INTO items SELECT i, 'item ' || i, i %% 1000 / 10.0, now() FROM generate_series(1, %d) i"
            .formatted(ROWS));
    assertThat(ChangeCount.of(database, "64m", folder)).isEqualTo(ROWS);
    assertThat(folder).isEmptyDirectory();
  }
}
