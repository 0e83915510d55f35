package io.drasi.source.postgres.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.drasi.api.source.DispatchMode;
import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.source.postgres.internal.spill.SpillLimitException;
import io.drasi.source.postgres.internal.spill.SpillSpace;
import io.drasi.source.postgres.internal.transaction.CommittedTransaction;
import io.drasi.source.postgres.internal.transaction.DecodedTransaction;
import io.drasi.source.postgres.internal.transaction.RawTransaction;
import io.drasi.source.postgres.testing.Incoming;
import io.drasi.source.postgres.testing.PgOutput;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class CatchUpTest {
  private static final long LIMIT = 1 << 20;

  @TempDir static Path folder;

  private final Incoming incoming = new Incoming();
  private final SpillSpace space = new SpillSpace("source", folder, LIMIT);
  private static final CommittedTransaction WANTED = Changes.transaction(20);

  private final CatchUp catchUp = new CatchUp(space, DispatchMode.CHANNEL, Clock.systemUTC());

  /** Whether it is kept; with room at once. */
  private boolean add(RawTransaction raw) throws Exception {
    return catchUp.add(raw, Changes.transaction(raw.position().endLsn().value()), Duration.ZERO)
        == CatchUp.Added.KEPT;
  }

  /** A transaction of one insert into {@code users}. */
  private DecodedTransaction transaction(long lsn) {
    return transaction(lsn, "Alice");
  }

  private DecodedTransaction transaction(long lsn, String name) {
    return incoming.transaction(lsn, PgOutput.relation(), PgOutput.insert(lsn, name));
  }

  /** Keeps a transaction; returns it as it was decoded at once. */
  private SourceEvent keep(long lsn) throws Exception {
    DecodedTransaction transaction = transaction(lsn);
    assertThat(add(transaction.raw())).isTrue();
    return transaction.committed();
  }

  private static DeliveredProgress progress(long lsn) {
    return new DeliveredProgress(Changes.at(lsn));
  }

  private Optional<SourceEvent> poll() throws IOException {
    return poll(SubscriptionRequest.of("all"));
  }

  private Optional<SourceEvent> poll(SubscriptionRequest request) throws IOException {
    return catchUp.poll().map(kept -> kept.read(new LabelFilter(request)));
  }

  private void drain(long position) {
    catchUp.drain(catchUp.bootstrap(), new Lsn(position));
  }

  @Test
  void keepsNothingForASubscriberThatIsNotBootstrapped() throws Exception {
    assertThat(add(transaction(20).raw())).isFalse();
    assertThat(catchUp.add(progress(30))).isFalse();
    drain(10);
    assertThat(poll()).isEmpty();
    assertThat(add(transaction(40).raw())).isFalse();
  }

  @Test
  void givesWhatCameDuringTheBootstrapWhenThatIsCompleteAndNotBefore() throws Exception {
    catchUp.begin();
    SourceEvent first = keep(20);
    SourceEvent second = keep(30);
    assertThat(poll()).isEmpty();
    drain(10);
    assertThat(poll()).contains(first);
    assertThat(poll()).contains(second);
    assertThat(poll()).as("caught up").isEmpty();
    assertThat(add(transaction(40).raw())).as("belongs into the queue").isFalse();
    assertThat(catchUp.add(progress(50))).isFalse();
  }

  @Test
  void leavesOutWhatIsPartOfTheBootstrap() throws Exception {
    catchUp.begin();
    keep(20);
    keep(30);
    SourceEvent after = keep(40);
    drain(30);
    assertThat(poll()).contains(after);
    assertThat(poll()).isEmpty();
  }

  @Test
  void whatComesWhileTheSubscriberCatchesUpIsKeptBehindIt() throws Exception {
    catchUp.begin();
    SourceEvent first = keep(20);
    drain(10);
    assertThat(poll()).contains(first);
    SourceEvent second = keep(30);
    assertThat(poll()).contains(second);
    assertThat(poll()).isEmpty();
    assertThat(add(transaction(40).raw())).isFalse();
  }

  @Test
  void ofProgressOnlyTheLatestThatNoTransactionFollowsIsKept() throws Exception {
    catchUp.begin();
    assertThat(catchUp.add(progress(20))).isTrue();
    SourceEvent transaction = keep(30);
    assertThat(catchUp.add(progress(40))).isTrue();
    assertThat(catchUp.add(progress(50))).isTrue();
    drain(10);
    assertThat(poll()).contains(transaction);
    assertThat(poll()).contains(progress(50));
    assertThat(poll()).isEmpty();
  }

  @Test
  void progressThatIsPartOfTheBootstrapIsLeftOut() throws Exception {
    catchUp.begin();
    catchUp.add(progress(30));
    drain(30);
    assertThat(poll()).isEmpty();
    assertThat(catchUp.add(progress(40))).as("caught up").isFalse();
  }

  @Test
  void aBootstrapThatBeginsAnewKeepsWhatCameDuringTheFirst() throws Exception {
    catchUp.begin();
    SourceEvent first = keep(20);
    catchUp.begin();
    SourceEvent second = keep(30);
    assertThat(poll()).isEmpty();
    drain(10);
    assertThat(poll()).contains(first);
    assertThat(poll()).contains(second);
  }

  @Test
  void givesWhatTheSubscriberWantsOfATransaction() throws Exception {
    catchUp.begin();
    DecodedTransaction both =
        incoming.transaction(
            20,
            PgOutput.relation(),
            PgOutput.orders(),
            PgOutput.insert(1, "Alice"),
            PgOutput.insert(PgOutput.ORDERS, 2, "a book"));
    add(both.raw());
    drain(10);
    assertThat(poll(SubscriptionRequest.builder("orders").withNodeLabels(Set.of("orders")).build()))
        .contains(both.committed().withChanges(both.committed().changes().subList(1, 2)));
  }

  @Test
  void discardingDropsWhatWasKeptAndKeepsNoMore() throws Exception {
    catchUp.begin();
    add(transaction(20, "x".repeat(300_000)).raw());
    assertThat(space.usedBytes()).isPositive();
    catchUp.discard();
    catchUp.discard();
    assertThat(space.usedBytes()).isZero();
    assertThat(add(transaction(30).raw())).isFalse();
    drain(10);
    assertThat(poll()).isEmpty();
  }

  @Test
  void givesItsSpaceBackWhenTheSubscriberHasCaughtUp() throws Exception {
    catchUp.begin();
    add(transaction(20, "x".repeat(300_000)).raw());
    drain(10);
    assertThat(poll()).isPresent();
    assertThat(poll()).isEmpty();
    assertThat(space.usedBytes()).isZero();
  }

  @Test
  void whatCannotBeKeptWholeIsNotGivenInPart() throws Exception {
    catchUp.begin();
    keep(20);
    drain(10);
    DecodedTransaction tooLarge = transaction(30, "x".repeat(2 << 20));
    assertThatExceptionOfType(SpillLimitException.class).isThrownBy(() -> add(tooLarge.raw()));
    assertThat(poll()).as("a gap comes next: the subscription is about to be ended").isEmpty();
    assertThat(space.usedBytes()).isZero();
  }

  @Test
  void anInterruptedSubscriberLosesNothing() throws Exception {
    catchUp.begin();
    DecodedTransaction large = transaction(20, "x".repeat(300_000));
    add(large.raw());
    drain(10);
    Thread.currentThread().interrupt();
    try {
      assertThat(poll()).contains(large.committed());
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(poll()).isEmpty();
  }

  @Test
  void whoFallsBehindAfterTheBootstrapHoldsTheStreamBack() throws Exception {
    var slow =
        new CatchUp(
            new SpillSpace("source", folder, 1L << 30), DispatchMode.CHANNEL, Clock.systemUTC());
    RawTransaction large = transaction(20, "x".repeat(17 << 20)).raw();
    slow.begin();
    slow.add(large, WANTED, Duration.ZERO);
    slow.add(large, WANTED, Duration.ZERO);
    slow.drain(slow.bootstrap(), new Lsn(5));
    assertThat(slow.add(large, WANTED, Duration.ZERO)).isEqualTo(CatchUp.Added.KEPT);
    assertThat(slow.add(large, WANTED, Duration.ZERO)).isEqualTo(CatchUp.Added.NO_ROOM);
    var adding = Waiting.on(() -> slow.add(large, WANTED, Duration.ofDays(1)));
    slow.poll();
    adding.awaitReturn();
    assertThat(adding.result()).isEqualTo(CatchUp.Added.KEPT);
    slow.discard();
  }

  @Test
  void inBroadcastWhoFallsBehindAfterTheBootstrapIsToldWhatItMisses() throws Exception {
    var slow =
        new CatchUp(
            new SpillSpace("source", folder, 1L << 30), DispatchMode.BROADCAST, Clock.systemUTC());
    RawTransaction large = transaction(20, "x".repeat(17 << 20)).raw();
    slow.begin();
    assertThat(slow.add(large, WANTED, Duration.ZERO)).isEqualTo(CatchUp.Added.KEPT);
    slow.drain(slow.bootstrap(), new Lsn(5));
    assertThat(slow.add(large, WANTED, Duration.ZERO)).isEqualTo(CatchUp.Added.KEPT);
    CommittedTransaction first = Changes.large(30, 2);
    CommittedTransaction second = Changes.transaction(40);
    assertThat(slow.add(large, first, Duration.ZERO)).isEqualTo(CatchUp.Added.LEFT_OUT);
    assertThat(slow.poll()).isPresent();
    assertThat(slow.add(transaction(40, "x").raw(), second, Duration.ZERO))
        .as("what follows a gap would seem to be without one")
        .isEqualTo(CatchUp.Added.LEFT_OUT);
    assertThat(slow.poll()).isPresent();
    assertThat(slow.readySince()).isPresent();
    LabelFilter everything = new LabelFilter(SubscriptionRequest.of("slow"));
    assertThat(slow.poll().orElseThrow().read(everything))
        .isEqualTo(new DeliveredLag(2, 3, Changes.at(40)));
    assertThat(slow.add(large, WANTED, Duration.ZERO)).isEqualTo(CatchUp.Added.NOT_HERE);
  }
}
