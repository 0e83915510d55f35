package io.drasi.it;

import static io.drasi.it.support.Eventually.awaitRunning;
import static io.drasi.it.support.Eventually.eventually;
import static io.drasi.it.support.Transactions.inserted;
import static io.drasi.it.support.Transactions.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.drasi.api.source.Acknowledgement;
import io.drasi.api.source.SourceState;
import io.drasi.api.source.Subscription;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.it.support.CapturedLog;
import io.drasi.it.support.NamelessFiles;
import io.drasi.it.support.Servers;
import io.drasi.it.support.TestDatabase;
import io.drasi.source.postgres.PostgresReplicationSource;
import io.drasi.source.postgres.Streaming;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What comes of transactions that the server sends before they commit is what comes of others. It
 * sends them as early as it can here; without streaming the same has to hold.
 */
@ParameterizedClass(name = "PostgreSQL {0}, streaming {1}")
@MethodSource("versionsAndWays")
class StreamedTransactionsIT {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final long LITTLE = 1 << 17;

  @Parameter(0)
  String version;

  @Parameter(1)
  Streaming streaming;

  @TempDir Path folder;
  private Path spill;
  private TestDatabase database;

  static Stream<Arguments> versionsAndWays() {
    return Servers.versions().stream()
        .flatMap(version -> ways(version).map(way -> Arguments.of(version, way)));
  }

  private static Stream<Streaming> ways(String version) {
    return Integer.parseInt(version) < 14
        ? Stream.of(Streaming.PARALLEL) // which is none
        : Stream.of(Streaming.values());
  }

  @BeforeEach
  void createDatabase() throws Exception {
    spill = folder.toRealPath();
    database = TestDatabase.create(Servers.shared(version));
    database.streamEarly();
    database.run(
        "CREATE TABLE items (id bigint PRIMARY KEY, name text)",
        "CREATE TABLE notes (note text)",
        "CREATE PUBLICATION drasi_publication FOR TABLE items, notes");
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    database.close();
    assertThat(spill).isEmptyDirectory();
    assertThat(NamelessFiles.bytesIn(spill)).isZero();
  }

  private PostgresReplicationSource.Builder source() {
    return database.source("streamed").withStreaming(streaming).withSpillDir(spill);
  }

  private boolean streams() {
    return streaming != Streaming.OFF && Integer.parseInt(version) >= 14;
  }

  private static String insert(int from, int to) {
    return "INSERT INTO items SELECT i, repeat(md5(i::text), 20) FROM generate_series(%d, %d) i"
        .formatted(from, to);
  }

