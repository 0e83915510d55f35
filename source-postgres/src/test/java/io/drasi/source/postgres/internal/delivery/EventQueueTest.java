package io.drasi.source.postgres.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drasi.api.change.Element;
import io.drasi.api.change.ElementPropertyMap;
import io.drasi.api.change.ElementValue;
import io.drasi.api.change.SourceChange;
import io.drasi.api.source.DispatchMode;
import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.SourceException;
import io.drasi.api.source.SubscriptionEndedException;
import io.drasi.source.postgres.internal.delivery.EventQueue.Added;
import io.drasi.source.postgres.internal.transaction.CommittedTransaction;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(20)
class EventQueueTest {
  private static final Duration LONG = Duration.ofDays(1);

  private final EventQueue channel =
      new EventQueue(3, () -> Long.MAX_VALUE, DispatchMode.CHANNEL, Clock.systemUTC());
  private final EventQueue broadcast =
      new EventQueue(3, () -> Long.MAX_VALUE, DispatchMode.BROADCAST, Clock.systemUTC());

  private static Optional<SourceEvent> next(EventQueue queue) throws InterruptedException {
    return queue.poll(Duration.ZERO);
  }

  private static List<SourceEvent> drain(EventQueue queue) throws InterruptedException {
    List<SourceEvent> events = new ArrayList<>();
    for (Optional<SourceEvent> event = next(queue); event.isPresent(); event = next(queue)) {
      events.add(event.get());
    }
    return events;
  }

  private static DeliveredProgress progress(long lsn) {
    return new DeliveredProgress(Changes.at(lsn));
  }

  @Test
  void handsOutInOrder() throws Exception {
    channel.add(Changes.transaction(1), LONG);
    channel.add(Changes.transaction(2), LONG);
    assertThat(channel.take()).isEqualTo(Changes.transaction(1));
    assertThat(channel.take()).isEqualTo(Changes.transaction(2));
    assertThat(next(channel)).isEmpty();
  }

  @Test
  void waitsForRoomByTheNumberOfChanges() throws Exception {
    channel.add(Changes.large(1, 2), LONG);
    channel.add(Changes.large(2, 1), LONG);
    var adding = Waiting.on(() -> channel.add(Changes.large(3, 2), LONG));
    channel.take();
    adding.awaitReturn();
    assertThat(adding.result()).isEqualTo(Added.QUEUED);
    assertThat(drain(channel)).containsExactly(Changes.large(2, 1), Changes.large(3, 2));
  }

  @Test
  void waitsForRoomByTheMemoryThatChangesTake() throws Exception {
    long[] room = {100};
    var queue = new EventQueue(3, () -> room[0], DispatchMode.CHANNEL, Clock.systemUTC());
    assertThat(queue.add(heavy(1, 120), Duration.ZERO)).as("it is empty").isEqualTo(Added.QUEUED);
    assertThat(queue.add(heavy(2, 1), Duration.ZERO)).isEqualTo(Added.NO_ROOM);
    var adding = Waiting.on(() -> queue.add(heavy(2, 60), LONG));
    assertThat(queue.take()).isEqualTo(heavy(1, 120));
    adding.awaitReturn();
    assertThat(queue.add(heavy(3, 41), Duration.ZERO)).isEqualTo(Added.NO_ROOM);
    assertThat(queue.add(heavy(3, 40), Duration.ZERO)).isEqualTo(Added.QUEUED);
    queue.take();
    room[0] = 50; // there are more queues now
    assertThat(queue.add(heavy(4, 11), Duration.ZERO)).isEqualTo(Added.NO_ROOM);
    assertThat(queue.add(heavy(4, 10), Duration.ZERO)).isEqualTo(Added.QUEUED);
    queue.clear();
    assertThat(queue.add(heavy(5, 50), Duration.ZERO)).isEqualTo(Added.QUEUED);
  }

  private static CommittedTransaction heavy(long lsn, long memoryBytes) {
    CommittedTransaction one = Changes.transaction(lsn);
    return new CommittedTransaction(
        one.position(), one.xid(), one.commitTime(), one.changes(), memoryBytes);
  }

  @Test
  void staysWaitingWhileTheRoomIsNotEnough() throws Exception {
    channel.add(Changes.large(1, 1), LONG);
    channel.add(Changes.large(2, 2), LONG);
    var adding = Waiting.on(() -> channel.add(Changes.large(3, 3), LONG));
    channel.take();
    adding.awaitWaiting();
    channel.take();
    adding.awaitReturn();
    assertThat(drain(channel)).containsExactly(Changes.large(3, 3));
  }

