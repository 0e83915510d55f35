package io.drasi.source.postgres.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drasi.api.bootstrap.BootstrapException;
import io.drasi.api.bootstrap.BootstrapResult;
import io.drasi.api.change.SourceChange;
import io.drasi.api.source.Acknowledgement;
import io.drasi.api.source.DispatchMode;
import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.SourceException;
import io.drasi.api.source.SourcePosition;
import io.drasi.api.source.Subscription;
import io.drasi.api.source.SubscriptionEndedException;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.postgres.decoder.position.PostgresPosition;
import io.drasi.postgres.decoder.row.RelationCache;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.source.postgres.internal.spill.SpillSpace;
import io.drasi.source.postgres.internal.transaction.CommittedTransaction;
import io.drasi.source.postgres.internal.transaction.DecodedTransaction;
import io.drasi.source.postgres.internal.transaction.RawTransaction;
import io.drasi.source.postgres.testing.Incoming;
import io.drasi.source.postgres.testing.PgOutput;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One subscriber's bootstrap, and the stream that goes on meanwhile. */
@Timeout(20)
class BootstrapFeedTest {
  private static final int CAPACITY = 3;

  @TempDir static Path folder;

  private final AtomicInteger advances = new AtomicInteger();
  private final SpillSpace space = new SpillSpace("source", folder, 1 << 20);
  private final BlockingQueue<String> held = new LinkedBlockingQueue<>();
  private final SubscriptionHub hub = hub(DispatchMode.CHANNEL);

  private SubscriptionHub hub(DispatchMode mode) {
    return hub(mode, Duration.ZERO, Duration.ofDays(1));
  }

  private SubscriptionHub hub(
      DispatchMode mode, Duration subscriberTimeout, Duration holdInterval) {
    return new SubscriptionHub(
        new DeliverySettings(
            "source", mode, CAPACITY, Long.MAX_VALUE, subscriberTimeout, holdInterval, space),
        Clock.systemUTC(),
        new SubscriptionHub.Listener() {
          @Override
          public void confirmedAdvanced() {
            advances.incrementAndGet();
          }

          @Override
          public void restartWanted() {}
        });
  }

  private HubSubscription subscribe(Acknowledgement acknowledgement) {
    return subscribe(SubscriptionRequest.builder("fresh").withAcknowledgement(acknowledgement));
  }

  private HubSubscription subscribe(SubscriptionRequest.Builder request) {
    return hub.subscribe(request.withBootstrap(true).build());
  }

  private static SubscriptionRequest.Builder fresh() {
    return SubscriptionRequest.builder("fresh");
  }

  private HubSession begin() throws InterruptedException {
    return Changes.begin(hub, Changes.at(10));
  }

  private BootstrapFeed feed(HubSubscription subscription) {
    return subscription.bootstrap((subscriber, since) -> held.add(subscriber));
  }

