package io.drasi.source.postgres.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drasi.api.change.SourceChange;
import io.drasi.api.source.Acknowledgement;
import io.drasi.api.source.DispatchMode;
import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.SourceException;
import io.drasi.api.source.Subscription;
import io.drasi.api.source.SubscriptionEndedException;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.postgres.decoder.position.PostgresPosition;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.source.postgres.internal.delivery.SubscriptionHub.StreamStart;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class SubscriptionHubTest {
  private Instant now = Instant.EPOCH;
  private final AtomicInteger advances = new AtomicInteger();
  private final SubscriptionHub hub = hub(DispatchMode.CHANNEL, 3);

  private SubscriptionHub hub(DispatchMode mode, int capacity) {
    Clock clock =
        new Clock() {
          @Override
          public Instant instant() {
            return now;
          }

          @Override
          public ZoneId getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(ZoneId zone) {
            return this;
          }
        };
    return new SubscriptionHub(mode, capacity, clock, advances::incrementAndGet);
  }

  private Subscription auto(String id) {
    return hub.subscribe(SubscriptionRequest.of(id));
  }

  private Subscription manual(String id) {
    return hub.subscribe(
        SubscriptionRequest.builder(id).withAcknowledgement(Acknowledgement.MANUAL).build());
  }

  private StreamStart begin(long slot) throws InterruptedException {
    return hub.begin(Changes.at(slot));
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

  // Starting

  @Test
  void subscriptionsMadeBeforeTheFirstSessionBeginWhereTheSlotStands() throws Exception {
    Subscription a = auto("a");
    assertThat(hub.position()).isEmpty();
    assertThat(begin(10).lsn()).isEqualTo(lsn(10));
    assertThat(hub.position()).contains(Changes.at(10));
    assertThat(hub.confirmed()).isEqualTo(lsn(10));
    assertThat(hub.standing().outstanding()).isFalse();
    assertThat(drain(a)).isEmpty();
  }

  @Test
  void everySubscriptionGetsEveryTransaction() throws Exception {
    Subscription a = auto("a");
    Subscription b = auto("b");
    long session = begin(10).generation();
    assertThat(hub.dispatch(Changes.transaction(20), session)).isTrue();
    assertThat(hub.dispatch(Changes.transaction(30), session)).isTrue();
    assertThat(drain(a)).containsExactly(Changes.transaction(20), Changes.transaction(30));
    assertThat(drain(b)).containsExactly(Changes.transaction(20), Changes.transaction(30));
  }

  @Test
  void aLaterSubscriptionStartsWhereTheStreamIs() throws Exception {
    auto("a");
    long session = begin(10).generation();
    hub.dispatch(Changes.transaction(20), session);
    Subscription late = auto("late");
    hub.dispatch(Changes.transaction(30), session);
    assertThat(drain(late)).containsExactly(Changes.transaction(30));
  }

  @Test
  void aTransactionOfAnotherKindOfElementIsPassedOver() throws Exception {
    Subscription orders =
        hub.subscribe(
            SubscriptionRequest.builder("orders").withNodeLabels(Set.of("orders")).build());
    long session = begin(10).generation();
    SourceChange order = Changes.insert("orders");
    hub.dispatch(Changes.transaction(20), session);
    assertThat(hub.confirmed()).as("nothing of concern").isEqualTo(lsn(20));
    hub.dispatch(Changes.transaction(30, Changes.insert("users"), order), session);
    assertThat(drain(orders)).containsExactly(Changes.transaction(30, order));
  }

  @Test
  void refusesAnIdThatIsInUseUntilItIsClosed() {
    Subscription a = auto("a");
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(() -> manual("a"))
        .withMessage("the subscriber id a is in use; close its subscription first");
    a.close();
    assertThat(auto("a").subscriberId()).isEqualTo("a");
    assertThat(hub.subscriptionCount()).isEqualTo(1);
  }

  @Test
  void awaitsASubscription() throws Exception {
    var waiting =
        Waiting.on(
            () -> {
              hub.awaitSubscription();
              return true;
            });
    assertThat(hub.hasSubscriptions()).isFalse();
    auto("a");
    waiting.awaitReturn();
    assertThat(waiting.result()).isEqualTo(true);
  }

  // Acknowledging

  @Test
  void askingForTheNextEventAcknowledgesThoseBefore() throws Exception {
    Subscription a = auto("a");
    long session = begin(10).generation();
    hub.dispatch(Changes.transaction(20), session);
    hub.dispatch(Changes.transaction(30), session);
    a.take();
    assertThat(hub.confirmed()).as("returned, not done").isEqualTo(lsn(10));
    assertThat(hub.standing().outstanding()).isTrue();
    a.take();
    assertThat(hub.confirmed()).isEqualTo(lsn(20));
    assertThat(a.poll(Duration.ZERO)).isEmpty();
    assertThat(hub.confirmed()).isEqualTo(lsn(30));
    assertThat(hub.standing().outstanding()).isFalse();
    assertThat(advances).hasValue(2);
  }

  @Test
  void confirmsWhatAllHaveAcknowledged() throws Exception {
    Subscription a = auto("a");
    Subscription b = manual("b");
    long session = begin(10).generation();
    hub.dispatch(Changes.transaction(20), session);
    hub.dispatch(Changes.transaction(30), session);
    drain(a);
    assertThat(hub.confirmed()).isEqualTo(lsn(10));
    b.take();
    b.take();
    b.acknowledge(Changes.at(20));
    assertThat(hub.confirmed()).isEqualTo(lsn(20));
    b.acknowledge(Changes.at(30));
    b.acknowledge(Changes.at(20));
    assertThat(hub.confirmed()).as("never backwards").isEqualTo(lsn(30));
  }

  @Test
  void refusesToAcknowledgeWhatIsNoPositionOfTheSubscription() throws Exception {
    Subscription b = manual("b");
    assertThatIllegalArgumentException().isThrownBy(() -> b.acknowledge(Changes.at(10)));
    long session = begin(10).generation();
    hub.dispatch(Changes.transaction(20), session);
    assertThatIllegalArgumentException()
        .as("not taken yet")
        .isThrownBy(() -> b.acknowledge(Changes.at(20)));
    b.take();
    assertThatIllegalArgumentException()
        .as("another system")
        .isThrownBy(() -> b.acknowledge(PostgresPosition.after(8, 1, lsn(20))));
    assertThatIllegalArgumentException()
        .as("within a transaction")
        .isThrownBy(() -> b.acknowledge(new PostgresPosition(Changes.SYSTEM, 1, lsn(20), 0)));
    assertThat(hub.confirmed()).isEqualTo(lsn(10));
  }

  @Test
  void aKeepaliveIsConfirmedWhenNothingIsOutstanding() throws Exception {
    Subscription a = auto("a");
    long session = begin(10).generation();
    assertThat(hub.advance(Changes.at(20), session)).isTrue();
    assertThat(hub.confirmed()).isEqualTo(lsn(20));
    hub.dispatch(Changes.transaction(30), session);
    hub.advance(Changes.at(40), session);
    assertThat(hub.confirmed()).isEqualTo(lsn(20));
    assertThat(hub.standing().outstanding()).isTrue();
    drain(a);
    assertThat(hub.confirmed()).as("the keepalive counts again").isEqualTo(lsn(40));
    assertThat(hub.advance(Changes.at(15), session)).as("an older one is nothing").isTrue();
    assertThat(hub.position()).contains(Changes.at(40));
  }

  @Test
  void aManualSubscriberAcknowledgesProgressLikeATransaction() throws Exception {
    Subscription b = manual("b");
    long session = begin(10).generation();
    hub.advance(Changes.at(20), session);
    hub.advance(Changes.at(30), session);
    assertThat(hub.confirmed()).isEqualTo(lsn(10));
    List<SourceEvent> events = drain(b);
    assertThat(events).containsExactly(new DeliveredProgress(Changes.at(30)));
    b.acknowledge(Changes.at(30));
    assertThat(hub.confirmed()).isEqualTo(lsn(30));
  }

  @Test
  void aManualSubscriberIsToldOfWhatWasFilteredOut() throws Exception {
    Subscription orders =
        hub.subscribe(
            SubscriptionRequest.builder("orders")
                .withNodeLabels(Set.of("orders"))
                .withAcknowledgement(Acknowledgement.MANUAL)
                .build());
    hub.dispatch(Changes.transaction(20), begin(10).generation());
    assertThat(drain(orders)).containsExactly(new DeliveredProgress(Changes.at(20)));
    assertThat(hub.confirmed()).isEqualTo(lsn(10));
  }

  // Leaving

  @Test
  void closingAcknowledgesNothingButHoldsNothingEither() throws Exception {
    Subscription a = auto("a");
    Subscription b = auto("b");
    long session = begin(10).generation();
    hub.dispatch(Changes.transaction(20), session);
    b.take();
    a.take();
    a.poll(Duration.ZERO);
    b.close();
    assertThat(hub.confirmed()).as("a alone counts").isEqualTo(lsn(20));
  }

  @Test
  void aManualSubscriberHoldsTheSlotByItsIdUntilItReturns() throws Exception {
    Subscription a = auto("a");
    Subscription b = manual("b");
    long session = begin(10).generation();
    hub.dispatch(Changes.transaction(20), session);
    b.take();
    b.close();
    drain(a);
    assertThat(hub.confirmed()).isEqualTo(lsn(10));
    Subscription back = manual("b");
    assertThat(hub.dispatch(Changes.transaction(30), session))
        .as("the session that has read on is over")
        .isFalse();
    StreamStart again = begin(10);
    assertThat(again.lsn()).as("where b left off").isEqualTo(lsn(10));
    hub.dispatch(Changes.transaction(20), again.generation());
    SourceEvent.Transaction missed = (SourceEvent.Transaction) back.take();
    assertThat(((PostgresPosition) missed.position()).endLsn()).isEqualTo(lsn(20));
    assertThat(a.poll(Duration.ZERO)).as("a has had it").isEmpty();
    back.acknowledge(missed.position());
    assertThat(hub.confirmed()).isEqualTo(lsn(20));
  }

  @Test
  void aSubscriberThatLeftBeforeTheStreamBeganHoldsItsBegin() throws Exception {
    manual("b").close();
    Subscription a = auto("a");
    long session = begin(10).generation();
    hub.dispatch(Changes.transaction(20), session);
    drain(a);
    assertThat(hub.confirmed()).isEqualTo(lsn(10));
    manual("b");
    assertThat(begin(10).lsn()).isEqualTo(lsn(10));
  }

  @Test
  void forgettingASubscriberLetsGoOfTheSlot() throws Exception {
    Subscription a = auto("a");
    Subscription b = manual("b");
    long session = begin(10).generation();
    hub.dispatch(Changes.transaction(20), session);
    drain(a);
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(() -> hub.forget("b"))
        .withMessage("the subscriber b is subscribed; close its subscription first");
    b.close();
    hub.forget("unknown");
    assertThat(hub.confirmed()).isEqualTo(lsn(10));
    int before = advances.get();
    hub.forget("b");
    assertThat(hub.confirmed()).isEqualTo(lsn(20));
    assertThat(advances).hasValue(before + 1);
  }

  @Test
  void nothingIsConfirmedWhileNobodyIsSubscribed() throws Exception {
    Subscription a = auto("a");
    StreamStart session = begin(10);
    hub.dispatch(Changes.transaction(20), session.generation());
    a.take();
    a.close();
    assertThat(hub.confirmed()).isEqualTo(lsn(10));
    assertThat(hub.dispatch(Changes.transaction(30), session.generation())).isFalse();
    assertThat(hub.advance(Changes.at(40), session.generation())).isFalse();
    assertThat(hub.confirmed()).isEqualTo(lsn(10));
    assertThat(hub.position()).contains(Changes.at(10));
  }

  @Test
  void theFirstToComeAfterTheLastHasLeftStartsAtWhatIsConfirmed() throws Exception {
    Subscription a = auto("a");
    StreamStart session = begin(10);
    hub.dispatch(Changes.transaction(20), session.generation());
    a.close();
    Subscription b = auto("b");
    assertThat(hub.dispatch(Changes.transaction(30), session.generation()))
        .as("the session reads from elsewhere")
        .isFalse();
    StreamStart next = begin(10);
    assertThat(next.lsn()).isEqualTo(lsn(10));
    assertThat(next.generation()).isNotEqualTo(session.generation());
    hub.dispatch(Changes.transaction(20), next.generation());
    assertThat(drain(b)).containsExactly(Changes.transaction(20));
  }

  @Test
  void closingTwiceIsClosingOnce() throws Exception {
    Subscription a = manual("a");
    begin(10);
    a.close();
    Subscription again = manual("a");
    a.close();
    assertThat(hub.subscriptionCount()).isEqualTo(1);
    assertThatThrownBy(() -> a.poll(Duration.ZERO))
        .isInstanceOf(SubscriptionEndedException.class)
        .hasMessage("the subscription was closed");
    assertThat(again.poll(Duration.ZERO)).isEmpty();
  }

  @Test
  void closingASubscriptionThatHoldsTheStreamLetsItGoOn() throws Exception {
    Subscription slow = auto("slow");
    Subscription other = auto("other");
    long session = begin(10).generation();
    hub.dispatch(Changes.large(20, 3), session);
    drain(other);
    var dispatching = Waiting.on(() -> hub.dispatch(Changes.transaction(30), session));
    slow.close();
    dispatching.awaitReturn();
    assertThat(dispatching.result()).isEqualTo(true);
    assertThat(drain(other)).containsExactly(Changes.transaction(30));
    assertThat(hub.confirmed()).isEqualTo(lsn(30));
  }

  @Test
  void whatIsOfferedToASubscriptionThatHasEndedIsNotDone() throws Exception {
    manual("b");
    long session = begin(10).generation();
    hub.close("the source was closed");
    hub.dispatch(Changes.transaction(20), session);
    assertThat(hub.confirmed()).isEqualTo(lsn(10));
  }

  // Sessions that break off

  @Test
  void anInterruptedDispatchLosesNothingForTheOthers() throws Exception {
    Subscription first = auto("first");
    Subscription slow = auto("slow");
    Subscription last = auto("last");
    long session = begin(10).generation();
    hub.dispatch(Changes.large(20, 3), session);
    drain(first);
    drain(last);
    var dispatching = Waiting.on(() -> hub.dispatch(Changes.transaction(30), session));
    dispatching.interrupt();
    dispatching.awaitReturn();
    assertThat(dispatching.failure()).isInstanceOf(InterruptedException.class);

    assertThat(drain(first)).containsExactly(Changes.transaction(30));
    assertThat(hub.confirmed()).as("held by those it was not offered to").isEqualTo(lsn(10));
    StreamStart again = begin(10);
    assertThat(again.lsn()).isEqualTo(lsn(20));
    drain(slow);
    hub.dispatch(Changes.transaction(30), again.generation());
    assertThat(drain(first)).as("has had it").isEmpty();
    assertThat(drain(slow)).containsExactly(Changes.transaction(30));
    assertThat(drain(last)).containsExactly(Changes.transaction(30));
    assertThat(hub.confirmed()).isEqualTo(lsn(30));
  }

  @Test
  void aTransactionThatComesAgainIsQueuedOnce() throws Exception {
    Subscription a = auto("a");
    long session = begin(10).generation();
    hub.dispatch(Changes.transaction(20), session);
    StreamStart again = begin(10);
    assertThat(again.lsn()).as("what is queued need not come again").isEqualTo(lsn(20));
    hub.dispatch(Changes.transaction(20), again.generation());
    assertThat(drain(a)).containsExactly(Changes.transaction(20));
  }

  @Test
  void refusesASlotThatWasMovedBeyondWhatSubscribersHave() throws Exception {
    auto("a");
    hub.dispatch(Changes.transaction(20), begin(10).generation());
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(() -> begin(21))
        .withMessageStartingWith("the slot stands at 0/15, but subscribers have received changes")
        .withMessageContaining("give each source a slot of its own");
    assertThat(begin(20).lsn()).isEqualTo(lsn(20));
  }

  @Test
  void aSlotThatWentBackIsNoError() throws Exception {
    Subscription a = auto("a");
    hub.dispatch(Changes.transaction(20), begin(10).generation());
    drain(a);
    assertThat(begin(5).lsn()).isEqualTo(lsn(20));
    assertThat(hub.confirmed()).isEqualTo(lsn(20));
  }

  @Test
  void aSubscriptionNeverStartsBeforeWhatIsConfirmed() throws Exception {
    Subscription first = auto("first");
    Subscription slow = auto("slow");
    long session = begin(10).generation();
    hub.dispatch(Changes.large(20, 3), session);
    drain(first);
    var dispatching = Waiting.on(() -> hub.dispatch(Changes.transaction(30), session));
    dispatching.interrupt();
    dispatching.awaitReturn();
    drain(first);
    StreamStart again = begin(10);
    assertThat(again.lsn()).isEqualTo(lsn(20));
    slow.close();
    assertThat(hub.confirmed()).isEqualTo(lsn(30));

    Subscription late = auto("late");
    assertThat(begin(30).lsn())
        .as("the slot may have been moved to what is confirmed")
        .isEqualTo(lsn(30));
    assertThat(drain(late)).isEmpty();
  }

  @Test
  void refusesAnotherServerWhateverItsSlotSays() throws Exception {
    auto("a");
    begin(10);
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(() -> hub.begin(PostgresPosition.after(-1, 1, lsn(5))))
        .withMessageStartingWith("the server is another one than before")
        .withMessageContaining("is 18446744073709551615, and was 7;");
    assertThat(hub.begin(PostgresPosition.after(Changes.SYSTEM, 2, lsn(10))).lsn())
        .as("another timeline of the same system")
        .isEqualTo(lsn(10));
  }

  @Test
  void anOlderSessionHandsNothingOverOnceAnotherHasBegun() throws Exception {
    Subscription a = auto("a");
    long older = begin(10).generation();
    long newer = begin(10).generation();
    assertThat(hub.dispatch(Changes.transaction(20), older)).isFalse();
    assertThat(hub.advance(Changes.at(30), older)).isFalse();
    assertThat(hub.position()).contains(Changes.at(10));
    assertThat(hub.dispatch(Changes.transaction(20), newer)).isTrue();
    assertThat(drain(a)).containsExactly(Changes.transaction(20));
  }

  @Test
  void aSessionBeginsOnlyWhenTheOlderOneHasCeasedToHandOver() throws Exception {
    Subscription a = auto("a");
    long older = begin(10).generation();
    hub.dispatch(Changes.large(20, 3), older);
    var dispatching = Waiting.on(() -> hub.dispatch(Changes.transaction(30), older));
    var beginning = Waiting.on(() -> begin(10));
    dispatching.interrupt();
    dispatching.awaitReturn();
    beginning.awaitReturn();
    StreamStart newer = (StreamStart) beginning.result();
    assertThat(newer.lsn()).isEqualTo(lsn(20));
    drain(a);
    hub.dispatch(Changes.transaction(30), newer.generation());
    assertThat(drain(a)).containsExactly(Changes.transaction(30));
  }

  // What holds the stream, and failures

  @Test
  void namesTheSubscriberThatHoldsTheStreamForSomeTime() throws Exception {
    Subscription slow = auto("slow");
    long session = begin(10).generation();
    hub.dispatch(Changes.large(20, 3), session);
    var dispatching = Waiting.on(() -> hub.dispatch(Changes.transaction(30), session));
    assertThat(hub.heldBackBy()).isEmpty();
    now = now.plusMillis(1001);
    assertThat(hub.heldBackBy()).contains("slow");
    drain(slow);
    dispatching.awaitReturn();
    assertThat(hub.heldBackBy()).isEmpty();
  }

  @Test
  void aFailureReachesThoseWhoWaitAndThoseWhoCome() throws Exception {
    Subscription a = auto("a");
    var failure = new SourceException("no such database", null);
    hub.setFailure(failure);
    Subscription late = auto("late");
    assertThatThrownBy(a::take).hasMessage("no such database");
    assertThatThrownBy(late::take).hasMessage("no such database");
    hub.setFailure(null);
    assertThat(a.poll(Duration.ZERO)).isEmpty();
    assertThat(late.poll(Duration.ZERO)).isEmpty();
  }

  @Test
  void theEndOfTheHubEndsEverySubscriptionAfterItsEvents() throws Exception {
    Subscription a = auto("a");
    hub.dispatch(Changes.transaction(20), begin(10).generation());
    hub.close("the source was closed");
    hub.close("again");
    assertThat(a.take()).isEqualTo(Changes.transaction(20));
    assertThatThrownBy(a::take)
        .isInstanceOf(SubscriptionEndedException.class)
        .hasMessage("the source was closed");
    assertThatThrownBy(() -> a.iterator().hasNext())
        .as("an iteration does not end as if all were well")
        .isInstanceOf(SubscriptionEndedException.class);
    assertThatExceptionOfType(SourceException.class).isThrownBy(() -> auto("b"));
  }

  @Test
  void aBroadcastSubscriberThatIsTooSlowHoldsNobody() throws Exception {
    SubscriptionHub broadcast = hub(DispatchMode.BROADCAST, 3);
    Subscription slow = broadcast.subscribe(SubscriptionRequest.of("slow"));
    long session = broadcast.begin(Changes.at(10)).generation();
    broadcast.dispatch(Changes.large(20, 3), session);
    broadcast.dispatch(Changes.large(30, 2), session);
    assertThat(broadcast.confirmed()).isEqualTo(lsn(10));
    assertThat(drain(slow))
        .containsExactly(Changes.large(20, 3), new DeliveredLag(1, 2, Changes.at(30)));
    assertThat(broadcast.confirmed()).isEqualTo(lsn(30));
  }

  @Test
  void aBroadcastSubscriberCannotAcknowledgeByItself() {
    SubscriptionHub broadcast = hub(DispatchMode.BROADCAST, 3);
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(
            () ->
                broadcast.subscribe(
                    SubscriptionRequest.builder("b")
                        .withAcknowledgement(Acknowledgement.MANUAL)
                        .build()))
        .withMessageContaining("the subscriber b ")
        .withMessageContaining("dispatch_mode channel");
    assertThat(broadcast.hasSubscriptions()).isFalse();
  }

  // Iterating

  @Test
  void iteratesUntilTheSubscriptionIsClosed() throws Exception {
    Subscription a = auto("a");
    long session = begin(10).generation();
    hub.dispatch(Changes.transaction(20), session);
    Iterator<SourceEvent> events = a.iterator();
    assertThat(events.hasNext()).isTrue();
    assertThat(events.hasNext()).isTrue();
    assertThat(hub.confirmed()).isEqualTo(lsn(10));
    assertThat(events.next()).isEqualTo(Changes.transaction(20));
    var waiting = Waiting.on(events::hasNext);
    assertThat(hub.confirmed()).as("asking acknowledges").isEqualTo(lsn(20));
    a.close();
    waiting.awaitReturn();
    assertThat(waiting.result()).isEqualTo(false);
    assertThatThrownBy(events::next).isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void whatAnIteratorHasLookedAheadToIsNotLostWithIt() throws Exception {
    Subscription a = auto("a");
    long session = begin(10).generation();
    hub.dispatch(Changes.transaction(20), session);
    hub.dispatch(Changes.transaction(30), session);
    hub.dispatch(Changes.transaction(40), session);
    assertThat(a.iterator().hasNext()).isTrue();
    assertThat(a.iterator().next()).isEqualTo(Changes.transaction(20));
    assertThat(a.iterator().hasNext()).isTrue();
    assertThat(hub.confirmed()).as("30 was not returned yet").isEqualTo(lsn(20));
    assertThat(a.take()).isEqualTo(Changes.transaction(30));
    assertThat(a.iterator().hasNext()).isTrue();
    assertThat(a.poll(Duration.ZERO)).contains(Changes.transaction(40));
    assertThat(hub.confirmed()).isEqualTo(lsn(30));
  }

  @Test
  void anIterationOfAClosedSubscriptionEndsAtOnce() throws Exception {
    Subscription a = auto("a");
    hub.dispatch(Changes.transaction(20), begin(10).generation());
    assertThat(a.iterator().hasNext()).isTrue();
    a.close();
    assertThat(a.iterator().hasNext()).isFalse();
  }

  @Test
  void anInterruptEndsAnIterationAndStaysSet() {
    Iterator<SourceEvent> events = auto("a").iterator();
    Thread.currentThread().interrupt();
    assertThatThrownBy(events::hasNext).isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();
  }
}
