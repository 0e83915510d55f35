package io.drasi.it;

import static io.drasi.it.support.Eventually.awaitRunning;
import static io.drasi.it.support.Eventually.eventually;
import static io.drasi.it.support.Transactions.next;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.drasi.api.change.ElementValue;
import io.drasi.api.change.SourceChange;
import io.drasi.api.source.Acknowledgement;
import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.SourceException;
import io.drasi.api.source.SourcePosition;
import io.drasi.api.source.SourceState;
import io.drasi.api.source.Subscription;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.it.support.NamelessFiles;
import io.drasi.it.support.Servers;
import io.drasi.it.support.TestDatabase;
import io.drasi.source.postgres.PostgresReplicationSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A transaction that takes more memory than it may is delivered whole, from a file that is gone
 * afterwards. One that is larger than the heap is in {@code HugeTransactionIT}.
 */
@ParameterizedClass
@MethodSource("io.drasi.it.support.Servers#versions")
class LargeTransactionIT {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final int ROWS = 300_000;

  @Parameter String version;

  @TempDir Path folder;
  private Path spill;
  private TestDatabase database;

  @BeforeEach
  void createDatabase() throws Exception {
    spill = folder.toRealPath();
    database = TestDatabase.create(Servers.shared(version));
    database.run(
        "CREATE TABLE items (id bigint PRIMARY KEY, name text)",
        "CREATE TABLE notes (id bigint PRIMARY KEY, note text)",
        "CREATE PUBLICATION drasi_publication FOR TABLE items, notes");
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    database.close();
    assertThat(spill).isEmptyDirectory();
    assertThat(NamelessFiles.bytesIn(spill)).isZero();
  }

  private PostgresReplicationSource.Builder source() {
    return database.source("large").withMemoryLimitBytes(1 << 20).withSpillDir(spill);
  }

  private static SubscriptionRequest manual(String id) {
    return SubscriptionRequest.builder(id).withAcknowledgement(Acknowledgement.MANUAL).build();
  }

  /** Items 1 to so many and one note, in one transaction. */
  private void write(int rows) throws Exception {
    database.run(
        "BEGIN; INSERT INTO items SELECT i, 'item ' || i FROM generate_series(1, %d) i; INSERT INTO notes VALUES (1, 'done'); COMMIT"
            .formatted(rows));
  }

  /** Reads items in order, from one on; a note ends them. Returns how many there were. */
  private static int readItems(Iterator<SourceChange> changes, int from, int most) {
    int id = from;
    while (id - from < most && changes.hasNext()) {
      var element = ((SourceChange.Insert) changes.next()).element();
      if (element.metadata().labels().contains("notes")) {
        break;
      }
      assertThat(element.properties().get("id")).isEqualTo(new ElementValue.Integer(id));
      assertThat(element.properties().get("name")).isEqualTo(new ElementValue.Text("item " + id));
      id++;
    }
    return id - from;
  }

  private static int readItems(SourceEvent.Transaction transaction) {
    return readItems(transaction.changes().iterator(), 1, Integer.MAX_VALUE);
  }

  private String confirmed() throws Exception {
    return database.ask(
        "SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = '%s'"
            .formatted(database.slot()));
  }

  @Test
  void comesWholeToEverySubscriberAtItsOwnPace() throws Exception {
    try (var source = source().build();
        var fast = source.subscribe(SubscriptionRequest.of("fast"));
        var slow = source.subscribe(manual("slow"));
        var notes =
            source.subscribe(
                SubscriptionRequest.builder("notes").withNodeLabels(Set.of("notes")).build())) {
      source.start();
      awaitRunning(source);
      write(ROWS);
      SourceEvent.Transaction slows = next(slow);
      Iterator<SourceChange> reading = slows.changes().iterator();
      assertThat(readItems(reading, 1, 1000)).isEqualTo(1000);
      var all = CompletableFuture.supplyAsync(() -> readItems(fast));
      assertThat(next(notes).changes()).hasSize(1);
      assertThat(all.join()).isEqualTo(ROWS);
      assertThat(fast.poll(Duration.ZERO)).isEmpty();
      assertThat(readItems(reading, 1001, Integer.MAX_VALUE)).isEqualTo(ROWS - 1000);
      assertThat(readItems(slows)).as("once more").isEqualTo(ROWS);
      assertThat(NamelessFiles.bytesIn(spill)).isPositive();
      slow.acknowledge(slows.position());
      assertThat(notes.poll(Duration.ZERO)).isEmpty();
      assertThat(NamelessFiles.bytesIn(spill)).isZero();
      assertThatIllegalStateException().isThrownBy(() -> readItems(slows));
    }
  }

