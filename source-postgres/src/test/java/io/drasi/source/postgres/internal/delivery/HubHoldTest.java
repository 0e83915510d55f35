package io.drasi.source.postgres.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drasi.api.source.Acknowledgement;
import io.drasi.api.source.DispatchMode;
import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.Subscription;
import io.drasi.api.source.SubscriptionEndedException;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.source.postgres.internal.spill.SpillSpace;
import io.drasi.source.postgres.testing.HandClock;
import io.drasi.source.postgres.testing.Log;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What happens while a subscriber holds the stream back. The time is what the test says. */
@Timeout(20)
class HubHoldTest {
  private static final int CAPACITY = 3;

  /** So often the hub looks; the time that it sees is another. */
  private static final Duration OFTEN = Duration.ofMillis(1);

  private record Look(String subscriber, Duration since) {}

  private final AtomicInteger restarts = new AtomicInteger();
  private final BlockingQueue<Look> looks = new LinkedBlockingQueue<>();
  private final HandClock clock = new HandClock();

  private SubscriptionHub hub(Duration subscriberTimeout) {
    return hub(DispatchMode.CHANNEL, subscriberTimeout);
  }

  private SubscriptionHub hub(DispatchMode mode, Duration subscriberTimeout) {
    return new SubscriptionHub(
        new DeliverySettings(
            "source",
            mode,
            CAPACITY,
            Long.MAX_VALUE,
            subscriberTimeout,
            OFTEN,
            new SpillSpace("source", Path.of(System.getProperty("java.io.tmpdir")), 0)),
        clock,
        new SubscriptionHub.Listener() {
          @Override
          public void confirmedAdvanced() {}

          @Override
          public void restartWanted() {
            restarts.incrementAndGet();
          }
        });
  }

  private static SubscriptionRequest manual(String id) {
    return SubscriptionRequest.builder(id).withAcknowledgement(Acknowledgement.MANUAL).build();
  }

  private HubSession begin(SubscriptionHub hub, HoldWatch watch) throws InterruptedException {
    return hub.begin(Changes.origin(hub, Changes.at(10)), watch).orElseThrow();
  }

  private HubSession begin(SubscriptionHub hub) throws InterruptedException {
    return begin(hub, (subscriber, since) -> looks.add(new Look(subscriber, since)));
  }

  private static boolean dispatch(HubSession session, long lsn) throws Exception {
    return session.dispatch(Changes.received(Changes.transaction(lsn)));
  }