  @Test
  void aTransactionLargerThanTheQueueEntersWhenItIsEmpty() throws Exception {
    assertThat(channel.add(Changes.large(1, 100), LONG)).isEqualTo(Added.QUEUED);
    var adding = Waiting.on(() -> channel.add(Changes.large(2, 100), LONG));
    assertThat(channel.take()).isEqualTo(Changes.large(1, 100));
    adding.awaitReturn();
    assertThat(channel.take()).isEqualTo(Changes.large(2, 100));
  }

  @Test
  void progressTakesNoRoom() throws Exception {
    channel.addLatest(progress(1));
    assertThat(channel.add(Changes.large(2, 100), LONG)).isEqualTo(Added.QUEUED);
    assertThat(drain(channel)).containsExactly(progress(1), Changes.large(2, 100));
  }

  @Test
  void anInterruptEndsTheWaitAndAddsNothing() throws Exception {
    channel.add(Changes.large(1, 3), LONG);
    var adding = Waiting.on(() -> channel.add(Changes.transaction(2), LONG));
    adding.interrupt();
    adding.awaitReturn();
    assertThat(adding.failure()).isInstanceOf(InterruptedException.class);
    assertThat(drain(channel)).containsExactly(Changes.large(1, 3));
  }

  @Test
  void anInterruptEndsTheWaitForAnEvent() throws Exception {
    var taking = Waiting.on(channel::take);
    taking.interrupt();
    taking.awaitReturn();
    assertThat(taking.failure()).isInstanceOf(InterruptedException.class);
    channel.add(Changes.transaction(1), LONG);
    assertThat(channel.take()).as("the queue goes on").isEqualTo(Changes.transaction(1));
  }

  @Test
  void takeWaitsForTheNextEvent() throws Exception {
    var taking = Waiting.on(channel::take);
    channel.add(Changes.transaction(1), LONG);
    taking.awaitReturn();
    assertThat(taking.result()).isEqualTo(Changes.transaction(1));
  }

  @Test
  void pollWaitsNoLongerThanAsked() throws Exception {
    assertThat(channel.poll(Duration.ofMillis(1))).isEmpty();
    assertThat(channel.poll(Duration.ofSeconds(-1))).isEmpty();
    var polling = Waiting.on(() -> channel.poll(Duration.ofSeconds(Long.MAX_VALUE)));
    channel.add(Changes.transaction(1), LONG);
    polling.awaitReturn();
    assertThat(polling.result()).isEqualTo(Optional.of(Changes.transaction(1)));
  }

  @Test
  void broadcastLeavesOutWhatHasNoRoomAndTellsOnce() throws Exception {
    broadcast.add(Changes.large(1, 3), LONG);
    assertThat(broadcast.add(Changes.large(2, 1), LONG)).isEqualTo(Added.LEFT_OUT);
    assertThat(broadcast.add(Changes.large(3, 5), LONG)).isEqualTo(Added.LEFT_OUT);
    assertThat(broadcast.take()).isEqualTo(Changes.large(1, 3));
    assertThat(broadcast.add(Changes.large(4, 2), LONG)).isEqualTo(Added.QUEUED);
    assertThat(drain(broadcast))
        .containsExactly(new DeliveredLag(2, 6, Changes.at(3)), Changes.large(4, 2));
  }

  @Test
  void broadcastTellsWhatWasLeftOutEvenIfNothingFollows() throws Exception {
    broadcast.add(Changes.large(1, 3), LONG);
    broadcast.add(Changes.large(2, 1), LONG);
    broadcast.take();
    assertThat(drain(broadcast)).containsExactly(new DeliveredLag(1, 1, Changes.at(2)));
    broadcast.add(Changes.large(3, 3), LONG);
    broadcast.add(Changes.large(4, 4), LONG);
    assertThat(drain(broadcast))
        .as("counted from the last time it was told")
        .containsExactly(Changes.large(3, 3), new DeliveredLag(1, 4, Changes.at(4)));
  }

  @Test
  void broadcastTakesALargeTransactionWhenItIsEmpty() throws Exception {
    assertThat(broadcast.add(Changes.large(1, 100), LONG)).isEqualTo(Added.QUEUED);
    assertThat(broadcast.add(Changes.large(2, 1), LONG)).isEqualTo(Added.LEFT_OUT);
  }

  @Test
  void newProgressTakesThePlaceOfProgressThatWasNotTaken() throws Exception {
    channel.addLatest(progress(1));
    channel.addLatest(progress(2));
    channel.add(Changes.transaction(3), LONG);
    channel.addLatest(progress(4));
    channel.addLatest(progress(5));
    assertThat(drain(channel)).containsExactly(progress(2), Changes.transaction(3), progress(5));
  }

