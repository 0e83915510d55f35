package io.drasi.it;

import static io.drasi.it.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.it.oracle.OracleTables;
import io.drasi.it.oracle.PersistedCopy;
import io.drasi.it.oracle.PersistentProcess;
import io.drasi.it.oracle.Seeds;
import io.drasi.it.oracle.Writers;
import io.drasi.it.support.Servers;
import io.drasi.it.support.TestDatabase;
import io.drasi.postgres.decoder.position.PostgresPosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Subscribers that persist their copy with its position have, however often their process is
 * killed, what is in the tables, and apply nothing twice. {@link Seeds} tells how to play other
 * rounds, and more.
 */
class KilledOracleIT {
  private static final Duration LONG = Duration.ofSeconds(60);

  private static final List<String> FIRST = List.of("first");
  private static final List<String> BOTH = List.of("first", "second");

  /** Elements come in so many batches, at least. */
  private static final int BATCHES = 15;

  @TempDir Path folder;

  private TestDatabase database;
  private Random random;

  static LongStream seeds() {
    return Seeds.of(1);
  }

  @BeforeEach
  void createDatabase() throws Exception {
    database = TestDatabase.create(Servers.shared(Servers.newest()));
    OracleTables.create(database);
  }

  @AfterEach
  void dropDatabase() throws Exception {
    database.close();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void copiesEqualTheTablesAfterTenKills(long seed) throws Exception {
    random = new Random(seed);
    try (var writers = Writers.start(database, new Random(random.nextLong()), 2)) {
      killInBootstrap(2, FIRST);
      killInBootstrap(2, BOTH);
      killInStream(3, BOTH, false);
      killInStream(1, BOTH, true);
      killInStream(1, FIRST, true);
      killInStream(1, BOTH, true);
      writers.end();
      awaitTheRest();
    } catch (Throwable e) {
      throw new AssertionError(
          "the round with -Doracle.seed=%d failed: %s".formatted(seed, e.getMessage()), e);
    }
  }

  private PersistentProcess start(List<String> ids, int heldAtBatch, boolean stateDir)
      throws IOException {
    var plan = new PersistentProcess.Plan(ids, heldAtBatch, stateDir, random.nextLong());
    return PersistentProcess.start(database, folder, plan);
  }

  /** The last subscriber gets no further than its bootstrap. */
  private void killInBootstrap(int kills, List<String> ids) throws Exception {
    for (int kill = 0; kill < kills; kill++) {
      try (var process = start(ids, 1 + random.nextInt(BATCHES), false)) {
        for (String id : ids.subList(0, ids.size() - 1)) {
          awaitPersisted(process, id);
        }
        eventually(
            "held in its bootstrap",
            LONG,
            () -> {
              process.requireAlive();
              return process.output().contains(PersistentProcess.HELD);
            });
        process.kill();
      }
    }
  }

  /**
   * @param stateDir whether the source waits for those who are not there
   */
  private void killInStream(int kills, List<String> ids, boolean stateDir) throws Exception {
    for (int kill = 0; kill < kills; kill++) {
      try (var process = start(ids, 0, stateDir)) {
        for (String id : ids) {
          awaitPersisted(process, id);
          awaitPersisted(process, id);
        }
        awaitReport();
        awaitWrites();
        process.kill();
      }
    }
  }

  /** It has persisted something since. */
  private void awaitPersisted(PersistentProcess process, String id) throws Exception {
    Instant before = lastPersisted(id);
    eventually(
        id + " persists more",
        LONG,
        () -> {
          process.requireAlive();
          return lastPersisted(id).isAfter(before);
        });
  }

  private Instant lastPersisted(String id) throws IOException {
    Path file = folder.resolve(id + ".json");
    return Files.exists(file) ? Files.getLastModifiedTime(file).toInstant() : Instant.MIN;
  }

  /** What is acknowledged by now is confirmed. */
  private void awaitReport() throws Exception {
    String now = database.ask("SELECT clock_timestamp()");
    String reported =
        "SELECT count(*) FROM pg_replication_slots JOIN pg_stat_replication ON pid = active_pid"
            + " WHERE slot_name = '%s' AND reply_time > '%s'".formatted(database.slot(), now);
    eventually("the source reports", LONG, () -> database.ask(reported).equals("1"));
  }

  /** Some moment later. */
  private void awaitWrites() throws Exception {
    long goal = lastWritten() + random.nextInt(100);
    eventually("more is written", LONG, () -> lastWritten() >= goal);
  }

  private long lastWritten() throws SQLException {
    return Long.parseLong(database.ask("SELECT last_value FROM ledger_id_seq"));
  }

  private Optional<PersistedCopy> read(String id) throws IOException {
    return PersistedCopy.read(folder.resolve(id + ".json"));
  }

  private void awaitTheRest() throws Exception {
    OracleTables.End end = OracleTables.writeLast(database);
    try (var process = start(BOTH, 0, true)) {
      for (String id : BOTH) {
        eventually(
            id + " has everything",
            LONG,
            () -> {
              process.requireAlive();
              return read(id).map(copy -> end.isIn(copy.copy())).orElse(false);
            });
      }
      process.kill();
    }
    for (String id : BOTH) {
      PersistedCopy copy = read(id).orElseThrow();
      assertThat(OracleTables.differences(database, copy.copy()))
          .as("differences of %s", id)
          .isEmpty();
      assertThat(copy.bootstraps()).as("bootstraps of %s", id).isEqualTo(1);
      assertThat(copy.applied().stream().map(PostgresPosition::parse).toList())
          .as("transactions of %s", id)
          .hasSizeGreaterThan(300)
          .isSorted()
          .doesNotHaveDuplicates();
    }
  }
}