  private static int readItems(Subscription subscription) {
    try {
      return readItems(next(subscription));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void comesOnceMoreToWhoHasNotAcknowledgedIt() throws Exception {
    SourcePosition before;
    Iterator<SourceChange> reading;
    try (var source = source().build();
        var subscription = source.subscribe(manual("one"))) {
      source.start();
      awaitRunning(source);
      database.run("INSERT INTO notes VALUES (0, 'before')");
      before = next(subscription).position();
      subscription.acknowledge(before);
      write(30_000);
      reading = next(subscription).changes().iterator();
      assertThat(readItems(reading, 1, 15_000)).isEqualTo(15_000);
      source.stop();
      assertThat(readItems(reading, 15_001, 1000)).as("it was stopped only").isEqualTo(1000);
      source.start();
      awaitRunning(source);
    }
    assertThatIllegalStateException()
        .isThrownBy(() -> readItems(reading, 16_001, 1))
        .withMessageEndingWith("until it is acknowledged or its subscription ends");
    String confirmed = confirmed();
    assertThat(NamelessFiles.bytesIn(spill)).isZero();
    var back =
        SubscriptionRequest.builder("one")
            .withAcknowledgement(Acknowledgement.MANUAL)
            .withResumeFrom(before)
            .build();
    try (var source = source().build();
        var subscription = source.subscribe(back)) {
      source.start();
      SourceEvent.Transaction whole = next(subscription);
      assertThat(confirmed()).as("nothing was confirmed meanwhile").isEqualTo(confirmed);
      assertThat(readItems(whole)).isEqualTo(30_000);
      subscription.acknowledge(whole.position());
    }
  }

  @Test
  void eachRowHasTheShapeItsTableHadThen() throws Exception {
    try (var source = source().build();
        var subscription = source.subscribe(SubscriptionRequest.of("one"))) {
      source.start();
      awaitRunning(source);
      database.run(
          "BEGIN; INSERT INTO items SELECT i, 'item ' || i FROM generate_series(1, 20000) i; ALTER TABLE items RENAME name TO title; INSERT INTO items VALUES (20001, 'renamed'); COMMIT",
          "INSERT INTO items VALUES (20002, 'later')");
      SourceEvent.Transaction large = next(subscription);
      Iterator<SourceChange> reading = large.changes().iterator();
      assertThat(readItems(reading, 1, 20_000)).isEqualTo(20_000);
      assertThat(properties(reading.next())).containsExactly("id", "title");
      assertThat(reading.hasNext()).isFalse();
      assertThat(properties(next(subscription).changes().iterator().next()))
          .containsExactly("id", "title");
    }
  }

  private static List<String> properties(SourceChange change) {
    return List.copyOf(((SourceChange.Insert) change).element().properties().keySet());
  }

  @Test
  void whereThereIsNoRoomForItTheSourceFailsAndNothingIsLost() throws Exception {
    var request = manual("one");
    String confirmed;
    try (var source = source().withSpillLimitBytes(1 << 20).build();
        var subscription = source.subscribe(request)) {
      source.start();
      awaitRunning(source);
      confirmed = confirmed();
      write(30_000);
      eventually("it fails", LONG, () -> source.status().state() == SourceState.FAILED);
      assertThat(source.status().error().orElseThrow())
          .hasMessageContaining("is larger than memory_limit_mb lets it be in memory")
          .hasMessageContaining("would hold more than 1 MiB; raise spill_limit_mb");
      assertThatExceptionOfType(SourceException.class).isThrownBy(() -> next(subscription));
      assertThat(NamelessFiles.bytesIn(spill)).isZero();
    }
    assertThat(confirmed()).isEqualTo(confirmed);
    try (var source = source().build();
        var subscription = source.subscribe(request)) {
      source.start();
      assertThat(readItems(next(subscription))).isEqualTo(30_000);
    }
  }
}
