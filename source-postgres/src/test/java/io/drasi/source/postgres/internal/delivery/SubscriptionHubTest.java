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
import io.drasi.postgres.decoder.position.TimelineHistory;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.source.postgres.testing.HandClock;
import java.time.Duration;
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
  private final HandClock clock = new HandClock();
  private final AtomicInteger advances = new AtomicInteger();
  private final AtomicInteger restarts = new AtomicInteger();
  private final SubscriptionHub hub = hub(DispatchMode.CHANNEL, 3);

  private SubscriptionHub hub(DispatchMode mode, int capacity) {
    return new SubscriptionHub(
        Changes.settings(mode, capacity),
        clock,
        new SubscriptionHub.Listener() {
          @Override
          public void confirmedAdvanced() {
            advances.incrementAndGet();
          }

          @Override
          public void restartWanted() {
            restarts.incrementAndGet();
          }
        });
  }

  private Subscription auto(String id) {
    return hub.subscribe(SubscriptionRequest.of(id));
  }

  private Subscription manual(String id) {
    return hub.subscribe(
        SubscriptionRequest.builder(id).withAcknowledgement(Acknowledgement.MANUAL).build());
  }

  private HubSession begin(long slot) throws InterruptedException {
    return Changes.begin(hub, Changes.at(slot));
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
    assertThat(begin(10).start()).isEqualTo(lsn(10));
    assertThat(hub.position()).contains(Changes.at(10));
    assertThat(hub.confirmed()).isEqualTo(lsn(10));
    assertThat(hub.standing().outstanding()).isFalse();
    assertThat(drain(a)).isEmpty();
  }

  @Test
  void everySubscriptionGetsEveryTransaction() throws Exception {
    Subscription a = auto("a");
    Subscription b = auto("b");
    HubSession session = begin(10);
    assertThat(session.dispatch(Changes.received(Changes.transaction(20)))).isTrue();
    assertThat(session.dispatch(Changes.received(Changes.transaction(30)))).isTrue();
    assertThat(drain(a)).containsExactly(Changes.transaction(20), Changes.transaction(30));
    assertThat(drain(b)).containsExactly(Changes.transaction(20), Changes.transaction(30));
  }

  @Test
  void aLaterSubscriptionStartsWhereTheStreamIs() throws Exception {
    auto("a");
    HubSession session = begin(10);
    session.dispatch(Changes.received(Changes.transaction(20)));
    Subscription late = auto("late");
    session.dispatch(Changes.received(Changes.transaction(30)));
    assertThat(drain(late)).containsExactly(Changes.transaction(30));
  }

  @Test
  void tellsForWhomTheSlotIsHeld() throws Exception {
    Subscription slow = manual("slow");
    Subscription quick = auto("quick");
    HubSession session = begin(10);
    assertThat(hub.holder()).as("nothing has come").isEmpty();
    session.dispatch(Changes.received(Changes.transaction(20)));
    drain(quick);
    assertThat(hub.holder())
        .get()
        .asString()
        .startsWith("the subscriber slow")
        .endsWith(" has acknowledged up to 0/A only");
    slow.close();
    assertThat(hub.holder())
        .contains("the subscriber slow, which is away, has acknowledged up to 0/A only");
    hub.forget("slow");
    assertThat(hub.holder()).isEmpty();
  }

  @Test
  void aTransactionOfAnotherKindOfElementIsPassedOver() throws Exception {
    Subscription orders =
        hub.subscribe(
            SubscriptionRequest.builder("orders").withNodeLabels(Set.of("orders")).build());
    HubSession session = begin(10);
    SourceChange order = Changes.insert("orders");
    session.dispatch(Changes.received(Changes.transaction(20)));
    assertThat(hub.confirmed()).as("nothing of concern").isEqualTo(lsn(20));
    session.dispatch(Changes.received(Changes.transaction(30, Changes.insert("users"), order)));
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
    var waiting = Waiting.on(() -> hub.awaitSubscription(Duration.ofDays(1)));
    assertThat(hub.hasSubscriptions()).isFalse();
    auto("a");
    waiting.awaitReturn();
    assertThat(waiting.result()).isEqualTo(true);
  }

  // Acknowledging

  @Test
  void askingForTheNextEventAcknowledgesThoseBefore() throws Exception {
    Subscription a = auto("a");
    HubSession session = begin(10);
    session.dispatch(Changes.received(Changes.transaction(20)));
    session.dispatch(Changes.received(Changes.transaction(30)));
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
    HubSession session = begin(10);
    session.dispatch(Changes.received(Changes.transaction(20)));
    session.dispatch(Changes.received(Changes.transaction(30)));
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
    HubSession session = begin(10);
    session.dispatch(Changes.received(Changes.transaction(20)));
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
    HubSession session = begin(10);
    assertThat(session.advance(Changes.at(20))).isTrue();
    assertThat(hub.confirmed()).isEqualTo(lsn(20));
    session.dispatch(Changes.received(Changes.transaction(30)));
    session.advance(Changes.at(40));
    assertThat(hub.confirmed()).isEqualTo(lsn(20));
    assertThat(hub.standing().outstanding()).isTrue();
    drain(a);
    assertThat(hub.confirmed()).as("the keepalive counts again").isEqualTo(lsn(40));
    assertThat(session.advance(Changes.at(15))).as("an older one is nothing").isTrue();
    assertThat(hub.position()).contains(Changes.at(40));
  }

  @Test
  void aManualSubscriberAcknowledgesProgressLikeATransaction() throws Exception {
    Subscription b = manual("b");
    HubSession session = begin(10);
    session.advance(Changes.at(20));
    session.advance(Changes.at(30));
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
    begin(10).dispatch(Changes.received(Changes.transaction(20)));
    assertThat(drain(orders)).containsExactly(new DeliveredProgress(Changes.at(20)));
    assertThat(hub.confirmed()).isEqualTo(lsn(10));
  }

  // Leaving

  @Test
  void closingAcknowledgesNothingButHoldsNothingEither() throws Exception {
    Subscription a = auto("a");
    Subscription b = auto("b");
    HubSession session = begin(10);
    session.dispatch(Changes.received(Changes.transaction(20)));
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
    HubSession session = begin(10);
    session.dispatch(Changes.received(Changes.transaction(20)));
    b.take();
    b.close();
    drain(a);
    assertThat(hub.confirmed()).isEqualTo(lsn(10));
    Subscription back = manual("b");
    assertThat(session.dispatch(Changes.received(Changes.transaction(30))))
        .as("the session that has read on is over")
        .isFalse();
    HubSession again = begin(10);
    assertThat(again.start()).as("where b left off").isEqualTo(lsn(10));
    again.dispatch(Changes.received(Changes.transaction(20)));
    SourceEvent.Transaction missed = (SourceEvent.Transaction) back.take();
    assertThat(((PostgresPosition) missed.position()).endLsn()).isEqualTo(lsn(20));
    assertThat(a.poll(Duration.ZERO)).as("a has had it").isEmpty();
    back.acknowledge(missed.position());
    assertThat(hub.confirmed()).isEqualTo(lsn(20));
  }

  @Test
  void aManualSubscriberMayAcknowledgeAfterItHasGone() throws Exception {
    Subscription a = auto("a");
    Subscription b = manual("b");
    HubSession session = begin(10);
    session.dispatch(Changes.received(Changes.transaction(20)));
    session.dispatch(Changes.received(Changes.transaction(30)));
    drain(a);
    drain(b);
    b.close();
    b.acknowledge(Changes.at(20));
    assertThat(hub.confirmed()).isEqualTo(lsn(20));
    Subscription back = manual("b");
    b.acknowledge(Changes.at(30));
    assertThat(hub.confirmed()).as("now the new one counts").isEqualTo(lsn(20));
    HubSession again = begin(10);
    assertThat(again.start()).isEqualTo(lsn(20));
    again.dispatch(Changes.received(Changes.transaction(30)));
    assertThat(drain(back)).containsExactly(Changes.transaction(30));
  }

  @Test
  void aSubscriberThatLeftBeforeTheStreamBeganHoldsItsBegin() throws Exception {
    manual("b").close();
    Subscription a = auto("a");
    HubSession session = begin(10);
    session.dispatch(Changes.received(Changes.transaction(20)));
    drain(a);
    assertThat(hub.confirmed()).isEqualTo(lsn(10));
    manual("b");
    assertThat(begin(10).start()).isEqualTo(lsn(10));
  }

  @Test
  void forgettingASubscriberLetsGoOfTheSlot() throws Exception {
    Subscription a = auto("a");
    Subscription b = manual("b");
    HubSession session = begin(10);
    session.dispatch(Changes.received(Changes.transaction(20)));
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
    HubSession session = begin(10);
    session.dispatch(Changes.received(Changes.transaction(20)));
    a.take();
    a.close();
    assertThat(hub.confirmed()).isEqualTo(lsn(10));
    assertThat(session.dispatch(Changes.received(Changes.transaction(30)))).isFalse();
    assertThat(session.advance(Changes.at(40))).isFalse();
    assertThat(hub.confirmed()).isEqualTo(lsn(10));
    assertThat(hub.position()).contains(Changes.at(10));
  }

  @Test
  void theFirstToComeAfterTheLastHasLeftStartsAtWhatIsConfirmed() throws Exception {
    Subscription a = auto("a");
    HubSession session = begin(10);
    session.dispatch(Changes.received(Changes.transaction(20)));
    a.close();
    Subscription b = auto("b");
    assertThat(session.dispatch(Changes.received(Changes.transaction(30))))
        .as("the session reads from elsewhere")
        .isFalse();
    HubSession next = begin(10);
    assertThat(next.start()).isEqualTo(lsn(10));
    assertThat(next).isNotEqualTo(session);
    next.dispatch(Changes.received(Changes.transaction(20)));
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
    HubSession session = begin(10);
    session.dispatch(Changes.received(Changes.large(20, 3)));
    drain(other);
    var dispatching = Waiting.on(() -> session.dispatch(Changes.received(Changes.transaction(30))));
    slow.close();
    dispatching.awaitReturn();
    assertThat(dispatching.result()).isEqualTo(true);
    assertThat(drain(other)).containsExactly(Changes.transaction(30));
    assertThat(hub.confirmed()).isEqualTo(lsn(30));
  }

  @Test
  void whatIsOfferedToASubscriptionThatHasEndedIsNotDone() throws Exception {
    manual("b");
    HubSession session = begin(10);
    hub.close("the source was closed");
    session.dispatch(Changes.received(Changes.transaction(20)));
    assertThat(hub.confirmed()).isEqualTo(lsn(10));
  }

  // Sessions that break off

  @Test
  void anInterruptedDispatchLosesNothingForTheOthers() throws Exception {
    Subscription first = auto("first");
    Subscription slow = auto("slow");
    Subscription last = auto("last");
    HubSession session = begin(10);
    session.dispatch(Changes.received(Changes.large(20, 3)));
    drain(first);
    drain(last);
    var dispatching = Waiting.on(() -> session.dispatch(Changes.received(Changes.transaction(30))));
    dispatching.interrupt();
    dispatching.awaitReturn();
    assertThat(dispatching.failure()).isInstanceOf(InterruptedException.class);

    assertThat(drain(first)).containsExactly(Changes.transaction(30));
    assertThat(hub.confirmed()).as("held by those it was not offered to").isEqualTo(lsn(10));
    HubSession again = begin(10);
    assertThat(again.start()).isEqualTo(lsn(20));
    drain(slow);
    again.dispatch(Changes.received(Changes.transaction(30)));
    assertThat(drain(first)).as("has had it").isEmpty();
    assertThat(drain(slow)).containsExactly(Changes.transaction(30));
    assertThat(drain(last)).containsExactly(Changes.transaction(30));
    assertThat(hub.confirmed()).isEqualTo(lsn(30));
  }

  @Test
  void aTransactionThatComesAgainIsQueuedOnce() throws Exception {
    Subscription a = auto("a");
    HubSession session = begin(10);
    session.dispatch(Changes.received(Changes.transaction(20)));
    HubSession again = begin(10);
    assertThat(again.start()).as("what is queued need not come again").isEqualTo(lsn(20));
    again.dispatch(Changes.received(Changes.transaction(20)));
    assertThat(drain(a)).containsExactly(Changes.transaction(20));
  }

  @Test
  void refusesASlotThatWasMovedBeyondWhatSubscribersHave() throws Exception {
    auto("a");
    begin(10).dispatch(Changes.received(Changes.transaction(20)));
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(() -> begin(21))
        .withMessageStartingWith("the slot stands at 0/15, but subscribers have received changes")
        .withMessageContaining("give each source a slot of its own");
    assertThat(begin(20).start()).isEqualTo(lsn(20));
  }

  @Test
  void aSlotThatWentBackIsNoError() throws Exception {
    Subscription a = auto("a");
    begin(10).dispatch(Changes.received(Changes.transaction(20)));
    drain(a);
    assertThat(begin(5).start()).isEqualTo(lsn(20));
    assertThat(hub.confirmed()).isEqualTo(lsn(20));
  }

  @Test
  void aSubscriptionNeverStartsBeforeWhatIsConfirmed() throws Exception {
    Subscription first = auto("first");
    Subscription slow = auto("slow");
    HubSession session = begin(10);
    session.dispatch(Changes.received(Changes.large(20, 3)));
    drain(first);
    var dispatching = Waiting.on(() -> session.dispatch(Changes.received(Changes.transaction(30))));
    dispatching.interrupt();
    dispatching.awaitReturn();
    drain(first);
    HubSession again = begin(10);
    assertThat(again.start()).isEqualTo(lsn(20));
    slow.close();
    assertThat(hub.confirmed()).isEqualTo(lsn(30));

    Subscription late = auto("late");
    assertThat(begin(30).start())
        .as("the slot may have been moved to what is confirmed")
        .isEqualTo(lsn(30));
    assertThat(drain(late)).isEmpty();
  }

  @Test
  void refusesAnotherServerWhateverItsSlotSays() throws Exception {
    auto("a");
    begin(10);
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(() -> Changes.begin(hub, PostgresPosition.after(-1, 1, lsn(5))))
        .withMessageStartingWith("the server's log is not the one the subscribers' changes came")
        .withMessageContaining(
            "the server's system identifier is 18446744073709551615, and the position's is 7;");
  }

  private HubSession beginPromoted(long leftAt) throws Exception {
    return hub.begin(
            new StreamOrigin(
                PostgresPosition.after(Changes.SYSTEM, 2, lsn(10)),
                lsn(1_000),
                TimelineHistory.parse(2, "1\t%s\tno recovery target\n".formatted(lsn(leftAt))),
                hub.revision()),
            (subscriber, since) -> {})
        .orElseThrow();
  }

  @Test
  void goesOnAtAPromotedServerThatHasAllThatSubscribersHad() throws Exception {
    Subscription a = auto("a");
    begin(10).dispatch(Changes.received(Changes.transaction(20)));
    HubSession promoted = beginPromoted(20);
    assertThat(promoted.start()).isEqualTo(lsn(20));
    assertThat(hub.position()).contains(PostgresPosition.after(Changes.SYSTEM, 2, lsn(20)));
    assertThat(drain(a)).containsExactly(Changes.transaction(20));
  }

  @Test
  void refusesAPromotedServerThatLacksWhatSubscribersHad() throws Exception {
    auto("a");
    begin(10).dispatch(Changes.received(Changes.transaction(20)));
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(() -> beginPromoted(19))
        .withMessageContaining("up to 0/14 on timeline 1")
        .withMessageContaining("the server is on timeline 2, which left timeline 1 at 0/13");
  }

  @Test
  void refusesAServerWhoseLogEndsBeforeWhatSubscribersHad() throws Exception {
    auto("a");
    begin(10).dispatch(Changes.received(Changes.transaction(20)));
    var restored =
        new StreamOrigin(Changes.at(10), lsn(19), TimelineHistory.none(1), hub.revision());
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(() -> hub.begin(restored, (subscriber, since) -> {}))
        .withMessageContaining("the server's log ends at 0/13");
  }

  @Test
  void aSubscriberResumesBehindWhereTheLogEndedWhenTheSessionBegan() throws Exception {
    Subscription a = manual("a");
    var young = new StreamOrigin(Changes.at(10), lsn(10), TimelineHistory.none(1), hub.revision());
    HubSession session = hub.begin(young, (subscriber, since) -> {}).orElseThrow();
    session.dispatch(Changes.received(Changes.transaction(20)));
    session.dispatch(Changes.received(Changes.transaction(30)));
    a.close();
    Subscription b =
        hub.subscribe(
            SubscriptionRequest.builder("a")
                .withAcknowledgement(Acknowledgement.MANUAL)
                .withResumeFrom(Changes.at(20))
                .build());
    HubSession next = begin(10);
    assertThat(next.start()).isEqualTo(lsn(20));
    next.dispatch(Changes.received(Changes.transaction(30)));
    assertThat(drain(b)).containsExactly(Changes.transaction(30));
  }

  @Test
  void anOlderSessionHandsNothingOverOnceAnotherHasBegun() throws Exception {
    Subscription a = auto("a");
    HubSession older = begin(10);
    HubSession newer = begin(10);
    assertThat(older.dispatch(Changes.received(Changes.transaction(20)))).isFalse();
    assertThat(older.advance(Changes.at(30))).isFalse();
    assertThat(hub.position()).contains(Changes.at(10));
    assertThat(newer.dispatch(Changes.received(Changes.transaction(20)))).isTrue();
    assertThat(drain(a)).containsExactly(Changes.transaction(20));
  }

  @Test
  void aSessionBeginsOnlyWhenTheOlderOneHasCeasedToHandOver() throws Exception {
    Subscription a = auto("a");
    HubSession older = begin(10);
    older.dispatch(Changes.received(Changes.large(20, 3)));
    var dispatching = Waiting.on(() -> older.dispatch(Changes.received(Changes.transaction(30))));
    var beginning = Waiting.on(() -> begin(10));
    dispatching.interrupt();
    dispatching.awaitReturn();
    beginning.awaitReturn();
    HubSession newer = (HubSession) beginning.result();
    assertThat(newer.start()).isEqualTo(lsn(20));
    drain(a);
    newer.dispatch(Changes.received(Changes.transaction(30)));
    assertThat(drain(a)).containsExactly(Changes.transaction(30));
  }

  // What holds the stream, and failures

  @Test
  void namesTheSubscriberThatHoldsTheStreamForSomeTime() throws Exception {
    Subscription slow = auto("slow");
    HubSession session = begin(10);
    session.dispatch(Changes.received(Changes.large(20, 3)));
    var dispatching = Waiting.on(() -> session.dispatch(Changes.received(Changes.transaction(30))));
    assertThat(hub.heldBackBy()).isEmpty();
    clock.advance(Duration.ofMillis(1001));
    assertThat(hub.heldBackBy()).contains("the subscriber slow");
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
    begin(10).dispatch(Changes.received(Changes.transaction(20)));
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
    HubSession session = Changes.begin(broadcast, Changes.at(10));
    session.dispatch(Changes.received(Changes.large(20, 3)));
    session.dispatch(Changes.received(Changes.large(30, 2)));
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
    HubSession session = begin(10);
    session.dispatch(Changes.received(Changes.transaction(20)));
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
    HubSession session = begin(10);
    session.dispatch(Changes.received(Changes.transaction(20)));
    session.dispatch(Changes.received(Changes.transaction(30)));
    session.dispatch(Changes.received(Changes.transaction(40)));
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
    begin(10).dispatch(Changes.received(Changes.transaction(20)));
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