  private static List<String> items(int... bounds) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < bounds.length; i += 2) {
      for (int id = bounds[i]; id <= bounds[i + 1]; id++) {
        ids.add("items:" + id);
      }
    }
    return ids;
  }

  /** Whether the server has sent a transaction before it committed, as it says itself. */
  private void requireStreamed() throws Exception {
    if (Integer.parseInt(version) < 14) {
      return;
    }
    String count =
        "SELECT stream_txns > 0 FROM pg_stat_replication_slots WHERE slot_name = '%s'"
            .formatted(database.slot());
    if (streams()) {
      eventually("a transaction is streamed", LONG, () -> database.ask(count).equals("t"));
    } else {
      assertThat(database.ask(count)).isEqualTo("f");
    }
  }

  /** A connection that is in a transaction. */
  private Connection begin() throws Exception {
    Connection connection = database.connect();
    connection.setAutoCommit(false);
    return connection;
  }

  @Test
  void severalAtATimeComeWholeInTheOrderInWhichTheyCommit() throws Exception {
    try (var source = source().build();
        Subscription subscription = source.subscribe(SubscriptionRequest.of("q"));
        Connection first = begin();
        Connection second = begin()) {
      source.start();
      awaitRunning(source);
      TestDatabase.run(first, insert(1, 500));
      TestDatabase.run(second, insert(1001, 1500));
      TestDatabase.run(first, insert(501, 1000));
      database.run("INSERT INTO items VALUES (0, 'small')");
      TestDatabase.run(second, insert(1501, 2000));
      second.commit();
      first.commit();
      assertThat(inserted(next(subscription))).isEqualTo(items(0, 0));
      assertThat(inserted(next(subscription))).isEqualTo(items(1001, 2000));
      assertThat(inserted(next(subscription))).isEqualTo(items(1, 1000));
      requireStreamed();
    }
  }

  @Test
  void whatIsRolledBackDoesNotCome() throws Exception {
    try (var source = source().withMemoryLimitBytes(LITTLE).build();
        Subscription subscription = source.subscribe(SubscriptionRequest.of("q"));
        Connection connection = begin();
        Connection gone = begin()) {
      source.start();
      awaitRunning(source);
      TestDatabase.run(gone, insert(10_001, 11_000));
      TestDatabase.run(connection, insert(1, 500));
      gone.rollback();
      for (String statement :
          List.of(
              "SAVEPOINT a",
              insert(501, 700),
              "SAVEPOINT b",
              insert(701, 900),
              "RELEASE b",
              insert(901, 950),
              "ROLLBACK TO a",
              "ALTER TABLE items ADD added int",
              insert(501, 600).replace("SELECT i,", "SELECT 3 * i,"),
              "ROLLBACK TO a",
              "SAVEPOINT c",
              insert(601, 800),
              "RELEASE c",
              insert(801, 820))) {
        TestDatabase.run(connection, statement);
      }
      connection.commit();
      database.run("INSERT INTO items VALUES (0, 'last')");
      assertThat(inserted(next(subscription))).isEqualTo(items(1, 500, 601, 820));
      assertThat(inserted(next(subscription))).isEqualTo(items(0, 0));
      requireStreamed();
    }
  }

  @Test
  void whatIsPreparedComesWhenItIsCommitted() throws Exception {
    String one = database.name() + "_one";
    String two = database.name() + "_two";
    try (var source = source().build();
        Subscription subscription = source.subscribe(SubscriptionRequest.of("q"))) {
      source.start();
      awaitRunning(source);
      database.run("BEGIN; %s; PREPARE TRANSACTION '%s'".formatted(insert(1, 900), one));
      database.run("BEGIN; %s; PREPARE TRANSACTION '%s'".formatted(insert(1001, 1900), two));
      database.run("INSERT INTO items VALUES (0, 'before')");
      database.run("ROLLBACK PREPARED '%s'".formatted(one));
      database.run("COMMIT PREPARED '%s'".formatted(two));
      assertThat(inserted(next(subscription))).isEqualTo(items(0, 0));
      assertThat(inserted(next(subscription))).isEqualTo(items(1001, 1900));
      requireStreamed();
    }
  }

  @Test
  void comesWholeAfterTheConnectionWasLostAndWithTheSameIdsInWhateverWay() throws Exception {
    SubscriptionRequest manual =
        SubscriptionRequest.builder("q").withAcknowledgement(Acknowledgement.MANUAL).build();
    List<String> ids;
    try (var source = source().build();
        Subscription subscription = source.subscribe(manual);
        Connection writer = begin()) {
      source.start();
      awaitRunning(source);
      TestDatabase.run(writer, insert(1, 900));
      TestDatabase.run(writer, "INSERT INTO notes SELECT 'n' FROM generate_series(1, 300)");
      requireStreamed();
      database.run(
          "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = '%s'"
              .formatted(database.slot()));
      eventually("another session", LONG, () -> source.metrics().sessions() == 2);
      TestDatabase.run(writer, insert(901, 1000));
      writer.commit();
      ids = inserted(next(subscription));
    }
    assertThat(ids).hasSize(1300).doesNotHaveDuplicates();
    assertThat(ids.subList(0, 900)).isEqualTo(items(1, 900));
    assertThat(ids.subList(1200, 1300)).isEqualTo(items(901, 1000));
    try (var source = source().withStreaming(Streaming.OFF).build();
        Subscription subscription = source.subscribe(manual)) {
      source.start();
      assertThat(inserted(next(subscription))).isEqualTo(ids);
    }
  }

  @Test
  void waitsOnTheServersDiskWhereItsOwnIsTooSmallForWhatHasNotCommitted() throws Exception {
    assumeTrue(streams(), "only what is streamed takes disk before it commits");
    try (var log = new CapturedLog();
        var source = source().withMemoryLimitBytes(LITTLE).withSpillLimitBytes(3 << 20).build();
        Subscription subscription = source.subscribe(SubscriptionRequest.of("q"));
        Connection first = begin();
        Connection second = begin()) {
      source.start();
      awaitRunning(source);
      TestDatabase.run(first, insert(1, 2500));
      TestDatabase.run(second, insert(5001, 7500));
      log.await("goes on with streaming off");
      first.commit();
      second.commit();
      assertThat(inserted(next(subscription))).isEqualTo(items(1, 2500));
      assertThat(inserted(next(subscription))).isEqualTo(items(5001, 7500));
      assertThat(source.status().state()).isEqualTo(SourceState.RUNNING);
    }
  }

  @Test
  void nothingIsLeftOfWhatHasNotCommittedWhenTheSourceIsStopped() throws Exception {
    try (var source = source().withMemoryLimitBytes(LITTLE).build();
        Subscription subscription = source.subscribe(SubscriptionRequest.of("q"));
        Connection writer = begin()) {
      source.start();
      awaitRunning(source);
      TestDatabase.run(writer, insert(1, 2000));
      if (streams()) {
        eventually("it is on disk", LONG, () -> NamelessFiles.bytesIn(spill) > 0);
      }
      source.stop();
      assertThat(NamelessFiles.bytesIn(spill)).isZero();
      source.start();
      writer.commit();
      assertThat(inserted(next(subscription))).isEqualTo(items(1, 2000));
    }
  }
}