  /** Fills every subscriber's queue, then hands over one more transaction. */
  private static Waiting hold(HubSession session, Subscription... othersThatTake) throws Exception {
    session.dispatch(Changes.received(Changes.large(20, CAPACITY)));
    for (Subscription other : othersThatTake) {
      drain(other);
    }
    return new Waiting(() -> dispatch(session, 30));
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

  private void awaitLook(String subscriber, Duration since) throws InterruptedException {
    var wanted = new Look(subscriber, since);
    while (!looks.take().equals(wanted)) {
      Thread.onSpinWait(); // those before were of another time
    }
  }

  // The watch

  @Test
  void theSessionIsLookedAfterWhileASubscriberHoldsTheStream() throws Exception {
    SubscriptionHub hub = hub(Duration.ZERO);
    Subscription slow = hub.subscribe(SubscriptionRequest.of("slow"));
    Waiting dispatching = hold(begin(hub));
    assertThat(looks.take()).isEqualTo(new Look("the subscriber slow", Duration.ZERO));
    clock.advance(Duration.ofSeconds(100_000));
    awaitLook("the subscriber slow", Duration.ofSeconds(100_000));
    assertThat(slow.take()).isEqualTo(Changes.large(20, CAPACITY));
    dispatching.awaitReturn();
    assertThat(dispatching.result()).isEqualTo(true);
    assertThat(drain(slow)).containsExactly(Changes.transaction(30));
  }

  @Test
  void theSessionIsNotLookedAfterWhileTheStreamFlows() throws Exception {
    SubscriptionHub hub = hub(Duration.ZERO);
    Subscription quick = hub.subscribe(SubscriptionRequest.of("quick"));
    HubSession session = begin(hub);
    dispatch(session, 20);
    dispatch(session, 30);
    assertThat(drain(quick)).hasSize(2);
    assertThat(looks).isEmpty();
  }

  @Test
  void theSessionEndsWhenItsWatchSaysSoAndNothingIsLost() throws Exception {
    SubscriptionHub hub = hub(Duration.ZERO);
    Subscription first = hub.subscribe(SubscriptionRequest.of("first"));
    Subscription slow = hub.subscribe(SubscriptionRequest.of("slow"));
    Subscription last = hub.subscribe(SubscriptionRequest.of("last"));
    var shutDown = new IOException("the server shuts down");
    HubSession session =
        begin(
            hub,
            (subscriber, since) -> {
              throw shutDown;
            });
    Waiting dispatching = hold(session, first, last);
    dispatching.awaitReturn();
    assertThat(dispatching.failure()).isSameAs(shutDown);
    assertThat(hub.heldBackBy()).isEmpty();
    assertThat(drain(slow)).hasSize(1);
    HubSession next = begin(hub);
    assertThat(next.start()).isEqualTo(new Lsn(20));
    dispatch(next, 30);
    for (Subscription each : List.of(first, slow, last)) {
      assertThat(drain(each)).containsExactly(Changes.transaction(30));
    }
  }

  // subscriber_timeout

  @Test
  void whoHoldsTheStreamForTooLongIsEndedAndTheOthersGoOn() throws Exception {
    SubscriptionHub hub = hub(Duration.ofSeconds(7));
    Subscription slow = hub.subscribe(SubscriptionRequest.of("slow"));
    Subscription other = hub.subscribe(SubscriptionRequest.of("other"));
    HubSession session = begin(hub);
    Waiting dispatching = hold(session, other);
    looks.take();
    clock.advance(Duration.ofMillis(6_999));
    awaitLook("the subscriber slow", Duration.ofMillis(6_999));
    assertThat(hub.subscriptionCount()).isEqualTo(2);
    clock.advance(Duration.ofMillis(1));
    dispatching.awaitReturn();
    assertThat(dispatching.result()).isEqualTo(true);
    assertThat(drain(other)).containsExactly(Changes.transaction(30));
    assertThat(hub.confirmed()).as("it holds no place").isEqualTo(new Lsn(30));
    assertThat(slow.take()).as("what is queued").isEqualTo(Changes.large(20, CAPACITY));
    assertThatThrownBy(slow::take)
        .isInstanceOf(SubscriptionEndedException.class)
        .hasMessage(
            "the subscriber slow has held the stream back for 7 s, and subscriber_timeout is 7 s;"
                + " its subscription was ended");
    assertThat(restarts).hasValue(0);
  }

  @Test
  void aManualSubscriberThatWasEndedKeepsItsPlace() throws Exception {
    SubscriptionHub hub = hub(Duration.ofSeconds(7));
    Subscription slow = hub.subscribe(manual("slow"));
    Subscription other = hub.subscribe(SubscriptionRequest.of("other"));
    Waiting dispatching = hold(begin(hub), other);
    looks.take();
    clock.advance(Duration.ofSeconds(7));
    dispatching.awaitReturn();
    drain(other);
    assertThat(hub.confirmed()).isEqualTo(new Lsn(10));
    assertThat(slow.take()).isEqualTo(Changes.large(20, CAPACITY));
    slow.acknowledge(Changes.at(20));
    assertThat(hub.confirmed())
        .as("what was queued it may still acknowledge")
        .isEqualTo(new Lsn(20));
    Subscription back = hub.subscribe(manual("slow"));
    HubSession next = begin(hub);
    assertThat(next.start()).isEqualTo(new Lsn(20));
    dispatch(next, 30);
    assertThat(drain(back)).containsExactly(Changes.transaction(30));
  }

  @Test
  void whenTheLastIsEndedTheSessionEndsToo() throws Exception {
    SubscriptionHub hub = hub(Duration.ofSeconds(7));
    hub.subscribe(SubscriptionRequest.of("slow"));
    HubSession session = begin(hub);
    Waiting dispatching = hold(session);
    looks.take();
    clock.advance(Duration.ofSeconds(7));
    dispatching.awaitReturn();
    assertThat(restarts).hasValue(1);
    assertThat(hub.hasSubscriptions()).isFalse();
    assertThat(dispatch(session, 40)).isFalse();
    assertThat(hub.confirmed()).isEqualTo(new Lsn(10));
  }

  @Test
  void theTimeRunsAnewWithEachTransactionThatFindsRoom() throws Exception {
    SubscriptionHub hub = hub(Duration.ofSeconds(7));
    Subscription slow = hub.subscribe(SubscriptionRequest.of("slow"));
    HubSession session = begin(hub);
    Waiting dispatching = hold(session);
    looks.take();
    clock.advance(Duration.ofSeconds(6));
    slow.take();
    dispatching.awaitReturn();
    looks.clear();
    var next = new Waiting(() -> session.dispatch(Changes.received(Changes.large(40, CAPACITY))));
    clock.advance(Duration.ofSeconds(6));
    looks.take();
    looks.take();
    assertThat(hub.hasSubscriptions()).isTrue();
    slow.take();
    next.awaitReturn();
    assertThat(next.result()).isEqualTo(true);
  }

  // Breaking off

  @Test
  void breaksOffWhenTheStreamHasToStartElsewhere() throws Exception {
    SubscriptionHub hub = hub(Duration.ZERO);
    Subscription slow = hub.subscribe(SubscriptionRequest.of("slow"));
    Subscription other = hub.subscribe(SubscriptionRequest.of("other"));
    Waiting dispatching = hold(begin(hub), other);
    Subscription back =
        hub.subscribe(SubscriptionRequest.builder("back").withResumeFrom(Changes.at(15)).build());
    dispatching.awaitReturn();
    assertThat(dispatching.result()).isEqualTo(false);
    assertThat(restarts).hasValue(1);
    HubSession next = begin(hub);
    assertThat(next.start()).isEqualTo(new Lsn(15));
    drain(slow);
    next.dispatch(Changes.received(Changes.large(20, CAPACITY)));
    assertThat(drain(back)).containsExactly(Changes.large(20, CAPACITY));
    dispatch(next, 30);
    for (Subscription each : List.of(slow, other, back)) {
      assertThat(drain(each)).containsExactly(Changes.transaction(30));
    }
  }

  @Test
  void anotherSessionBeginsOnlyWhenTheOneThatIsHeldBackHasBrokenOff() throws Exception {
    SubscriptionHub hub = hub(Duration.ZERO);
    hub.subscribe(SubscriptionRequest.of("slow"));
    Waiting dispatching = hold(begin(hub));
    looks.take();
    var beginning = Waiting.on(() -> begin(hub));
    hub.subscribe(SubscriptionRequest.builder("back").withResumeFrom(Changes.at(15)).build());
    dispatching.awaitReturn();
    assertThat(dispatching.result()).isEqualTo(false);
    beginning.awaitReturn();
    assertThat(beginning.failure()).as("it was asked before").hasMessageContaining("No value");
  }

  // Who it is

  @Test
  void namesTheThreadThatTakesNoMore() throws Exception {
    SubscriptionHub hub = hub(Duration.ZERO);
    Subscription slow = hub.subscribe(SubscriptionRequest.of("slow"));
    HubSession session = begin(hub);
    var taker = new Thread(() -> pollOnce(slow), "worker-7");
    taker.start();
    taker.join();
    Waiting dispatching = hold(session);
    looks.take();
    clock.advance(Duration.ofSeconds(2));
    String who = "the subscriber slow (its thread worker-7 has ended)";
    assertThat(hub.heldBackBy()).contains(who);
    awaitLook(who, Duration.ofSeconds(2));
    slow.take();
    dispatching.awaitReturn();
    assertThat(hub.heldBackBy()).isEmpty();
  }

  private static void pollOnce(Subscription subscription) {
    try {
      assertThat(subscription.poll(Duration.ZERO)).isEmpty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void whoTakesWhatIsBeforeIsNotEnded() throws Exception {
    SubscriptionHub hub = hub(Duration.ofSeconds(7));
    Subscription busy = hub.subscribe(SubscriptionRequest.of("busy"));
    HubSession session = begin(hub);
    for (int lsn = 20; lsn < 20 + CAPACITY; lsn++) {
      dispatch(session, lsn);
    }
    Waiting dispatching =
        Waiting.on(() -> session.dispatch(Changes.received(Changes.large(40, CAPACITY))));
    for (int i = 0; i < CAPACITY; i++) {
      clock.advance(Duration.ofSeconds(6));
      looks.clear();
      looks.take();
      looks.take();
      assertThat(hub.hasSubscriptions()).isTrue();
      busy.take();
    }
    dispatching.awaitReturn();
    assertThat(dispatching.result()).isEqualTo(true);
    assertThat(busy.take()).isEqualTo(Changes.large(40, CAPACITY));
  }

  // Who holds nobody back, but the server's log

  @ParameterizedTest
  @EnumSource(DispatchMode.class)
  void whoTakesNothingThoughThereIsSomethingIsEnded(DispatchMode mode) throws Exception {
    SubscriptionHub hub = hub(mode, Duration.ofSeconds(7));
    Subscription dead = hub.subscribe(SubscriptionRequest.of("dead"));
    Subscription live = hub.subscribe(SubscriptionRequest.of("live"));
    HubSession session = begin(hub);
    clock.advance(Duration.ofSeconds(100));
    dispatch(session, 20);
    assertThat(drain(live)).hasSize(1);
    clock.advance(Duration.ofMillis(6_999));
    session.advance(Changes.at(30));
    assertThat(hub.subscriptionCount()).isEqualTo(2);
    clock.advance(Duration.ofMillis(101));
    session.advance(Changes.at(40));
    assertThat(hub.subscriptionCount()).isOne();
    assertThat(drain(live)).isEmpty();
    assertThat(hub.confirmed()).isEqualTo(new Lsn(40));
    assertThat(dead.take()).isEqualTo(Changes.transaction(20));
    assertThatThrownBy(dead::take)
        .isInstanceOf(SubscriptionEndedException.class)
        .hasMessageStartingWith("the subscriber dead")
        .hasMessageEndingWith(
            " has taken none of its events for 7 s, and subscriber_timeout is 7 s;"
                + " its subscription was ended");
  }

  @Test
  void whoTakesNothingForAMinuteIsNamed() throws Exception {
    SubscriptionHub hub = hub(DispatchMode.BROADCAST, Duration.ZERO);
    Subscription dead = hub.subscribe(SubscriptionRequest.of("dead"));
    HubSession session = begin(hub);
    dispatch(session, 20);
    clock.advance(Duration.ofSeconds(59));
    session.advance(Changes.at(30));
    assertThat(hub.heldBackBy()).isEmpty();
    try (var log = new Log()) {
      clock.advance(Duration.ofSeconds(1));
      session.advance(Changes.at(40));
      clock.advance(Duration.ofSeconds(1));
      session.advance(Changes.at(50));
      assertThat(log.lines("WARN"))
          .singleElement()
          .asString()
          .contains("source: the subscriber dead has taken none of its events for 60 s now");
    }
    assertThat(hub.heldBackBy()).contains("the subscriber dead");
    assertThat(drain(dead)).hasSize(1);
    assertThat(hub.heldBackBy()).isEmpty();
  }
}
