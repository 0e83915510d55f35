package io.drasi.source.postgres.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.drasi.api.source.Acknowledgement;
import io.drasi.api.source.DispatchMode;
import io.drasi.api.source.PositionUnavailableException;
import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.SourcePosition;
import io.drasi.api.source.Subscription;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.postgres.decoder.position.PostgresPosition;
import io.drasi.postgres.decoder.position.TimelineHistory;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.postgres.protocol.replication.SlotName;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Subscribers that say where they left off, and when the stream has to start elsewhere for them.
 */
@Timeout(20)
class HubResumeTest {
  private static final SlotName SLOT = new SlotName("drasi_slot");

  @TempDir Path folder;

  private final AtomicInteger restarts = new AtomicInteger();
  private final SubscriptionHub hub = hub(Register.inMemory());

  private SubscriptionHub hub(Register register) {
    return new SubscriptionHub(
        Changes.settings(DispatchMode.CHANNEL, 100),
        register,
        Clock.systemUTC(),
        new SubscriptionHub.Listener() {
          @Override
          public void confirmedAdvanced() {}

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
    return hub.subscribe(request(id).build());
  }

  private static SubscriptionRequest.Builder request(String id) {
    return SubscriptionRequest.builder(id).withAcknowledgement(Acknowledgement.MANUAL);
  }

  private Subscription resume(String id, SourcePosition position) {
    return hub.subscribe(request(id).withResumeFrom(position).build());
  }

  private Subscription resume(String id, long lsn) {
    return resume(id, Changes.at(lsn));
  }

  private HubSession begin(long slot) throws InterruptedException {
    return Changes.begin(hub, Changes.at(slot));
  }

  private static boolean dispatch(HubSession session, long lsn) throws Exception {
    return session.dispatch(Changes.received(Changes.transaction(lsn)));
  }

  /** The ends of the transactions that are there. */
  private static List<Long> drain(Subscription subscription) throws InterruptedException {
    List<Long> ends = new ArrayList<>();
    Optional<SourceEvent> event = subscription.poll(Duration.ZERO);
    while (event.isPresent()) {
      var transaction = (SourceEvent.Transaction) event.get();
      ends.add(((PostgresPosition) transaction.position()).endLsn().value());
      event = subscription.poll(Duration.ZERO);
    }
    return ends;
  }

  private static Lsn lsn(long value) {
    return new Lsn(value);
  }

  // Before the first session

  @Test
  void whoResumesMayAcknowledgeItsPositionBeforeTheFirstSession() throws Exception {
    Subscription back = resume("back", 20);
    back.acknowledge(Changes.at(20));
    begin(10);
    assertThat(drain(back)).isEmpty();
  }

  @Test
  void whoComesBeforeTheFirstSessionGetsWhatFollowsItsPosition() throws Exception {
    Subscription other = auto("other");
    Subscription back = resume("back", 20);
    assertThat(restarts).as("there is no session yet").hasValue(0);
    HubSession session = begin(10);
    assertThat(session.start()).isEqualTo(lsn(10));
    dispatch(session, 20);
    dispatch(session, 30);
    assertThat(drain(other)).containsExactly(20L, 30L);
    assertThat(drain(back)).containsExactly(30L);
    assertThat(restarts).hasValue(0);
  }

  @Test
  void theStreamStartsAtTheSmallestPositionWanted() throws Exception {
    Subscription far = resume("far", 40);
    Subscription near = resume("near", 20);
    HubSession session = begin(10);
    assertThat(session.start()).isEqualTo(lsn(20));
    for (long lsn = 30; lsn <= 50; lsn += 10) {
      dispatch(session, lsn);
    }
    assertThat(drain(near)).containsExactly(30L, 40L, 50L);
    assertThat(drain(far)).containsExactly(50L);
  }

  @Test
  void whereTheSlotStandsIsEarlyEnough() throws Exception {
    Subscription back = resume("back", 10);
    HubSession session = begin(10);
    dispatch(session, 20);
    assertThat(drain(back)).containsExactly(20L);
  }

  /** What a server on timeline 3, whose slot stands at 10 and whose log ends at 100, has not. */
  static List<Refused> refused() {
    return List.of(
        new Refused(Changes.at(9), "the slot keeps only what comes after 0/A"),
        new Refused(
            PostgresPosition.after(8, 3, lsn(50)),
            "the server's system identifier is 7, and the position's is 8"),
        new Refused(
            PostgresPosition.after(7, 1, lsn(31)),
            "the server is on timeline 3, which left timeline 1 at 0/1E"),
        new Refused(
            PostgresPosition.after(7, 4, lsn(50)),
            "the server is on timeline 3, which does not come from timeline 4"),
        new Refused(PostgresPosition.after(7, 3, lsn(101)), "the server's log ends at 0/64"));
  }

  private record Refused(PostgresPosition position, String reason) {}

  private StreamOrigin promoted() throws Exception {
    return new StreamOrigin(
        PostgresPosition.after(7, 3, lsn(10)),
        lsn(100),
        TimelineHistory.parse(3, "1\t0/1E\tpromoted\n\n2\t0/28\tpromoted again\n"),
        hub.revision());
  }

  private HubSession beginPromoted() throws Exception {
    return hub.begin(promoted(), (subscriber, since) -> {}).orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refusesWhatTheServerHasNotWhenTheSessionBeginsAndServesTheOthers(Refused refused)
      throws Exception {
    Subscription other = auto("other");
    Subscription back = resume("back", refused.position());
    HubSession session = beginPromoted();
    for (int i = 0; i < 2; i++) {
      assertThatExceptionOfType(PositionUnavailableException.class)
          .isThrownBy(back::take)
          .withMessage(
              "cannot resume from %s: %s; the earliest position is 7-3-0/A: bootstrap again",
              refused.position(), refused.reason())
          .satisfies(
              e -> {
                assertThat(e.requested()).isEqualTo(refused.position());
                assertThat(e.earliest()).isEqualTo(PostgresPosition.after(7, 3, lsn(10)));
              });
    }
    assertThat(hub.subscriptionCount()).isEqualTo(1);
    assertThat(session.start()).isEqualTo(lsn(10));
    dispatch(session, 20);
    assertThat(drain(other)).containsExactly(20L);
    assertThat(hub.confirmed()).as("it holds no place").isEqualTo(lsn(20));
  }

  @ParameterizedTest
  @ValueSource(strings = {"7-3-0/64", "7-2-0/28", "7-1-0/1E", "7-1-0/A"})
  void resumesFromAnEarlierTimelineUpToWhereItWasLeft(String position) throws Exception {
    PostgresPosition wanted = PostgresPosition.parse(position);
    Subscription back = resume("back", wanted);
    HubSession session = beginPromoted();
    assertThat(session.start()).isEqualTo(wanted.endLsn());
    dispatch(session, 200);
    assertThat(drain(back)).containsExactly(200L);
  }

  @Test
  void whoWasRefusedMayComeBackByItsId() throws Exception {
    resume("back", 9);
    begin(10);
    Subscription back = manual("back");
    HubSession session = begin(10);
    dispatch(session, 20);
    assertThat(drain(back)).containsExactly(20L);
  }

  @Test
  void whoWasRefusedIsNotWaitedForAfterARestartOfTheProcess() throws Exception {
    SubscriptionHub before = hub(Register.in(folder, "source", SLOT));
    before.subscribe(request("back").withResumeFrom(Changes.at(9)).build());
    before.subscribe(request("other").build());
    Changes.begin(before, Changes.at(10));
    assertThat(Register.in(folder, "source", SLOT).ids()).containsExactly("other");
  }

  @Test
  void whenNobodyCanBeServedNobodyIsHandedTo() throws Exception {
    resume("back", 9);
    HubSession session = begin(10);
    assertThat(hub.hasSubscriptions()).isFalse();
    assertThat(dispatch(session, 20)).isFalse();
    assertThat(hub.confirmed()).isEqualTo(lsn(10));
  }

  // While the stream runs

  @Test
  void behindTheStreamItStartsOverThereAndTheOthersDropWhatTheyHaveHad() throws Exception {
    Subscription other = auto("other");
    manual("holder");
    HubSession session = begin(10);
    dispatch(session, 20);
    dispatch(session, 30);
    assertThat(drain(other)).containsExactly(20L, 30L);
    Subscription back = resume("back", 20);
    assertThat(restarts).hasValue(1);
    assertThat(dispatch(session, 40)).as("the session is over").isFalse();
    HubSession next = begin(10);
    assertThat(next.start()).isEqualTo(lsn(20));
    dispatch(next, 30);
    dispatch(next, 40);
    assertThat(drain(back)).containsExactly(30L, 40L);
    assertThat(drain(other)).containsExactly(40L);
    assertThat(restarts).hasValue(1);
  }

  @Test
  void whereTheStreamIsItNeedNotStartOver() throws Exception {
    auto("other");
    HubSession session = begin(10);
    dispatch(session, 20);
    Subscription back = resume("back", 20);
    assertThat(restarts).hasValue(0);
    assertThat(dispatch(session, 30)).isTrue();
    assertThat(drain(back)).containsExactly(30L);
  }

  @Test
  void aheadOfTheStreamTheServerIsAskedWhetherItHasThat() throws Exception {
    Subscription other = auto("other");
    HubSession session = begin(10);
    dispatch(session, 20);
    Subscription back = resume("back", 40);
    assertThat(restarts).hasValue(1);
    HubSession next = begin(10);
    assertThat(next.start()).isEqualTo(lsn(20));
    for (long lsn = 30; lsn <= 50; lsn += 10) {
      dispatch(next, lsn);
    }
    assertThat(drain(other)).containsExactly(20L, 30L, 40L, 50L);
    assertThat(drain(back)).containsExactly(50L);
  }

  @Test
  void aPositionThatTheLogHasReachedOnlySinceTheSessionBeganIsServed() throws Exception {
    auto("other");
    var young = new StreamOrigin(Changes.at(10), lsn(10), TimelineHistory.none(1), hub.revision());
    HubSession session = hub.begin(young, (subscriber, since) -> {}).orElseThrow();
    dispatch(session, 20);
    dispatch(session, 30);
    Subscription back = resume("back", 20);
    HubSession next = begin(10);
    dispatch(next, 30);
    assertThat(drain(back)).containsExactly(30L);
  }

  @Test
  void aPositionBeyondTheLogIsRefusedWhenTheServerWasAsked() throws Exception {
    auto("other");
    begin(10);
    Subscription back = resume("back", 101);
    beginPromotedFromOne();
    assertThatExceptionOfType(PositionUnavailableException.class)
        .isThrownBy(back::take)
        .withMessageContaining("the server's log ends at 0/64");
    assertThat(hub.subscriptionCount()).isEqualTo(1);
  }

  /** The same server, whose log ends at 100. */
  private void beginPromotedFromOne() throws Exception {
    var origin =
        new StreamOrigin(Changes.at(10), lsn(100), TimelineHistory.none(1), hub.revision());
    assertThat(hub.begin(origin, (subscriber, since) -> {})).isPresent();
  }

  private void refuseAtOnce(SourcePosition position, String reason) {
    assertThatExceptionOfType(PositionUnavailableException.class)
        .isThrownBy(() -> resume("back", position))
        .withMessage(
            "cannot resume from %s: %s; the earliest position is 7-3-0/14: bootstrap again",
            position, reason)
        .satisfies(
            e -> {
              assertThat(e.requested()).isEqualTo(position);
              assertThat(e.earliest()).isEqualTo(PostgresPosition.after(7, 3, lsn(20)));
            });
  }

  @Test
  void whatIsGoneForGoodIsRefusedAtOnceAndDisturbsNobody() throws Exception {
    Subscription other = auto("other");
    HubSession session = beginPromoted();
    dispatch(session, 20);
    drain(other);
    refuseAtOnce(
        PostgresPosition.after(7, 3, lsn(19)), "the slot keeps only what comes after 0/14");
    refuseAtOnce(
        PostgresPosition.after(8, 3, lsn(20)),
        "the server's system identifier is 7, and the position's is 8");
    refuseAtOnce(
        PostgresPosition.after(7, 1, lsn(31)),
        "the server is on timeline 3, which left timeline 1 at 0/1E");
    refuseAtOnce(
        PostgresPosition.after(7, 2, lsn(19)), "the slot keeps only what comes after 0/14");
    assertThat(hub.subscriptionCount()).isEqualTo(1);
    assertThat(restarts).hasValue(0);
    assertThat(dispatch(session, 30)).isTrue();
    assertThat(drain(other)).containsExactly(30L);
  }

  @Test
  void refusesWhatIsNoPositionOfAWholeTransaction() throws Exception {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> resume("back", new PostgresPosition(7, 1, lsn(20), 3)))
        .withMessage("not the position of a whole transaction in PostgreSQL: 7-1-0/14-3");
    begin(10);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> resume("back", new PostgresPosition(7, 1, lsn(20), 0)));
    assertThat(hub.hasSubscriptions()).isFalse();
  }

  @Test
  void nothingIsConfirmedBeyondThePositionWhileTheServerIsAsked() throws Exception {
    Subscription other = auto("other");
    HubSession session = begin(10);
    dispatch(session, 20);
    dispatch(session, 30);
    resume("back", 20);
    drain(other);
    assertThat(hub.confirmed()).isEqualTo(lsn(20));
  }

  @Test
  void whoComesBetweenTheLookAtTheServerAndTheBeginIsLookedAtToo() throws Exception {
    auto("other");
    StreamOrigin origin = Changes.origin(hub, Changes.at(10));
    Subscription back = resume("back", 9);
    assertThat(hub.begin(origin, (subscriber, since) -> {})).isEmpty();
    assertThat(hub.position()).as("nothing has begun").isEmpty();
    assertThat(begin(10).start()).isEqualTo(lsn(10));
    assertThatExceptionOfType(PositionUnavailableException.class).isThrownBy(back::take);
  }

  @Test
  void whoSaysNoPositionDoesNotDisturbASessionThatBegins() throws Exception {
    StreamOrigin origin = Changes.origin(hub, Changes.at(10));
    auto("other");
    hub.subscribe(request("fresh").withBootstrap(true).build());
    assertThat(hub.begin(origin, (subscriber, since) -> {})).isPresent();
  }

  @Test
  void whoLeavesBeforeTheServerIsAskedIsNotAnswered() throws Exception {
    auto("other");
    begin(10);
    Subscription back =
        hub.subscribe(SubscriptionRequest.builder("back").withResumeFrom(Changes.at(50)).build());
    back.close();
    assertThat(begin(10).start()).isEqualTo(lsn(10));
    assertThat(hub.subscriptionCount()).isEqualTo(1);
  }

  @Test
  void whatWasStoredCountsMoreThanThePlaceThatIsHeld() throws Exception {
    Subscription other = auto("other");
    Subscription left = manual("back");
    HubSession session = begin(10);
    dispatch(session, 20);
    dispatch(session, 30);
    drain(other);
    left.take();
    left.close();
    assertThat(hub.confirmed()).isEqualTo(lsn(10));
    Subscription back = resume("back", 20);
    HubSession next = begin(10);
    assertThat(next.start()).isEqualTo(lsn(20));
    assertThat(hub.confirmed()).as("it has stored that much").isEqualTo(lsn(10));
    dispatch(next, 30);
    assertThat(drain(back)).containsExactly(30L);
    assertThat(hub.confirmed()).isEqualTo(lsn(20));
  }

  @Test
  void whoResumesIsNotBootstrappedAgain() throws Exception {
    HubSubscription back =
        hub.subscribe(request("back").withBootstrap(true).withResumeFrom(Changes.at(20)).build());
    assertThat(back.isBootstrapWanted()).isFalse();
    HubSession session = begin(10);
    dispatch(session, 30);
    assertThat(drain(back)).containsExactly(30L);
  }

  // When the stream has to start elsewhere

  @Test
  void forWhoComesWithoutAPositionItGoesOn() throws Exception {
    auto("first");
    HubSession session = begin(10);
    dispatch(session, 20);
    auto("late");
    hub.subscribe(request("fresh").withBootstrap(true).build());
    assertThat(restarts).hasValue(0);
    assertThat(dispatch(session, 30)).isTrue();
  }

  @Test
  void forWhoReturnsToItsPlaceItStartsOverOnlyIfThatLiesBehind() throws Exception {
    auto("other");
    Subscription left = manual("back");
    HubSession session = begin(10);
    left.close();
    manual("back");
    assertThat(restarts).as("it has missed nothing").hasValue(0);
    dispatch(session, 20);
    hub.subscribe(request("gone").build()).close();
    manual("gone");
    assertThat(restarts).as("it left where the stream still is").hasValue(0);
    hub.subscribe(request("behind").build()).close();
    dispatch(session, 30);
    manual("behind");
    assertThat(restarts).hasValue(1);
  }

  @Test
  void itEndsWhenTheLastSubscriberHasLeftAndNotBefore() throws Exception {
    Subscription first = auto("first");
    Subscription second = manual("second");
    begin(10);
    first.close();
    first.close();
    assertThat(restarts).hasValue(0);
    second.close();
    assertThat(restarts).hasValue(1);
    second.close();
    assertThat(restarts).hasValue(1);
  }

  // A place that was left

  @Test
  void aReturnThatIsRefusedLeavesThePlaceWhereItWas() throws Exception {
    Subscription away = manual("away");
    Subscription other = auto("other");
    HubSession session = begin(10);
    dispatch(session, 20);
    away.close();
    Subscription wrong = resume("away", 5_000_000);
    assertThat(Changes.origin(hub, Changes.at(10)).flushed()).isLessThan(lsn(5_000_000));
    session = begin(10);
    assertThatExceptionOfType(PositionUnavailableException.class).isThrownBy(() -> drain(wrong));
    dispatch(session, 20);
    assertThat(drain(other)).containsExactly(20L);
    assertThat(drain(other)).isEmpty();
    assertThat(hub.confirmed()).as("it waits").isEqualTo(lsn(10));
    Subscription back = manual("away");
    session = begin(10);
    dispatch(session, 20);
    assertThat(drain(back)).containsExactly(20L);
  }

  @Test
  void aReturnThatIsRefusedStaysRegistered() throws Exception {
    Register before = Register.in(folder, "source", SLOT);
    before.add("away");
    var restarted =
        new SubscriptionHub(
            Changes.settings(DispatchMode.CHANNEL, 10),
            Register.in(folder, "source", SLOT),
            Clock.systemUTC(),
            Changes.NO_LISTENER);
    Subscription wrong =
        restarted.subscribe(
            request("away").withResumeFrom(PostgresPosition.after(99, 1, lsn(10))).build());
    Subscription other = restarted.subscribe(SubscriptionRequest.of("other"));
    HubSession session = Changes.begin(restarted, Changes.at(10));
    assertThatExceptionOfType(PositionUnavailableException.class).isThrownBy(() -> drain(wrong));
    dispatch(session, 20);
    assertThat(drain(other)).containsExactly(20L);
    assertThat(drain(other)).isEmpty();
    assertThat(Register.in(folder, "source", SLOT).ids()).containsExactly("away");
    assertThat(restarted.confirmed()).isEqualTo(lsn(10));
  }

  private void leaveSlowAt20AndQuickAt40() throws Exception {
    Subscription slow = manual("slow");
    Subscription quick = manual("quick");
    HubSession session = begin(10);
    dispatch(session, 20);
    dispatch(session, 40);
    drain(slow);
    drain(quick);
    slow.acknowledge(Changes.at(20));
    quick.acknowledge(Changes.at(40));
    quick.close();
    slow.close();
  }

  /** A standby that lacks what comes after 30, and has taken over. */
  private StreamOrigin promotedAt30() throws Exception {
    return new StreamOrigin(
        PostgresPosition.after(Changes.SYSTEM, 2, lsn(20)),
        lsn(1_000),
        TimelineHistory.parse(2, "1\t0/1E\tpromoted\n"),
        hub.revision());
  }

  @Test
  void aPlaceThatThePromotedServerLacksIsRefusedAndTheOthersGoOn() throws Exception {
    leaveSlowAt20AndQuickAt40();
    Subscription back = manual("slow");
    assertThat(hub.begin(promotedAt30(), (subscriber, since) -> {})).isPresent();
    assertThatExceptionOfType(PositionUnavailableException.class).isThrownBy(() -> manual("quick"));
    assertThat(drain(back)).isEmpty();
  }

  @Test
  void aPlaceThatThePromotedServerLacksIsRefusedToWhoComesBeforeItsFirstSession() throws Exception {
    leaveSlowAt20AndQuickAt40();
    Subscription back = manual("quick");
    assertThat(hub.begin(promotedAt30(), (subscriber, since) -> {})).isPresent();
    assertThatExceptionOfType(PositionUnavailableException.class).isThrownBy(() -> drain(back));
  }
}