  @Test
  void whatTakesThePlaceOfAnotherIsOfItsKind() throws Exception {
    channel.addLatest(new DeliveredBootstrap.Started());
    channel.addLatest(loaded(1));
    channel.addLatest(loaded(2));
    channel.addLatest(progress(1));
    channel.addLatest(loaded(3));
    assertThat(drain(channel))
        .containsExactly(new DeliveredBootstrap.Started(), loaded(2), progress(1), loaded(3));
  }

  private static DeliveredBootstrap.Progress loaded(long count) {
    return new DeliveredBootstrap.Progress(
        count, OptionalLong.empty(), Duration.ZERO, Optional.empty());
  }

  private static DeliveredBootstrap.Batch batch(int elements) {
    return new DeliveredBootstrap.Batch(
        Collections.nCopies(elements, new SourceChange.Insert(Changes.node("users"))));
  }

  /** A batch of one element with this value. */
  private static DeliveredBootstrap.Batch batch(ElementValue value) {
    return new DeliveredBootstrap.Batch(
        List.of(
            new SourceChange.Insert(
                new Element.Node(
                    Changes.metadata("users"),
                    ElementPropertyMap.copyOf(Map.of("value", value))))));
  }

  static List<Named<ElementValue>> largeValues() {
    String characters = "x".repeat(1_000_000);
    var text = new ElementValue.Text(characters);
    return List.of(
        Named.of("text", text),
        Named.of("JSON", new ElementValue.Json(characters)),
        Named.of("bytes", ElementValue.Bytes.copyOf(new byte[1_000_000])),
        Named.of(
            "digits",
            new ElementValue.Decimal(new BigDecimal(BigInteger.ONE.shiftLeft(8_000_000)))),
        Named.of("a large value in a list", new ElementValue.List(List.of(text))),
        Named.of(
            "many values in a list",
            new ElementValue.List(Collections.nCopies(30_000, ElementValue.Bool.TRUE))),
        Named.of(
            "an object", new ElementValue.Object(ElementPropertyMap.copyOf(Map.of("text", text)))));
  }

  @ParameterizedTest
  @MethodSource("largeValues")
  void elementsOfABootstrapWaitForRoomByTheMemoryTheyTake(ElementValue value) throws Exception {
    var queue = new EventQueue(1_000, () -> 1_000_000, DispatchMode.CHANNEL, Clock.systemUTC());
    DeliveredBootstrap.Batch large = batch(value);
    assertThat(queue.add(large, Duration.ZERO)).as("it is empty").isEqualTo(Added.QUEUED);
    assertThat(queue.add(batch(1), Duration.ZERO)).isEqualTo(Added.NO_ROOM);
    assertThat(queue.take()).isEqualTo(large);
    assertThat(queue.add(batch(1), Duration.ZERO)).isEqualTo(Added.QUEUED);
    assertThat(queue.add(batch(900), Duration.ZERO)).as("small rows").isEqualTo(Added.QUEUED);
    assertThat(queue.add(large, Duration.ZERO)).isEqualTo(Added.NO_ROOM);
  }

  @Test
  void elementsOfABootstrapWaitForRoomWhateverTheMode() throws Exception {
    for (EventQueue queue : List.of(channel, broadcast)) {
      assertThat(queue.add(batch(2), LONG)).isEqualTo(Added.QUEUED);
      assertThat(queue.add(batch(2), Duration.ZERO)).isEqualTo(Added.NO_ROOM);
      var adding = Waiting.on(() -> queue.add(batch(2), LONG));
      assertThat(queue.take()).isEqualTo(batch(2));
      adding.awaitReturn();
      assertThat(adding.result()).isEqualTo(Added.QUEUED);
      assertThat(queue.add(batch(1), LONG)).isEqualTo(Added.QUEUED);
      assertThat(drain(queue)).containsExactly(batch(2), batch(1));
      assertThat(queue.add(batch(100), LONG)).as("when it is empty").isEqualTo(Added.QUEUED);
      queue.end(() -> new SubscriptionEndedException("over"));
      assertThat(queue.add(batch(1), LONG)).isEqualTo(Added.ENDED);
    }
  }

  @Test
  void clearingMakesRoomAndEndsNothing() throws Exception {
    channel.add(batch(3), LONG);
    var adding = Waiting.on(() -> channel.add(batch(1), LONG));
    channel.clear();
    adding.awaitReturn();
    assertThat(adding.result()).isEqualTo(Added.QUEUED);
    assertThat(channel.hasEnded()).isFalse();
    assertThat(drain(channel)).containsExactly(batch(1));
    channel.end(() -> new SubscriptionEndedException("over"));
    assertThat(channel.hasEnded()).isTrue();
  }

