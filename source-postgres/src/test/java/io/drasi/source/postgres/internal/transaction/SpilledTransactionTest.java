package io.drasi.source.postgres.internal.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.drasi.api.change.SourceChange;
import io.drasi.api.source.SourceException;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.source.postgres.internal.spill.SpillLimitException;
import io.drasi.source.postgres.internal.spill.SpillSpace;
import io.drasi.source.postgres.testing.Incoming;
import io.drasi.source.postgres.testing.PgOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpilledTransactionTest {
  private static final long LIMIT = 8 << 20;
  private static final int ROWS = 10_000;

  @TempDir Path folder;
  private final Incoming inMemory = new Incoming();
  private SpillSpace space;
  private Incoming onDisk;

  @BeforeEach
  void open() {
    space = new SpillSpace("source", folder, LIMIT);
    onDisk = new Incoming(space, 0);
  }

  @AfterEach
  void nothingIsLeft() {
    assertThat(space.usedBytes()).isZero();
    assertThat(folder).isEmptyDirectory();
  }

  private SpilledTransaction spilled(long endLsn, byte[]... messages) {
    return (SpilledTransaction) onDisk.receive(endLsn, messages);
  }

  private static byte[][] users(int rows) {
    return Stream.concat(
            Stream.of(PgOutput.relation()),
            IntStream.range(0, rows).mapToObj(id -> PgOutput.insert(id, "user " + id)))
        .toArray(byte[][]::new);
  }

  private static List<SourceChange> changes(PostgresTransaction transaction) {
    List<SourceChange> changes = new ArrayList<>();
    transaction.changes().forEach(changes::add);
    return changes;
  }

  @Test
  void hasTheSameChangesAsInMemoryAsOftenAsItIsRead() {
    byte[][] messages = {
      PgOutput.relation(),
      PgOutput.insert(1, "Alice"),
      PgOutput.relation(PgOutput.USERS, "users", 'd', "title"),
      PgOutput.insert(2, "x".repeat(700_000)),
      PgOutput.insert(3, ""),
    };
    List<SourceChange> expected = inMemory.transaction(10, messages).committed().changes();
    SpilledTransaction transaction = spilled(10, messages);
    assertThat(space.usedBytes()).isPositive();
    assertThat(changes(transaction)).isEqualTo(expected);
    assertThat(changes(transaction)).as("again").isEqualTo(expected);
    assertThat(transaction.changeCount()).isEqualTo(3);
    transaction.release();
  }

  @Test
  void theNextTransactionKnowsTheTablesThatItHasDescribed() {
    spilled(10, users(2)).release();
    SpilledTransaction next = spilled(20, PgOutput.insert(7, "Alice"));
    assertThat(changes(next))
        .isEqualTo(
            inMemory
                .transaction(20, PgOutput.relation(), PgOutput.insert(7, "Alice"))
                .committed()
                .changes());
    next.release();
  }

  @Test
  void severalReadItAtOnceEachAtItsOwnPace() {
    List<SourceChange> expected = inMemory.transaction(10, users(ROWS)).committed().changes();
    SpilledTransaction transaction = spilled(10, users(ROWS));
    Iterator<SourceChange> slow = transaction.changes().iterator();
    assertThat(slow.next()).isEqualTo(expected.get(0));
    var readers =
        Stream.generate(() -> CompletableFuture.supplyAsync(() -> changes(transaction)))
            .limit(3)
            .toList();
    readers.forEach(reader -> assertThat(reader.join()).isEqualTo(expected));
    List<SourceChange> rest = new ArrayList<>();
    slow.forEachRemaining(rest::add);
    assertThat(rest).isEqualTo(expected.subList(1, ROWS));
    assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(slow::next);
    transaction.release();
  }

  @Test
  void canBeReadUntilItIsReleasedWhateverOthersDo() {
    SpilledTransaction mine = spilled(10, users(ROWS));
    SpilledTransaction theirs = mine.as(ChangeFilter.ALL);
    Iterator<SourceChange> reading = mine.changes().iterator();
    reading.next();
    mine.release();
    mine.release();
    String why =
        "the changes of the transaction at 7-1-0/A can be read until it is acknowledged or its subscription ends";
    assertThatIllegalStateException().isThrownBy(reading::next).withMessage(why);
    assertThatIllegalStateException().isThrownBy(reading::hasNext).withMessage(why);
    assertThatIllegalStateException().isThrownBy(() -> mine.changes().iterator()).withMessage(why);
    assertThat(changes(theirs)).hasSize(ROWS);
    theirs.release();
  }

  @Test
  void whoHasReadItAllNeedsItNoMore() {
    SpilledTransaction transaction = spilled(10, users(2));
    Iterator<SourceChange> reading = transaction.changes().iterator();
    reading.forEachRemaining(change -> {});
    assertThat(reading.hasNext()).isFalse();
    transaction.release();
    assertThat(reading.hasNext()).isFalse();
  }

  @Test
  void showsAndCountsWhatIsWanted() {
    SpilledTransaction all =
        spilled(
            10,
            PgOutput.relation(),
            PgOutput.orders(),
            PgOutput.insert(1, "Alice"),
            PgOutput.insert(PgOutput.ORDERS, 2, "a book"),
            PgOutput.insert(3, "Bob"));
    SpilledTransaction orders =
        all.as(
            new ChangeFilter() {
              @Override
              public boolean wants(ChangeSubject subject) {
                return subject.labels().contains("orders");
              }

              @Override
              public Optional<SourceChange> narrow(SourceChange change) {
                return Optional.of(change).filter(one -> wants(ChangeSubject.of(one)));
              }
            });
    assertThat(orders.changeCount()).isEqualTo(1);
    assertThat(changes(orders)).containsExactly(changes(all).get(1));
    all.release();
    orders.release();
  }

  @Test
  void whatCannotBeReadIsToldToWhoReadsAndToTheSubscription() throws Exception {
    var backlog = new Backlog(space);
    SpilledTransaction transaction = spilled(10, users(ROWS));
    backlog.append(transaction);
    transaction.release();
    takeAllSpace();
    assertThat(backlog.whyLost()).isPresent();
    var kept = (SpilledTransaction) backlog.poll(Lsn.NONE).orElseThrow();
    List<IOException> told = new ArrayList<>();
    kept.onReading(told::add);
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(() -> changes(kept))
        .withMessageStartingWith("the changes of the transaction at 7-1-0/A cannot be read: ")
        .withCauseInstanceOf(SpillLimitException.class);
    assertThat(told).singleElement().isInstanceOf(SpillLimitException.class);
    kept.release();
    backlog.close();
  }

  /** A transaction that fills the space goes before what waits for a bootstrap. */
  private void takeAllSpace() {
    byte[] mebibyte = PgOutput.insert(1, "x".repeat((1 << 20) - 40));
    Stream<byte[]> rows = Stream.generate(() -> mebibyte).limit(LIMIT >> 20);
    spilled(20, Stream.concat(Stream.of(PgOutput.relation()), rows).toArray(byte[][]::new))
        .release();
  }

  @Test
  void isNotTakenFromWhileSomebodyReadsIt() {
    SpilledTransaction transaction = spilled(10, users(100));
    assertThatExceptionOfType(UncheckedIOException.class)
        .as("tried again, until there is room")
        .isThrownBy(this::takeAllSpace)
        .withCauseInstanceOf(SpillLimitException.class);
    assertThat(changes(transaction)).hasSize(100);
    transaction.release();
    onDisk.giveUp();
  }

  @Test
  void oneThatIsLargerThanTheLimitIsAFailureWithItsRemedy() {
    byte[] mebibyte = PgOutput.insert(1, "x".repeat(1 << 20));
    byte[][] messages = Stream.generate(() -> mebibyte).limit(9).toArray(byte[][]::new);
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(() -> onDisk.receive(10, messages))
        .withMessage(
            "the transaction with commit LSN 0/9 (xid 10) is larger than memory_limit_mb lets it be in memory, and cannot be put to disk: the files in %s would hold more than 8 MiB; raise spill_limit_mb, or see why the subscriber is slow",
            folder);
    onDisk.giveUp();
  }

  @Test
  void aFolderThatIsNotThereIsAFailureWithItsRemedy() {
    var nowhere = new Incoming(new SpillSpace("source", folder.resolve("nowhere"), LIMIT), 0);
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(() -> nowhere.receive(10, users(1)))
        .withMessageStartingWith("the transaction with commit LSN 0/9 (xid 10) is larger than")
        .withMessageContaining("nowhere")
        .withMessageEndingWith("; check spill_dir");
  }

  @Test
  void oneThatCannotBeDecodedLeavesNothing() {
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() -> onDisk.receive(10, PgOutput.insert(1, "secret")))
        .withCauseInstanceOf(TransactionException.class)
        .withMessageNotContaining("secret");
  }

  @Test
  void oneThatIsBrokenOffLeavesNothing() {
    onDisk.begin(10, users(ROWS));
    assertThat(space.usedBytes()).isPositive();
    onDisk.giveUp();
  }

  @Test
  void whoIsToldToEndDoesNotLookThroughAllOfIt() {
    Thread.currentThread().interrupt();
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() -> onDisk.receive(10, users(ROWS)))
        .withMessageContaining("interrupted in the transaction at 7-1-0/A");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void onlyWhatIsTooLargeForMemoryIsPutToDisk() {
    var ordinary = new Incoming(space, 1 << 20);
    assertThat(ordinary.receive(10, users(100))).isInstanceOf(DecodedTransaction.class);
    var large = (SpilledTransaction) ordinary.receive(20, users(ROWS));
    assertThat(changes(large)).hasSize(ROWS);
    large.release();
    assertThat(ordinary.receive(30, users(100))).isInstanceOf(DecodedTransaction.class);
  }

  @Test
  void waitsAmongOthersInABacklogWithoutBeingCopied() throws Exception {
    try (var backlog = new Backlog(space)) {
      var small = new Incoming(space, Long.MAX_VALUE);
      backlog.append(small.receive(10, users(1)).raw());
      SpilledTransaction large = spilled(20, users(ROWS));
      long bytes = space.usedBytes();
      backlog.append(large);
      backlog.append(small.receive(30, users(2)).raw());
      large.release();
      assertThat(space.usedBytes()).isEqualTo(bytes);
      assertThat(backlog.sizeBytes()).isGreaterThan(bytes);
      for (int rows : List.of(1, ROWS, 2)) {
        KeptTransaction next = backlog.poll(Lsn.NONE).orElseThrow();
        assertThat(changes(next.decode())).hasSize(rows);
        next.release();
      }
      SpilledTransaction last = spilled(40, users(ROWS));
      backlog.append(last);
      last.release();
    }
  }

  @Test
  void isCopiedIntoABacklogWhereItIsSmallSoThatFewFilesAreOpen() throws Exception {
    try (var backlog = new Backlog(space)) {
      SpilledTransaction small = spilled(10, users(100));
      List<SourceChange> expected = changes(small);
      backlog.append(small);
      small.release();
      assertThat(space.usedBytes()).isZero();
      KeptTransaction kept = backlog.poll(Lsn.NONE).orElseThrow();
      assertThat(kept.position()).isEqualTo(small.position());
      assertThat(changes(kept.decode())).isEqualTo(expected);
    }
  }

  @Test
  void printsNoRows() {
    SpilledTransaction transaction = spilled(10, users(2));
    assertThat(transaction).hasToString("Transaction[7-1-0/A, xid 10, 2 changes, on disk]");
    transaction.release();
  }
}