  private static List<SourceChange.Insert> elements(int count) {
    List<SourceChange.Insert> elements = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      elements.add(new SourceChange.Insert(Changes.node("users")));
    }
    return elements;
  }

  private static BootstrapResult at(long lsn) {
    return result(Changes.at(lsn));
  }

  private static BootstrapResult result(@Nullable SourcePosition position) {
    return BootstrapResult.of(5, position);
  }

  private static DeliveredBootstrap.Completed completed(long lsn) {
    return completed(0, lsn);
  }

  private static DeliveredBootstrap.Completed completed(long count, long lsn) {
    return new DeliveredBootstrap.Completed(count, Changes.at(lsn), 1);
  }

  private static List<SourceEvent> drain(Subscription subscription) throws InterruptedException {
    List<SourceEvent> events = new ArrayList<>();
    Optional<SourceEvent> event = subscription.poll(Duration.ZERO);
    while (event.isPresent()) {
      events.add(event.get());
      event = subscription.poll(Duration.ZERO);
    }
    return events;
  }

  private static Lsn lsn(long value) {
    return new Lsn(value);
  }

  // The elements, then the stream

  @Test
  void theSubscriberGetsTheElementsThenTheTransactionsThatAreNotInThem() throws Exception {
    HubSubscription fresh = subscribe(Acknowledgement.AUTO);
    HubSession session = begin();
    BootstrapFeed feed = feed(fresh);
    feed.begin();
    List<SourceChange.Insert> elements = elements(2);
    feed.accept(elements);
    List<DecodedTransaction> stream = new ArrayList<>();
    for (long lsn = 20; lsn <= 40; lsn += 10) {
      stream.add(Changes.incoming(lsn));
      session.dispatch(stream.get(stream.size() - 1));
    }
    assertThat(drain(fresh))
        .containsExactly(new DeliveredBootstrap.Started(), new DeliveredBootstrap.Batch(elements));
    feed.complete(at(20));
    assertThat(drain(fresh))
        .containsExactly(completed(2, 20), stream.get(1).committed(), stream.get(2).committed());
    DecodedTransaction live = Changes.incoming(50);
    session.dispatch(live);
    assertThat(drain(fresh)).containsExactly(live.committed());
  }

  @Test
  void whatTheElementsHaveBeforeTheStreamHasItIsNotDeliveredAgain() throws Exception {
    HubSubscription fresh = subscribe(Acknowledgement.MANUAL);
    HubSession session = begin();
    BootstrapFeed feed = feed(fresh);
    feed.begin();
    feed.complete(at(30));
    session.dispatch(Changes.incoming(20));
    session.advance(Changes.at(25));
    session.dispatch(Changes.incoming(30));
    assertThat(drain(fresh)).containsExactly(new DeliveredBootstrap.Started(), completed(30));
    DecodedTransaction live = Changes.incoming(40);
    session.dispatch(live);
    assertThat(drain(fresh)).containsExactly(live.committed());
  }

  @Test
  void theStreamGoesOnBehindElementsThatBelongToNoPosition() throws Exception {
    HubSubscription fresh = subscribe(Acknowledgement.AUTO);
    HubSession session = begin();
    BootstrapFeed feed = feed(fresh);
    feed.begin();
    DecodedTransaction during = Changes.incoming(20);
    session.dispatch(during);
    feed.complete(result(null));
    assertThat(drain(fresh))
        .as("from where the slot stood when the first session began")
        .containsExactly(new DeliveredBootstrap.Started(), completed(10), during.committed());
  }

  @Test
  void whoComesLaterIsBootstrappedFromWhereTheStreamIs() throws Exception {
    hub.subscribe(SubscriptionRequest.of("other"));
    HubSession session = begin();
    session.dispatch(Changes.incoming(20));
    HubSubscription fresh = subscribe(Acknowledgement.AUTO);
    BootstrapFeed feed = feed(fresh);
    feed.begin();
    feed.complete(result(null));
    assertThat(drain(fresh)).endsWith(completed(20));
  }

  @Test
  void aTransactionOnItsWayWhileTheBootstrapBecomesCompleteIsNotDeliveredTwice() throws Exception {
    HubSubscription fresh = subscribe(fresh().withNodeLabels(Set.of("users")));
    HubSession session = begin();
    BootstrapFeed feed = feed(fresh);
    feed.begin();
    List<SourceEvent> events = new ArrayList<>();
    DecodedTransaction late =
        whenLookedAt(
            Changes.incoming(20),
            () -> {
              feed.complete(at(20));
              events.addAll(drain(fresh));
            });
    session.dispatch(late);
    events.addAll(drain(fresh));
    assertThat(events).containsExactly(new DeliveredBootstrap.Started(), completed(20));
  }

  @Test
  void progressOnItsWayWhileTheBootstrapBecomesCompleteDoesNotGoBack() throws Exception {
    HubSubscription fresh =
        subscribe(
            fresh().withNodeLabels(Set.of("orders")).withAcknowledgement(Acknowledgement.MANUAL));
    HubSession session = begin();
    BootstrapFeed feed = feed(fresh);
    feed.begin();
    List<SourceEvent> events = new ArrayList<>();
    DecodedTransaction late =
        whenLookedAt(
            Changes.incoming(20),
            () -> {
              feed.complete(at(30));
              events.addAll(drain(fresh));
            });
    session.dispatch(late);
    events.addAll(drain(fresh));
    assertThat(events).containsExactly(new DeliveredBootstrap.Started(), completed(30));
  }

  private interface Action {
    void run() throws InterruptedException;
  }

  /** A transaction, with something that happens while it is looked at for the first time. */
  private static DecodedTransaction whenLookedAt(DecodedTransaction transaction, Action action) {
    List<SourceChange> changes = transaction.committed().changes();
    boolean[] done = new boolean[1];
    var watched =
        new AbstractList<SourceChange>() {
          @Override
          public SourceChange get(int index) {
            if (!done[0]) {
              done[0] = true;
              try {
                action.run();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            }
            return changes.get(index);
          }

          @Override
          public int size() {
            return changes.size();
          }
        };
    CommittedTransaction committed = transaction.committed().withChanges(watched);
    return new DecodedTransaction(committed, transaction.raw());
  }

  // The position

  private void refuse(HubSubscription fresh, @Nullable SourcePosition position, String shown) {
    BootstrapFeed feed = feed(fresh);
    feed.begin();
    assertThatExceptionOfType(BootstrapException.class)
        .isThrownBy(() -> feed.complete(result(position)))
        .withMessage(
            "the bootstrap says that its elements belong to %s, but the subscriber's changes begin"
                    .formatted(shown)
                + " at 7-1-0/A");
  }

  @Test
  void refusesAPositionThatIsNoneOfTheStream() throws Exception {
    HubSubscription fresh = subscribe(Acknowledgement.AUTO);
    begin();
    refuse(fresh, PostgresPosition.after(8, 1, lsn(20)), "8-1-0/14");
    refuse(fresh, new Elsewhere(), "elsewhere");
    refuse(fresh, new PostgresPosition(7, 1, lsn(20), 0), "7-1-0/14-0");
  }

  @Test
  void refusesAPositionBeforeTheSubscribersStart() throws Exception {
    HubSubscription fresh = subscribe(Acknowledgement.AUTO);
    HubSession session = begin();
    session.dispatch(Changes.incoming(20));
    refuse(fresh, Changes.at(9), "7-1-0/9");
    BootstrapFeed feed = feed(fresh);
    feed.begin();
    feed.complete(at(10));
    assertThat(drain(fresh))
        .as("its start is early enough")
        .hasSize(3)
        .startsWith(new DeliveredBootstrap.Started(), completed(10));
  }

  private record Elsewhere() implements SourcePosition {
    @Override
    public byte[] toBytes() {
      return new byte[0];
    }

    @Override
    public int compareTo(SourcePosition other) {
      return 0;
    }

    @Override
    public String toString() {
      return "elsewhere";
    }
  }

  // What is confirmed

  @Test
  void nothingIsConfirmedBeyondTheStartUntilTheBootstrapIsAcknowledged() throws Exception {
    HubSubscription fresh = subscribe(Acknowledgement.AUTO);
    HubSession session = begin();
    BootstrapFeed feed = feed(fresh);
    feed.begin();
    session.advance(Changes.at(15));
    session.dispatch(Changes.incoming(20));
    session.advance(Changes.at(25));
    assertThat(hub.confirmed()).isEqualTo(lsn(10));
    feed.complete(at(22));
    fresh.take();
    fresh.take();
    assertThat(hub.confirmed()).as("returned, not done").isEqualTo(lsn(10));
    assertThat(fresh.poll(Duration.ZERO)).isEmpty();
    assertThat(hub.confirmed()).as("with what was passed over after it").isEqualTo(lsn(25));
    assertThat(advances).hasValue(1);
  }

  @Test
  void aManualSubscriberAcknowledgesABootstrapByItsPosition() throws Exception {
    HubSubscription fresh = subscribe(Acknowledgement.MANUAL);
    HubSession session = begin();
    BootstrapFeed feed = feed(fresh);
    feed.begin();
    session.dispatch(Changes.incoming(20));
    session.advance(Changes.at(25));
    feed.complete(at(22));
    assertThat(drain(fresh))
        .containsExactly(
            new DeliveredBootstrap.Started(), completed(22), new DeliveredProgress(Changes.at(25)));
    assertThat(hub.confirmed()).isEqualTo(lsn(10));
    fresh.acknowledge(Changes.at(22));
    assertThat(hub.confirmed()).isEqualTo(lsn(22));
    fresh.acknowledge(Changes.at(25));
    assertThat(hub.confirmed()).isEqualTo(lsn(25));
  }

  @Test
  void whatWaitsBehindABootstrapIsNotConfirmedForBeingOffered() throws Exception {
    HubSubscription fresh = subscribe(Acknowledgement.AUTO);
    HubSession session = begin();
    BootstrapFeed feed = feed(fresh);
    feed.begin();
    feed.complete(result(null));
    session.dispatch(Changes.incoming(20));
    session.dispatch(Changes.incoming(30));
    session.advance(Changes.at(35));
    assertThat(hub.confirmed()).isEqualTo(lsn(10));
    assertThat(drain(fresh)).hasSize(4);
    assertThat(hub.confirmed()).isEqualTo(lsn(35));
  }

  @Test
  void aManualSubscriberThatLeavesBeforeItIsBootstrappedHoldsNothing() throws Exception {
    Subscription other = hub.subscribe(SubscriptionRequest.of("other"));
    HubSubscription fresh = subscribe(Acknowledgement.MANUAL);
    HubSession session = begin();
    feed(fresh).begin();
    session.dispatch(Changes.incoming(20));
    drain(other);
    assertThat(hub.confirmed()).isEqualTo(lsn(10));
    fresh.close();
    assertThat(hub.confirmed()).isEqualTo(lsn(20));
  }

  @Test
  void whoWantsABootstrapDoesNotStartWhereItLeftOff() throws Exception {
    hub.subscribe(SubscriptionRequest.of("other"));
    Subscription before =
        hub.subscribe(fresh().withAcknowledgement(Acknowledgement.MANUAL).build());
    HubSession session = begin();
    before.close();
    session.dispatch(Changes.incoming(20));
    HubSubscription fresh = subscribe(Acknowledgement.MANUAL);
    BootstrapFeed feed = feed(fresh);
    feed.begin();
    feed.complete(result(null));
    assertThat(drain(fresh)).contains(completed(20));
  }

  // Who waits for whom

  @ParameterizedTest
  @EnumSource(DispatchMode.class)
  void aBootstrapHoldsNobodyElseBack(DispatchMode mode) throws Exception {
    SubscriptionHub either = hub(mode);
    HubSubscription fresh = either.subscribe(fresh().withBootstrap(true).build());
    Subscription other = either.subscribe(SubscriptionRequest.of("other"));
    HubSession session = Changes.begin(either, Changes.at(10));
    BootstrapFeed feed = feed(fresh);
    feed.begin();
    feed.accept(elements(CAPACITY));
    var loading =
        Waiting.on(
            () -> {
              feed.accept(elements(1));
              return "accepted";
            });
    List<SourceEvent> stream = new ArrayList<>();
    for (long lsn = 20; lsn <= 100; lsn += 10) {
      DecodedTransaction transaction = Changes.incoming(lsn);
      stream.add(transaction.committed());
      assertThat(session.dispatch(transaction)).isTrue();
      assertThat(other.poll(Duration.ZERO)).contains(transaction.committed());
    }
    fresh.take();
    fresh.take();
    loading.awaitReturn();
    assertThat(loading.result()).isEqualTo("accepted");
    feed.complete(at(10));
    assertThat(drain(fresh))
        .hasSize(2 + stream.size())
        .endsWith(stream.toArray(SourceEvent[]::new));
  }

  @Test
  void holdsTheStreamBackOnlyWhenItHasCaughtUp() throws Exception {
    HubSubscription fresh = subscribe(Acknowledgement.AUTO);
    HubSession session = begin();
    BootstrapFeed feed = feed(fresh);
    feed.begin();
    feed.complete(at(10));
    drain(fresh);
    for (long lsn = 20; lsn < 20 + CAPACITY; lsn++) {
      session.dispatch(Changes.incoming(lsn));
    }
    DecodedTransaction last = Changes.incoming(30);
    var dispatching = Waiting.on(() -> session.dispatch(last));
    fresh.take();
    dispatching.awaitReturn();
    assertThat(drain(fresh)).hasSize(CAPACITY).endsWith(last.committed());
  }

  @Test
  void theEndOfTheSubscriptionEndsTheWaitForRoom() throws Exception {
    HubSubscription fresh = subscribe(Acknowledgement.AUTO);
    begin();
    BootstrapFeed feed = feed(fresh);
    feed.begin();
    feed.accept(elements(CAPACITY));
    var loading =
        Waiting.on(
            () -> {
              feed.accept(elements(1));
              return "accepted";
            });
    fresh.close();
    loading.awaitReturn();
    assertThat(loading.failure())
        .isInstanceOf(InterruptedException.class)
        .hasMessage("the subscription has ended");
  }

  // Progress, and beginning anew

  @Test
  void tellsOnlyTheLatestOfHowFarItIsAndWhatItWaitsFor() throws Exception {
    HubSubscription fresh = subscribe(Acknowledgement.AUTO);
    begin();
    BootstrapFeed feed = feed(fresh);
    feed.begin();
    feed.progress(1, OptionalLong.empty());
    feed.waitingFor("a slot");
    assertThat(drain(fresh))
        .hasSize(2)
        .last()
        .isInstanceOfSatisfying(
            SourceEvent.BootstrapProgress.class,
            told -> {
              assertThat(told.count()).isZero();
              assertThat(told.estimatedTotal()).isEmpty();
              assertThat(told.waitingFor()).contains("a slot");
              assertThat(told.elapsed()).isGreaterThanOrEqualTo(Duration.ZERO);
            });
    feed.accept(elements(2));
    feed.progress(2, OptionalLong.of(7));
    feed.waitingFor("another");
    assertThat(drain(fresh))
        .last()
        .isInstanceOfSatisfying(
            SourceEvent.BootstrapProgress.class,
            told -> {
              assertThat(told.count()).as("what was loaded").isEqualTo(2);
              assertThat(told.estimatedTotal()).hasValue(7);
              assertThat(told.waitingFor()).contains("another");
            });
  }

  @Test
  void whenItBeginsAnewWhatIsQueuedOfTheFirstAttemptIsVoidButNotTheStream() throws Exception {
    HubSubscription fresh = subscribe(Acknowledgement.AUTO);
    HubSession session = begin();
    BootstrapFeed first = feed(fresh);
    first.begin();
    first.accept(elements(1));
    DecodedTransaction during = Changes.incoming(20);
    session.dispatch(during);
    BootstrapFeed second = feed(fresh);
    second.begin();
    List<SourceChange.Insert> elements = elements(2);
    second.accept(elements);
    second.complete(at(10));
    assertThat(drain(fresh))
        .containsExactly(
            new DeliveredBootstrap.Started(),
            new DeliveredBootstrap.Batch(elements),
            completed(2, 10),
            during.committed());
  }

  @Test
  void whatHasWaitedOutlivesTheSession() throws Exception {
    HubSubscription fresh = subscribe(Acknowledgement.AUTO);
    HubSession session = begin();
    BootstrapFeed feed = feed(fresh);
    feed.begin();
    DecodedTransaction during = Changes.incoming(20);
    session.dispatch(during);
    HubSession again = begin();
    assertThat(again.start()).as("what waits need not come again").isEqualTo(lsn(20));
    again.dispatch(Changes.incoming(20));
    feed.complete(at(10));
    assertThat(drain(fresh))
        .containsExactly(new DeliveredBootstrap.Started(), completed(10), during.committed());
  }

  // Failing

  @Test
  void aFailureReachesTheSubscriberAfterWhatIsQueuedAndNobodyElse() throws Exception {
    Subscription other = hub.subscribe(SubscriptionRequest.of("other"));
    HubSubscription fresh = subscribe(Acknowledgement.MANUAL);
    HubSession session = begin();
    BootstrapFeed feed = feed(fresh);
    feed.begin();
    var failure = new BootstrapException("no such table", null);
    feed.fail(failure);
    assertThat(fresh.take()).isEqualTo(new DeliveredBootstrap.Started());
    for (int i = 0; i < 2; i++) {
      assertThatExceptionOfType(BootstrapException.class)
          .isThrownBy(fresh::take)
          .withMessage("no such table")
          .withCause(failure);
    }
    session.dispatch(Changes.incoming(20));
    assertThat(drain(other)).hasSize(1);
    assertThat(hub.confirmed()).as("it holds no place").isEqualTo(lsn(20));
    assertThat(hub.subscriptionCount()).isEqualTo(1);
  }

  @Test
  void whatCannotBeKeptEndsThatSubscriptionAlone() throws Exception {
    Subscription other = hub.subscribe(SubscriptionRequest.of("other"));
    HubSubscription fresh = subscribe(Acknowledgement.AUTO);
    HubSession session = begin();
    feed(fresh).begin();
    DecodedTransaction tooLarge =
        new Incoming()
            .transaction(20, PgOutput.relation(), PgOutput.insert(1, "x".repeat(2 << 20)));
    assertThat(session.dispatch(tooLarge)).isTrue();
    assertThat(drain(other)).containsExactly(tooLarge.committed());
    fresh.take();
    assertThatThrownBy(fresh::take)
        .isExactlyInstanceOf(SourceException.class)
        .hasMessageStartingWith("what came during the bootstrap of fresh cannot be kept: ")
        .hasMessageContaining("raise spill_limit_mb");
    assertThat(hub.confirmed()).isEqualTo(lsn(20));
    assertThat(space.usedBytes()).isZero();
  }

  @Test
  void anInterruptOfTheStreamCostsNobodyItsBootstrap() throws Exception {
    HubSubscription fresh = subscribe(fresh().withNodeLabels(Set.of("users")));
    HubSession session = begin();
    BootstrapFeed feed = feed(fresh);
    feed.begin();
    DecodedTransaction large =
        new Incoming()
            .transaction(20, PgOutput.relation(), PgOutput.insert(1, "x".repeat(300_000)));
    session.dispatch(whenLookedAt(large, () -> Thread.currentThread().interrupt()));
    assertThat(Thread.interrupted()).isTrue();
    feed.complete(at(10));
    assertThat(drain(fresh))
        .containsExactly(new DeliveredBootstrap.Started(), completed(10), large.committed());
  }

  @Test
  void closingGivesBackWhatHasWaited() throws Exception {
    HubSubscription fresh = subscribe(Acknowledgement.AUTO);
    HubSession session = begin();
    feed(fresh).begin();
    session.dispatch(
        new Incoming()
            .transaction(20, PgOutput.relation(), PgOutput.insert(1, "x".repeat(300_000))));
    assertThat(space.usedBytes()).isPositive();
    fresh.close();
    assertThat(space.usedBytes()).isZero();
  }

  @Test
  void theEndOfASubscriptionIsToldOnceItIsListenedFor() throws Exception {
    HubSubscription fresh = subscribe(Acknowledgement.AUTO);
    var ended = new AtomicInteger();
    fresh.onEnd(ended::incrementAndGet);
    assertThat(ended).hasValue(0);
    hub.close("the source was closed");
    assertThat(ended).hasValue(1);
    fresh.onEnd(ended::incrementAndGet);
    assertThat(ended).as("it had ended before").hasValue(2);
  }

  @Test
  void whatTheElementsAreKnownToHaveIsNotKept() throws Exception {
    SubscriptionHub full =
        new SubscriptionHub(
            new DeliverySettings(
                "source",
                DispatchMode.CHANNEL,
                CAPACITY,
                Long.MAX_VALUE,
                Duration.ZERO,
                Duration.ofDays(1),
                new SpillSpace("source", folder, 0)),
            Clock.systemUTC(),
            Changes.NO_LISTENER);
    HubSubscription fresh = full.subscribe(fresh().withBootstrap(true).build());
    HubSession session = Changes.begin(full, Changes.at(10));
    BootstrapFeed feed = feed(fresh);
    feed.begin();
    feed.position(Changes.at(30));
    session.dispatch(Changes.incoming(20));
    session.dispatch(Changes.incoming(30));
    feed.complete(at(30));
    assertThat(drain(fresh)).containsExactly(new DeliveredBootstrap.Started(), completed(30));
    DecodedTransaction live = Changes.incoming(40);
    session.dispatch(live);
    assertThat(drain(fresh)).containsExactly(live.committed());
  }

  @Test
  void whatWasLeftOutOnceMustBeInTheElements() throws Exception {
    HubSubscription fresh = subscribe(Acknowledgement.AUTO);
    HubSession session = begin();
    feed(fresh).position(Changes.at(30));
    session.dispatch(Changes.incoming(20));
    BootstrapFeed anew = feed(fresh);
    anew.begin();
    assertThatExceptionOfType(BootstrapException.class)
        .isThrownBy(() -> anew.complete(at(20)))
        .withMessageEndingWith(
            "its elements belong to 7-1-0/14, but the subscriber's changes begin at 7-1-0/1E");
    anew.complete(at(30));
    assertThat(drain(fresh)).containsExactly(new DeliveredBootstrap.Started(), completed(30));
  }

  @Test
  void aPositionBeforeTheSubscribersPlaceIsRefusedAtOnce() throws Exception {
    HubSubscription fresh = subscribe(Acknowledgement.AUTO);
    begin();
    assertThatExceptionOfType(BootstrapException.class)
        .isThrownBy(() -> feed(fresh).position(Changes.at(9)))
        .withMessageContaining("belong to 7-1-0/9, but the subscriber's changes begin at 7-1-0/A");
  }

  @Test
  void theCountIsOfWhatTheSubscriberGot() throws Exception {
    HubSubscription fresh = subscribe(fresh().withNodeLabels(Set.of("users")));
    begin();
    BootstrapFeed feed = feed(fresh);
    feed.begin();
    feed.accept(List.of(new SourceChange.Insert(Changes.node("orders"))));
    feed.accept(elements(2));
    feed.progress(3, OptionalLong.empty());
    feed.complete(at(10));
    assertThat(drain(fresh))
        .filteredOn(DeliveredBootstrap.Progress.class::isInstance)
        .singleElement()
        .isInstanceOfSatisfying(
            DeliveredBootstrap.Progress.class, told -> assertThat(told.count()).isEqualTo(2));
  }

  @Test
  void whatCannotBeDecodedIsNotPassedOver() throws Exception {
    HubSubscription fresh = subscribe(Acknowledgement.AUTO);
    HubSession session = begin();
    BootstrapFeed feed = feed(fresh);
    feed.begin();
    session.dispatch(broken(20));
    session.dispatch(Changes.incoming(30));
    feed.complete(at(10));
    assertThat(fresh.poll(Duration.ZERO)).contains(new DeliveredBootstrap.Started());
    assertThat(fresh.poll(Duration.ZERO)).contains(completed(10));
    assertThatThrownBy(() -> fresh.poll(Duration.ZERO)).isInstanceOf(RuntimeException.class);
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(() -> fresh.poll(Duration.ZERO))
        .withMessageStartingWith("what came during the bootstrap of fresh cannot be read: ");
    assertThat(hub.confirmed()).isEqualTo(lsn(10));
  }

  /** Whose table is not described. */
  private static DecodedTransaction broken(long lsn) {
    DecodedTransaction good = Changes.incoming(lsn);
    RawTransaction raw = good.raw();
    return new DecodedTransaction(
        good.committed(),
        new RawTransaction(
            raw.position(),
            raw.xid(),
            raw.commitTime(),
            raw.messages(),
            Collections.nCopies(raw.relations().size(), RelationCache.empty())));
  }

  @Test
  void withoutItsFolderTheSubscriberIsToldWhatToCheck() throws Exception {
    Path nowhere = folder.resolve("nowhere");
    SubscriptionHub homeless =
        new SubscriptionHub(
            new DeliverySettings(
                "source",
                DispatchMode.CHANNEL,
                CAPACITY,
                Long.MAX_VALUE,
                Duration.ZERO,
                Duration.ofDays(1),
                new SpillSpace("source", nowhere, 1 << 30)),
            Clock.systemUTC(),
            Changes.NO_LISTENER);
    HubSubscription fresh = homeless.subscribe(fresh().withBootstrap(true).build());
    HubSession session = Changes.begin(homeless, Changes.at(10));
    for (long lsn = 20; !fresh.hasEnded(); lsn++) {
      session.dispatch(Changes.incoming(lsn));
    }
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(() -> fresh.poll(Duration.ZERO))
        .withMessageContaining("cannot be kept: java.nio.file.NoSuchFileException: " + nowhere)
        .withMessageEndingWith("; check spill_dir");
  }

  @Test
  void whereTheDiskIsFullOfOneSubscribersChangesTheOthersGoOn() throws Exception {
    HubSubscription hoarder = subscribe(fresh());
    HubSession session = begin();
    long lsn = 20;
    while (space.usedBytes() < 700_000) {
      session.dispatch(Changes.incoming(lsn++));
    }
    HubSubscription modest =
        hub.subscribe(SubscriptionRequest.builder("modest").withBootstrap(true).build());
    long start = lsn;
    while (!hoarder.hasEnded()) {
      session.dispatch(Changes.incoming(lsn++));
    }
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(() -> hoarder.poll(Duration.ZERO))
        .withMessageContaining("raise spill_limit_mb");
    BootstrapFeed feed = feed(modest);
    feed.begin();
    feed.complete(at(start - 1));
    assertThat(drain(modest)).hasSize((int) (2 + lsn - start));
  }

  // Who takes nothing

  @Test
  void whoDoesNotTakeTheElementsIsNamedAndGetsThemWhenItDoes() throws Exception {
    SubscriptionHub watchful = hub(DispatchMode.CHANNEL, Duration.ZERO, Duration.ofMillis(1));
    HubSubscription slow = watchful.subscribe(fresh().withBootstrap(true).build());
    Changes.begin(watchful, Changes.at(10));
    BootstrapFeed feed = feed(slow);
    feed.begin();
    feed.accept(elements(CAPACITY));
    var waiting =
        new Waiting(
            () -> {
              feed.accept(elements(1));
              return "accepted";
            });
    assertThat(held.take()).isEqualTo("the subscriber fresh");
    assertThat(slow.poll(Duration.ZERO)).isPresent();
    assertThat(slow.poll(Duration.ZERO)).isPresent();
    waiting.awaitReturn();
    assertThat(slow.poll(Duration.ZERO)).contains(new DeliveredBootstrap.Batch(elements(1)));
  }

  @ParameterizedTest
  @EnumSource(DispatchMode.class)
  void whoDoesNotTakeTheElementsForTooLongIsEnded(DispatchMode mode) throws Exception {
    SubscriptionHub impatient = hub(mode, Duration.ofSeconds(1), Duration.ofMillis(100));
    HubSubscription stuck = impatient.subscribe(fresh().withBootstrap(true).build());
    Changes.begin(impatient, Changes.at(10));
    BootstrapFeed feed = feed(stuck);
    feed.begin();
    feed.accept(elements(CAPACITY));
    assertThatExceptionOfType(InterruptedException.class)
        .isThrownBy(() -> feed.accept(elements(1)))
        .withMessage("the subscription has ended");
    assertThat(impatient.subscriptionCount()).isZero();
    assertThat(stuck.poll(Duration.ZERO)).isPresent();
    assertThat(stuck.poll(Duration.ZERO)).isPresent();
    assertThatExceptionOfType(SubscriptionEndedException.class)
        .isThrownBy(() -> stuck.poll(Duration.ZERO))
        .withMessageMatching(
            "the subscriber fresh has not taken its bootstrap for \\d+ s,"
                + " and subscriber_timeout is 1 s; its subscription was ended");
  }
}
