package io.drasi.source.postgres.internal.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.drasi.api.change.SourceChange;
import io.drasi.postgres.protocol.message.FieldReader;
import io.drasi.postgres.protocol.message.ProtocolException;
import io.drasi.source.postgres.internal.spill.SpillSpace;
import io.drasi.source.postgres.testing.Incoming;
import io.drasi.source.postgres.testing.PgOutput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamedTransactionsTest {
  private static final long LITTLE = 3_000;

  @TempDir Path folder;

  private final Incoming incoming = new Incoming();

  private static void accept(Incoming incoming, byte[]... messages) throws IOException {
    for (byte[] message : messages) {
      assertThat(incoming.accept(message)).isEmpty();
    }
  }

  private static byte[] insert(int xid, long id) {
    return PgOutput.inBlock(xid, PgOutput.insert(id, "name " + id));
  }

  private static byte[] relation(int xid) {
    return PgOutput.inBlock(xid, PgOutput.relation());
  }

  /** The ids of the rows of a transaction, all of which it inserts; it is released then. */
  static List<Long> ids(ReceivedTransaction received) {
    PostgresTransaction transaction = received.committed();
    List<Long> ids = new ArrayList<>();
    for (SourceChange change : transaction.changes()) {
      String id = ((SourceChange.Insert) change).element().metadata().reference().elementId();
      ids.add(Long.valueOf(id.substring("users:".length())));
    }
    assertThat(transaction.changeCount()).isEqualTo(ids.size());
    transaction.release();
    return ids;
  }

  private static List<Long> commit(Incoming incoming, int xid, long lsn) throws IOException {
    ReceivedTransaction received = incoming.accept(PgOutput.streamCommit(xid, lsn)).orElseThrow();
    assertThat(received.committed().xid()).isEqualTo(Integer.toUnsignedLong(xid));
    assertThat(received.position().endLsn().value()).isEqualTo(lsn + 1);
    return ids(received);
  }

  @Test
  void blocksOfSeveralTransactionsComeInTurn() throws Exception {
    accept(
        incoming,
        PgOutput.streamStart(5, true),
        relation(5),
        insert(5, 1),
        PgOutput.streamStop(),
        PgOutput.streamStart(-6, true),
        relation(-6),
        insert(-6, 2),
        PgOutput.streamStop(),
        PgOutput.begin(99, 7),
        PgOutput.relation(),
        PgOutput.insert(3, "in between"));
    assertThat(ids(incoming.accept(PgOutput.commit(99)).orElseThrow())).containsExactly(3L);
    accept(incoming, PgOutput.streamStart(5, false), insert(5, 4), PgOutput.streamStop());
    assertThat(commit(incoming, -6, 100)).containsExactly(2L);
    assertThat(commit(incoming, 5, 200)).containsExactly(1L, 4L);
  }

  @Test
  void whatIsRolledBackIsForgotten() throws Exception {
    accept(
        incoming,
        PgOutput.streamStart(5, true),
        relation(5),
        insert(5, 1),
        PgOutput.streamStop(),
        PgOutput.streamStart(6, true),
        relation(6),
        insert(6, 2),
        insert(7, 3),
        insert(8, 4),
        insert(7, 5),
        PgOutput.streamStop(),
        PgOutput.streamAbort(6, 8),
        PgOutput.streamAbort(6, 7),
        PgOutput.streamAbort(6, 9), // nothing has come of it
        PgOutput.streamAbort(5, 5),
        PgOutput.streamStart(6, false),
        insert(6, 6),
        PgOutput.streamStop());
    assertThat(commit(incoming, 6, 100)).containsExactly(2L, 6L);
    assertThatExceptionOfType(TransactionException.class)
        .isThrownBy(() -> incoming.accept(PgOutput.streamCommit(5, 200)))
        .withMessageContaining("names transaction 5, of which no block has come");
  }

  @Test
  void refusesBlocksThatDoNotFollowOneAnother() throws Exception {
    assertThatExceptionOfType(ProtocolException.class)
        .isThrownBy(() -> incoming.accept(PgOutput.streamStart(5, false)))
        .withMessageContaining("follows others, but none came before");
    accept(incoming, PgOutput.streamStart(5, true), PgOutput.streamStop());
    assertThatExceptionOfType(ProtocolException.class)
        .isThrownBy(() -> incoming.accept(PgOutput.streamStart(5, true)))
        .withMessageContaining("is its first, but others came before");
    assertThatExceptionOfType(ProtocolException.class)
        .isThrownBy(() -> incoming.accept(PgOutput.streamStop()))
        .withMessage("pgoutput: 'E' outside of a transaction");
    assertThatExceptionOfType(ProtocolException.class)
        .isThrownBy(() -> incoming.accept(PgOutput.streamAbort(9, 9)))
        .withMessageContaining("names transaction 9, of which no block has come");
  }

  @ParameterizedTest
  @MethodSource("misplaced")
  void refusesWithinABlockWhatDoesNotBelongThere(byte[] message) throws Exception {
    accept(incoming, PgOutput.streamStart(5, true));
    assertThatExceptionOfType(ProtocolException.class)
        .isThrownBy(() -> incoming.accept(message))
        .withMessageEndingWith("within a block of a streamed transaction");
  }

  static List<byte[]> misplaced() {
    return List.of(
        PgOutput.begin(100, 5),
        PgOutput.commit(100),
        PgOutput.streamStart(6, true),
        PgOutput.streamCommit(5, 100),
        PgOutput.streamAbort(5, 5));
  }

  @Test
  void refusesWithinATransactionWhatIsOfStreaming() throws Exception {
    accept(incoming, PgOutput.begin(100, 5));
    assertThatExceptionOfType(ProtocolException.class)
        .isThrownBy(() -> incoming.accept(PgOutput.streamStart(6, true)))
        .withMessage("pgoutput: 'S' within a transaction");
  }

  @Test
  void refusesAMessageOfABlockThatEndsBeforeItsNumber() throws Exception {
    accept(incoming, PgOutput.streamStart(5, true));
    assertThatExceptionOfType(ProtocolException.class)
        .isThrownBy(() -> incoming.accept(new byte[] {'I', 0, 0, 0}))
        .withMessageContaining("xid of 'I'");
  }

  @Test
  void aTransactionThatCannotBeDecodedIsNamed() throws Exception {
    accept(incoming, PgOutput.streamStart(5, true), insert(5, 1), PgOutput.streamStop());
    assertThatExceptionOfType(TransactionException.class)
        .isThrownBy(() -> incoming.accept(PgOutput.streamCommit(5, 100)))
        .withMessageStartingWith("the transaction with commit LSN 0/64 (xid 5) cannot be decoded");
  }

  @Test
  void whatHasNotCommittedMayNotTakeMoreOfTheDiskThanThereIs() throws Exception {
    var space = new SpillSpace("source", folder, 100_000);
    var small = new Incoming(space, LITTLE);
    accept(small, PgOutput.streamStart(5, true), relation(5));
    assertThatExceptionOfType(StreamingLimitException.class)
        .isThrownBy(
            () -> {
              for (int id = 1; id < 10_000; id++) {
                accept(small, insert(5, id));
              }
            })
        .withMessageContaining("spill_limit_mb");
    small.giveUp();
    assertThat(space.usedBytes()).isZero();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void whatHasNotCommittedMayNotHinderOthersEither() throws Exception {
    var space = new SpillSpace("source", folder, 100_000);
    var small = new Incoming(space, LITTLE);
    accept(small, PgOutput.streamStart(5, true), relation(5));
    while (space.usedBytes() < 90_000) {
      accept(small, insert(5, space.usedBytes()));
    }
    accept(small, PgOutput.streamStop(), PgOutput.begin(100, 6), PgOutput.relation());
    assertThatExceptionOfType(StreamingLimitException.class)
        .isThrownBy(
            () -> {
              for (int id = 1; id < 10_000; id++) {
                accept(small, PgOutput.insert(id, "ordinary"));
              }
            });
    small.giveUp();
    assertThat(space.usedBytes()).isZero();
  }

  @Test
  void theLargestGoesToDiskWhenAllTogetherTakeTooMuch() throws Exception {
    var space = new SpillSpace("source", folder, 1 << 30);
    var memory = new TransactionMemory(space, 100_000);
    var large = new TransactionBuffer(memory);
    var small = new TransactionBuffer(memory);
    fill(large, 80);
    fill(small, 20);
    assertThat(space.usedBytes()).isZero();
    fill(small, 40);
    assertThat(large.takeFile()).isPresent();
    assertThat(small.takeFile()).isEmpty();
    assertThat(memory.usedBytes()).isEqualTo(small.heldBytes()).isPositive();
    small.close();
    large.close();
    assertThat(memory.usedBytes()).isZero();
  }

  private static void fill(TransactionBuffer buffer, int messages) throws IOException {
    var row = new FieldReader(new byte[100]);
    for (int i = 0; i < messages; i++) {
      buffer.append((byte) 'I', row);
    }
  }

  @Test
  void millionsOfSubtransactionsTakeTheirTimeOnce() throws Exception {
    var subtransactions = new Subtransactions();
    var buffer =
        new TransactionBuffer(
            new TransactionMemory(new SpillSpace("source", folder, 0), Long.MAX_VALUE));
    int outer = -1_000_000; // the numbers go round
    int count = 2_000_000;
    for (int i = 0; i < count; i++) {
      subtransactions.begin(outer, buffer);
      subtransactions.begin(outer + 1 + i, buffer);
    }
    for (int i = count - 1; i >= 0; i--) {
      assertThat(subtransactions.rollBack(outer + 1 + i)).isPresent();
    }
    assertThat(subtransactions.rollBack(outer + 1)).isEmpty();
    assertThat(subtransactions.rollBack(outer)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(longs = {LITTLE, 20_000, Long.MAX_VALUE})
  void everyHistoryComesAsItWasCommitted(long memoryBytes) throws Exception {
    for (int seed : IntStream.range(0, 200).toArray()) {
      var space = new SpillSpace("source", folder, 1 << 30);
      var history = new StreamedHistory(new Random(seed), new Incoming(space, memoryBytes));
      assertThat(history.differences()).as("seed %d", seed).isEmpty();
      assertThat(space.usedBytes()).as("seed %d", seed).isZero();
    }
    assertThat(folder).isEmptyDirectory();
  }
}