  @Test
  void whatIsQueuedCanBeHadWithoutWaitingAndWithoutFailing() throws Exception {
    assertThat(broadcast.pollQueued()).isEmpty();
    broadcast.setFailure(new SourceException("down", null));
    assertThat(broadcast.pollQueued()).isEmpty();
    broadcast.add(Changes.large(1, 3), LONG);
    broadcast.add(Changes.large(2, 1), LONG);
    broadcast.end(() -> new SubscriptionEndedException("over"));
    assertThat(broadcast.pollQueued()).contains(Changes.large(1, 3));
    assertThat(broadcast.pollQueued()).contains(new DeliveredLag(1, 1, Changes.at(2)));
    assertThat(broadcast.pollQueued()).isEmpty();
  }

  @Test
  void afterTheEndWhatIsQueuedCanBeTaken() throws Exception {
    channel.add(Changes.transaction(1), LONG);
    channel.end(() -> new SubscriptionEndedException("the source was closed"));
    channel.end(() -> new SubscriptionEndedException("again"));
    channel.addLatest(progress(2));
    assertThat(channel.add(Changes.transaction(3), LONG)).isEqualTo(Added.ENDED);
    assertThat(channel.take()).isEqualTo(Changes.transaction(1));
    for (int i = 0; i < 2; i++) {
      assertThatExceptionOfType(SubscriptionEndedException.class)
          .isThrownBy(channel::take)
          .withMessage("the source was closed");
    }
  }

  @Test
  void theEndWakesBothSides() throws Exception {
    var taking = Waiting.on(channel::take);
    channel.end(() -> new SubscriptionEndedException("over"));
    taking.awaitReturn();
    assertThat(taking.failure()).isInstanceOf(SubscriptionEndedException.class);

    var full = new EventQueue(1, () -> Long.MAX_VALUE, DispatchMode.CHANNEL, Clock.systemUTC());
    full.add(Changes.transaction(1), LONG);
    var adding = Waiting.on(() -> full.add(Changes.transaction(2), LONG));
    full.end(() -> new SubscriptionEndedException("over"));
    adding.awaitReturn();
    assertThat(adding.result()).isEqualTo(Added.ENDED);
  }

  @Test
  void discardDropsWhatIsQueuedAndWakesWhoWaitsForRoom() throws Exception {
    channel.add(Changes.large(1, 3), LONG);
    var adding = Waiting.on(() -> channel.add(Changes.transaction(2), LONG));
    channel.discard(() -> new SubscriptionEndedException("closed"));
    adding.awaitReturn();
    assertThat(adding.result()).isEqualTo(Added.ENDED);
    assertThatThrownBy(() -> next(channel)).hasMessage("closed");
  }

  @Test
  void discardDropsWhatWasLeftOutToo() throws Exception {
    broadcast.add(Changes.large(1, 3), LONG);
    broadcast.add(Changes.large(2, 3), LONG);
    broadcast.discard(() -> new SubscriptionEndedException("closed"));
    assertThatThrownBy(() -> next(broadcast)).isInstanceOf(SubscriptionEndedException.class);
  }

  @Test
  void aFailureShowsWhenNothingIsQueuedAndPasses() throws Exception {
    var failure = new SourceException("no such database", null);
    channel.add(Changes.transaction(1), LONG);
    channel.setFailure(failure);
    assertThat(channel.take()).isEqualTo(Changes.transaction(1));
    assertThatThrownBy(channel::take)
        .isExactlyInstanceOf(SourceException.class)
        .isNotSameAs(failure)
        .hasMessage("no such database")
        .hasCause(failure);
    channel.setFailure(null);
    assertThat(next(channel)).isEmpty();
  }

  @Test
  void aFailureWakesWhoWaitsForAnEvent() throws Exception {
    var taking = Waiting.on(channel::take);
    channel.setFailure(new SourceException("down", null));
    taking.awaitReturn();
    assertThat(taking.failure()).isInstanceOf(SourceException.class).hasMessage("down");
  }

  @Test
  void theEndOutweighsAFailure() {
    channel.setFailure(new SourceException("down", null));
    channel.end(() -> new SubscriptionEndedException("closed"));
    assertThatThrownBy(channel::take).isInstanceOf(SubscriptionEndedException.class);
  }

  @Test
  void nothingIsLostBetweenTwoThreads() throws Exception {
    int count = 20_000;
    var adding =
        new Waiting(
            () -> {
              for (int i = 1; i <= count; i++) {
                channel.add(Changes.large(i, i % 5 + 1), LONG);
              }
              return true;
            });
    for (int i = 1; i <= count; i++) {
      var taken = (CommittedTransaction) channel.poll(Duration.ofSeconds(10)).orElseThrow();
      assertThat(taken.xid()).isEqualTo(i);
    }
    adding.awaitReturn();
    assertThat(next(channel)).isEmpty();
  }
}
