package io.drasi.source.postgres.internal.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.drasi.api.change.ElementValue;
import io.drasi.api.change.SourceChange;
import io.drasi.postgres.decoder.position.PostgresPosition;
import io.drasi.postgres.decoder.row.RelationCache;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.source.postgres.internal.spill.SpillLimitException;
import io.drasi.source.postgres.internal.spill.SpillSpace;
import io.drasi.source.postgres.testing.Incoming;
import io.drasi.source.postgres.testing.PgOutput;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BacklogTest {
  private static final long LIMIT = 32 << 20;

  @TempDir Path folder;
  private final Incoming incoming = new Incoming("users", "orders");
  private SpillSpace space;
  private Backlog backlog;

  @BeforeEach
  void open() {
    space = new SpillSpace("source", folder, LIMIT);
    backlog = new Backlog(space);
  }

  @AfterEach
  void close() throws Exception {
    backlog.close();
    assertThat(space.usedBytes()).isZero();
  }

  /** Receives a transaction and keeps it; returns it as it was decoded at once. */
  private CommittedTransaction keep(long endLsn, byte[]... messages) throws IOException {
    DecodedTransaction received = incoming.transaction(endLsn, messages);
    backlog.append(received.raw());
    return received.committed();
  }

  private Optional<CommittedTransaction> poll(long after) throws IOException {
    return backlog.poll(new Lsn(after)).map(kept -> (CommittedTransaction) kept.decode());
  }

  private List<CommittedTransaction> pollAll() throws IOException {
    List<CommittedTransaction> all = new ArrayList<>();
    for (var next = poll(0); next.isPresent(); next = poll(0)) {
      all.add(next.get());
    }
    return all;
  }

  private static List<String> ids(CommittedTransaction transaction) {
    return transaction.changes().stream()
        .map(change -> ((SourceChange.Insert) change).element().metadata().reference().elementId())
        .toList();
  }

  @Test
  void givesBackInOrderWhatWasDecodedAtOnce() throws Exception {
    List<CommittedTransaction> kept =
        List.of(
            keep(10, PgOutput.relation(), PgOutput.insert(1, "Alice"), PgOutput.insert(2, "Bob")),
            keep(20, PgOutput.insert(3, "Carol")),
            keep(30),
            keep(40, PgOutput.orders(), PgOutput.insert(PgOutput.ORDERS, 4, "a book")));
    assertThat(backlog.isEmpty()).isFalse();
    assertThat(pollAll()).containsExactlyElementsOf(kept);
    assertThat(ids(kept.get(3))).containsExactly("orders:4");
    assertThat(backlog.isEmpty()).isTrue();
    assertThat(poll(0)).isEmpty();
  }

  @Test
  void decodesEachChangeByTheTableAsItWasThen() throws Exception {
    CommittedTransaction kept =
        keep(
            10,
            users("name"),
            PgOutput.insert(1, "Alice"),
            users("title"),
            PgOutput.insert(2, "Dr"));
    keep(20, users("nick"), PgOutput.insert(3, "Al"));
    CommittedTransaction decoded = poll(0).orElseThrow();
    assertThat(decoded).isEqualTo(kept);
    assertThat(properties(decoded, 0)).containsEntry("name", new ElementValue.Text("Alice"));
    assertThat(properties(decoded, 1)).containsEntry("title", new ElementValue.Text("Dr"));
  }

  @Test
  void aTransactionBeginsWithTheTablesAsTheOneBeforeLeftThem() throws Exception {
    incoming.transaction(10, users("old"));
    CommittedTransaction kept = keep(20, PgOutput.insert(1, "Alice"));
    incoming.transaction(30, users("new"));
    CommittedTransaction later = keep(40, PgOutput.insert(2, "Bob"));
    assertThat(pollAll()).containsExactly(kept, later);
    assertThat(properties(kept, 0)).containsKey("old");
    assertThat(properties(later, 0)).containsKey("new");
  }

  private static byte[] users(String secondColumn) {
    return PgOutput.relation(PgOutput.USERS, "users", 'd', secondColumn);
  }

  private static Map<String, ElementValue> properties(CommittedTransaction one, int change) {
    return ((SourceChange.Insert) one.changes().get(change)).element().properties();
  }

  @Test
  void aRowWithoutKeyKeepsTheIdItGotFromItsPlace() throws Exception {
    int events = 16_600;
    CommittedTransaction kept =
        keep(
            10,
            PgOutput.relation(events, "events", 'd', "name"),
            PgOutput.insert(events, 1, "a"),
            PgOutput.relation(),
            PgOutput.insert(events, 1, "a"));
    assertThat(ids(kept)).doesNotHaveDuplicates();
    assertThat(poll(0)).contains(kept);
  }

  @Test
  void leavesOutTablesThatAreNotWanted() throws Exception {
    CommittedTransaction kept =
        keep(
            10,
            PgOutput.relation(99, "secrets", 'd', "name"),
            PgOutput.insert(99, 1, "hush"),
            PgOutput.relation(),
            PgOutput.insert(2, "Bob"));
    assertThat(ids(kept)).containsExactly("users:2");
    assertThat(poll(0)).contains(kept);
  }

  @ParameterizedTest
  @CsvSource({"0, 10", "9, 10", "10, 20", "15, 20", "20, 30", "29, 30"})
  void dropsWhatEndsUpToAPosition(long after, long next) throws Exception {
    keep(10, PgOutput.relation(), PgOutput.insert(1, "Alice"));
    keep(20, PgOutput.orders(), PgOutput.insert(PgOutput.ORDERS, 2, "x".repeat(200_000)));
    keep(30, PgOutput.insert(3, "Carol"), PgOutput.insert(PgOutput.ORDERS, 4, "y"));
    assertThat(poll(after).orElseThrow().position()).isEqualTo(at(next));
  }

  @Test
  void dropsEverythingWhenItEndsUpToThePosition() throws Exception {
    keep(10, PgOutput.relation(), PgOutput.insert(1, "Alice"));
    keep(20, PgOutput.insert(2, "Bob"));
    assertThat(poll(20)).isEmpty();
    assertThat(backlog.isEmpty()).isTrue();
    CommittedTransaction next = keep(30, PgOutput.insert(3, "Carol"));
    assertThat(poll(20)).contains(next);
  }

  private static PostgresPosition at(long lsn) {
    return PostgresPosition.after(7, 1, new Lsn(lsn));
  }

  @ParameterizedTest
  @ValueSource(ints = {100_000, 131_072, 300_000, 5_000_000})
  void messagesMayBeLargerThanAnyBuffer(int length) throws Exception {
    List<CommittedTransaction> kept =
        List.of(
            keep(10, PgOutput.relation(), PgOutput.insert(1, "x".repeat(length))),
            keep(20, PgOutput.insert(2, "y".repeat(length)), PgOutput.insert(3, "z")));
    assertThat(pollAll()).containsExactlyElementsOf(kept);
  }

  @Test
  void keepsNumbersAsTheyAreWhateverTheirSign() throws Exception {
    var position = new PostgresPosition(-1, -2, new Lsn(-3), PostgresPosition.WHOLE);
    Instant commitTime = Instant.parse("1969-12-31T23:59:58.999999Z");
    backlog.append(
        new RawTransaction(
            position,
            4_294_967_295L,
            commitTime,
            new TransactionBuffer(
                new TransactionMemory(
                    new SpillSpace("source", Path.of("nowhere"), 0), Long.MAX_VALUE)),
            List.of(RelationCache.empty())));
    assertThat(poll(Long.MAX_VALUE))
        .contains(new CommittedTransaction(position, 4_294_967_295L, commitTime, List.of(), 0));
  }

  @Test
  void isDecodedWhenItIsReadAndNotBefore() throws Exception {
    CommittedTransaction kept = keep(10, PgOutput.relation(), PgOutput.insert(1, "Alice"));
    KeptTransaction stored = backlog.poll(Lsn.NONE).orElseThrow();
    assertThat(stored.position()).isEqualTo(at(10));
    keep(20, PgOutput.insert(2, "Bob"));
    backlog.close();
    assertThat(stored.decode()).isEqualTo(kept);
    assertThat(stored.decode()).as("again").isEqualTo(kept);
  }

  @Test
  void beyondTheLimitATransactionIsRefused() throws Exception {
    var none = new SpillSpace("source", folder, 0);
    DecodedTransaction received =
        incoming.transaction(10, PgOutput.relation(), PgOutput.insert(1, "x".repeat(200_000)));
    try (var full = new Backlog(none)) {
      assertThatExceptionOfType(SpillLimitException.class)
          .isThrownBy(() -> full.append(received.raw()));
    }
    assertThat(none.usedBytes()).isZero();
  }

  static LongStream seeds() {
    return LongStream.concat(LongStream.range(0, 20), LongStream.of(System.nanoTime()));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void whatIsAddedWhileItIsReadComesInOrder(long seed) throws Exception {
    var random = new Random(seed);
    Deque<CommittedTransaction> expected = new ArrayDeque<>();
    long lsn = 10;
    expected.add(keep(lsn, PgOutput.relation(), PgOutput.orders()));
    for (int step = 0; step < 150; step++) {
      if (random.nextInt(5) < 3) {
        lsn += 1 + random.nextInt(10);
        expected.add(keep(lsn, messages(random)));
      } else {
        long after = random.nextInt(4) == 0 ? random.nextLong(lsn + 5) : 0;
        expected.removeIf(one -> one.position().endLsn().value() <= after);
        assertThat(poll(after))
            .as("seed %d, step %d", seed, step)
            .isEqualTo(Optional.ofNullable(expected.poll()));
      }
    }
    assertThat(pollAll()).as("seed %d", seed).containsExactlyElementsOf(expected);
  }

  private static byte[][] messages(Random random) {
    byte[][] messages = new byte[random.nextInt(4)][];
    for (int i = 0; i < messages.length; i++) {
      messages[i] =
          switch (random.nextInt(5)) {
            case 0 -> users(random.nextBoolean() ? "name" : "title");
            case 1 -> PgOutput.insert(PgOutput.ORDERS, i, "x".repeat(random.nextInt(100_000)));
            default -> PgOutput.insert(i, "Alice");
          };
    }
    return messages;
  }

  @Test
  void printsNoRows() {
    DecodedTransaction received =
        incoming.transaction(10, PgOutput.relation(), PgOutput.insert(1, "secret"));
    assertThat(received.toString())
        .contains("RawTransaction[7-1-0/A, xid 10, ")
        .doesNotContain("secret");
  }
}
