package io.drasi.source.postgres.internal.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.drasi.api.bootstrap.BootstrapException;
import io.drasi.api.bootstrap.BootstrapResult;
import io.drasi.api.bootstrap.BootstrapSink;
import io.drasi.api.change.Element;
import io.drasi.api.change.ElementMetadata;
import io.drasi.api.change.ElementPropertyMap;
import io.drasi.api.change.ElementReference;
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
import io.drasi.postgres.decoder.position.TimelineHistory;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.source.postgres.internal.delivery.DeliverySettings;
import io.drasi.source.postgres.internal.delivery.HubSession;
import io.drasi.source.postgres.internal.delivery.HubSubscription;
import io.drasi.source.postgres.internal.delivery.StreamOrigin;
import io.drasi.source.postgres.internal.delivery.SubscriptionHub;
import io.drasi.source.postgres.internal.spill.SpillSpace;
import io.drasi.source.postgres.internal.transaction.DecodedTransaction;
import io.drasi.source.postgres.testing.Incoming;
import io.drasi.source.postgres.testing.Log;
import io.drasi.source.postgres.testing.PgOutput;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(30)
class BootstrapsTest {
  private static final Duration LONG = Duration.ofSeconds(10);
  private static final int CAPACITY = 100;

  @TempDir static Path folder;

  private final ScriptedProvider provider = new ScriptedProvider();
  private final SubscriptionHub hub =
      new SubscriptionHub(
          new DeliverySettings(
              "source",
              DispatchMode.CHANNEL,
              CAPACITY,
              Long.MAX_VALUE,
              Duration.ZERO,
              Duration.ofMillis(10),
              new SpillSpace("source", folder, 1 << 20)),
          Clock.systemUTC(),
          new SubscriptionHub.Listener() {
            @Override
            public void confirmedAdvanced() {}

            @Override
            public void restartWanted() {}
          });
  private final Bootstraps bootstraps = new Bootstraps("source", hub, provider);

  @AfterEach
  void end() throws Exception {
    bootstraps.stop();
    hub.close("the test is over");
    provider.end();
    for (Thread thread : threads()) {
      thread.join();
    }
  }

  private static List<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("source-bootstrap-"))
        .toList();
  }

  /** Returns when the run with this number waits for something. */
  private static void awaitWaiting(int number) {
    String name = "source-bootstrap-" + number;
    while (threads().stream()
        .noneMatch(
            thread -> thread.getName().equals(name) && thread.getState() == Thread.State.WAITING)) {
      Thread.onSpinWait();
    }
  }

  private HubSubscription subscribe(String id) {
    HubSubscription subscription =
        hub.subscribe(SubscriptionRequest.builder(id).withBootstrap(true).build());
    bootstraps.add(subscription);
    return subscription;
  }

  private HubSession beginStream() throws InterruptedException {
    var origin = new StreamOrigin(at(10), new Lsn(1_000), TimelineHistory.none(1), hub.revision());
    return hub.begin(origin, (subscriber, since) -> {}).orElseThrow();
  }

  private static PostgresPosition at(long lsn) {
    return PostgresPosition.after(7, 1, new Lsn(lsn));
  }

  private static DecodedTransaction transaction(long lsn) {
    return new Incoming().transaction(lsn, PgOutput.relation(), PgOutput.insert(lsn, "Alice"));
  }

  private static List<SourceChange.Insert> user(long id) {
    return List.of(
        new SourceChange.Insert(
            new Element.Node(
                ElementMetadata.of(
                    new ElementReference("source", "users:" + id), List.of("users"), Instant.EPOCH),
                ElementPropertyMap.empty())));
  }

  private static SourceEvent next(Subscription subscription) throws InterruptedException {
    return subscription.poll(LONG).orElseThrow();
  }

  private static void expectStart(Subscription subscription) throws InterruptedException {
    assertThat(next(subscription)).isInstanceOf(SourceEvent.BootstrapStarted.class);
  }

  private static void expectUser(Subscription subscription, long id) throws InterruptedException {
    assertThat(next(subscription))
        .isInstanceOfSatisfying(
            SourceEvent.BootstrapBatch.class,
            batch -> assertThat(batch.changes()).isEqualTo(user(id)));
  }

  private static void expectEnd(Subscription subscription, long position)
      throws InterruptedException {
    assertThat(next(subscription))
        .isInstanceOfSatisfying(
            SourceEvent.BootstrapCompleted.class,
            completed -> assertThat(completed.position()).isEqualTo(at(position)));
  }

  // When it runs

  @Test
  void bootstrapsASubscriberOnAThreadOfItsOwn() throws Exception {
    beginStream();
    bootstraps.start();
    HubSubscription fresh =
        hub.subscribe(
            SubscriptionRequest.builder("fresh")
                .withBootstrap(true)
                .withNodeLabels(Set.of("users"))
                .withRelationLabels(Set.of("knows"))
                .build());
    bootstraps.add(fresh);
    ScriptedProvider.Run run = provider.awaitRun();
    assertThat(run.request().sourceId()).isEqualTo("source");
    assertThat(run.request().subscriberId()).isEqualTo("fresh");
    assertThat(run.request().nodeLabels()).containsExactly("users");
    assertThat(run.request().relationLabels()).containsExactly("knows");
    assertThat(run.thread().getName()).isEqualTo("source-bootstrap-1");
    assertThat(run.thread().isDaemon()).isTrue();
  }

  @Test
  void takesTheElementsToTheSubscriberAndTheStreamBehindThem() throws Exception {
    HubSession session = beginStream();
    bootstraps.start();
    Subscription fresh = subscribe("fresh");
    ScriptedProvider.Run run = provider.awaitRun();
    DecodedTransaction during = transaction(20);
    session.dispatch(during);
    assertThat(run.take(sink -> accept(sink, 1))).isEqualTo("done");
    run.complete(BootstrapResult.of(1, null));
    expectStart(fresh);
    expectUser(fresh, 1);
    expectEnd(fresh, 10);
    assertThat(next(fresh)).isEqualTo(during.committed());
  }

  private static @Nullable BootstrapResult accept(BootstrapSink sink, long id)
      throws InterruptedException {
    sink.accept(user(id));
    return null;
  }

  @Test
  void waitsUntilTheSlotKeepsWhatComes() throws Exception {
    bootstraps.start();
    Subscription fresh = subscribe("fresh");
    awaitWaiting(1);
    assertThat(provider.hasBegun()).isFalse();
    assertThat(bootstraps.waitingFor()).contains("the stream, for the bootstrap of fresh");
    beginStream();
    provider.awaitRun().complete(BootstrapResult.of(0, null));
    expectStart(fresh);
    expectEnd(fresh, 10);
    assertThat(bootstraps.waitingFor()).isEmpty();
  }

  @Test
  void waitsUntilTheSourceIsStarted() throws Exception {
    beginStream();
    subscribe("fresh");
    assertThat(threads()).isEmpty();
    assertThat(bootstraps.waitingFor()).isEmpty();
    bootstraps.start();
    assertThat(provider.awaitRun().request().subscriberId()).isEqualTo("fresh");
  }

  @Test
  void bootstrapsSeveralAtOnceAndTellsWhatTheFirstThatWaitsWaitsFor() throws Exception {
    beginStream();
    bootstraps.start();
    Subscription a = subscribe("a");
    ScriptedProvider.Run runOfA = provider.awaitRun();
    Subscription b = subscribe("b");
    ScriptedProvider.Run runOfB = provider.awaitRun();
    assertThat(runOfB.thread()).isNotEqualTo(runOfA.thread());
    runOfB.take(sink -> waitFor(sink, "a slot"));
    assertThat(bootstraps.waitingFor()).contains("a slot, for the bootstrap of b");
    runOfA.take(sink -> waitFor(sink, "a lock"));
    assertThat(bootstraps.waitingFor()).contains("a lock, for the bootstrap of a");
    runOfA.take(sink -> accept(sink, 1));
    assertThat(bootstraps.waitingFor()).contains("a slot, for the bootstrap of b");
    runOfB.take(
        sink -> {
          sink.progress(0, OptionalLong.empty());
          return null;
        });
    assertThat(bootstraps.waitingFor()).isEmpty();
    runOfB.complete(BootstrapResult.of(0, at(20)));
    runOfA.complete(BootstrapResult.of(1, at(30)));
    expectStart(a);
    assertThat(next(a)).isInstanceOf(SourceEvent.BootstrapProgress.class);
    expectUser(a, 1);
    expectEnd(a, 30);
    expectStart(b);
    assertThat(next(b)).isInstanceOf(SourceEvent.BootstrapProgress.class);
    expectEnd(b, 20);
  }

  private static @Nullable BootstrapResult waitFor(BootstrapSink sink, String what) {
    sink.waitingFor(what);
    return null;
  }

  @Test
  void whoDoesNotTakeItsElementsIsNamed() throws Exception {
    beginStream();
    bootstraps.start();
    Subscription stuck = subscribe("stuck");
    ScriptedProvider.Run run = provider.awaitRun();
    try (var log = new Log()) {
      run.take(sink -> accept(sink, CAPACITY, 1));
      var accepted = run.begin(sink -> accept(sink, 1, 2));
      while (bootstraps.waitingFor().isEmpty()) {
        Thread.sleep(1);
      }
      assertThat(bootstraps.waitingFor())
          .contains("the subscriber stuck, for the bootstrap of stuck");
      expectStart(stuck);
      assertThat(next(stuck)).isInstanceOf(SourceEvent.BootstrapBatch.class);
      assertThat(accepted.get()).isEqualTo("done");
      assertThat(bootstraps.waitingFor()).isEmpty();
      assertThat(log.lines("WARN"))
          .singleElement()
          .asString()
          .contains("source: the subscriber stuck has not taken its bootstrap for 0 s now");
    }
  }

  private static @Nullable BootstrapResult accept(BootstrapSink sink, int times, long id)
      throws InterruptedException {
    for (int i = 0; i < times; i++) {
      sink.accept(user(id));
    }
    return null;
  }

  // When the stream is lost

  private void lose() throws InterruptedException {
    bootstraps.repeat(hub.lose("the slot is gone"), "the slot is gone");
  }

  private static void expectLoss(Subscription subscription) throws InterruptedException {
    assertThat(next(subscription))
        .isInstanceOfSatisfying(
            SourceEvent.Resynchronizing.class,
            lost -> assertThat(lost.reason()).isEqualTo("the slot is gone"));
  }

  @Test
  void aBootstrapThatGoesOnIsRepeatedWithoutWhatItHasLoaded() throws Exception {
    beginStream();
    bootstraps.start();
    Subscription fresh = subscribe("fresh");
    ScriptedProvider.Run broken = provider.awaitRun();
    broken.take(sink -> accept(sink, 1, 1));
    lose();
    broken.thread().join();
    HubSession session = beginStream();
    ScriptedProvider.Run run = provider.awaitRun();
    session.dispatch(transaction(30));
    run.take(sink -> accept(sink, 1, 2));
    run.take(sink -> BootstrapResult.of(1, at(20)));
    expectLoss(fresh);
    expectStart(fresh);
    expectUser(fresh, 2);
    expectEnd(fresh, 20);
    assertThat(next(fresh))
        .isInstanceOfSatisfying(
            SourceEvent.Transaction.class,
            transaction -> assertThat(transaction.position()).isEqualTo(at(30)));
  }

  @Test
  void whatWasBootstrappedIsLoadedAgainAndWhatWaitedIsDropped() throws Exception {
    HubSession before = beginStream();
    bootstraps.start();
    Subscription fresh = subscribe("fresh");
    provider.awaitRun().take(sink -> BootstrapResult.of(0, at(15)));
    before.dispatch(transaction(18));
    lose();
    assertThat(before.dispatch(transaction(19))).as("nobody reads the old stream").isFalse();
    beginStream().dispatch(transaction(40));
    provider.awaitRun().take(sink -> BootstrapResult.of(0, at(35)));
    expectLoss(fresh);
    expectStart(fresh);
    expectEnd(fresh, 35);
    assertThat(next(fresh))
        .isInstanceOfSatisfying(
            SourceEvent.Transaction.class,
            transaction -> assertThat(transaction.position()).isEqualTo(at(40)));
  }

  private static SubscriptionRequest manual(String id, boolean bootstrap) {
    return SubscriptionRequest.builder(id)
        .withAcknowledgement(Acknowledgement.MANUAL)
        .withBootstrap(bootstrap)
        .build();
  }

  /** A manual subscriber, bootstrapped as of 15. */
  private HubSubscription bootstrappedOfALostStream() throws Exception {
    beginStream();
    bootstraps.start();
    HubSubscription fresh = hub.subscribe(manual("fresh", true));
    bootstraps.add(fresh);
    provider.awaitRun().take(sink -> BootstrapResult.of(0, at(15)));
    expectStart(fresh);
    expectEnd(fresh, 15);
    lose();
    return fresh;
  }

  @Test
  void whoClosesBeforeItIsBootstrappedAgainIsStillBehind() throws Exception {
    HubSubscription fresh = bootstrappedOfALostStream();
    beginStream();
    provider.awaitRun();
    fresh.close();
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(() -> hub.subscribe(manual("fresh", false)))
        .withMessageContaining("the replication slot was lost");
  }

  @Test
  void whatWasTakenOfALostStreamMayStillBeAcknowledged() throws Exception {
    HubSubscription fresh = bootstrappedOfALostStream();
    fresh.acknowledge(at(15));
    assertThatIllegalArgumentException().isThrownBy(() -> fresh.acknowledge(at(16)));
  }

  @Test
  void aBootstrapThatIsToBeRepeatedIsSoAfterAStop() throws Exception {
    beginStream();
    bootstraps.start();
    Subscription fresh = subscribe("fresh");
    provider.awaitRun();
    lose();
    bootstraps.stop();
    bootstraps.awaitStopped(LONG);
    beginStream();
    bootstraps.start();
    provider.awaitRun().take(sink -> BootstrapResult.of(0, at(20)));
    expectLoss(fresh);
    expectStart(fresh);
    expectEnd(fresh, 20);
  }

  // Ending it

  @Test
  void closingTheSubscriptionEndsItsBootstrap() throws Exception {
    beginStream();
    bootstraps.start();
    Subscription fresh = subscribe("fresh");
    ScriptedProvider.Run run = provider.awaitRun();
    fresh.close();
    run.thread().join();
    bootstraps.stop();
    bootstraps.start();
    assertThat(threads()).as("it is not done again").isEmpty();
  }

  @Test
  void closingTheSubscriptionEndsTheWaitForTheStream() throws Exception {
    bootstraps.start();
    Subscription fresh = subscribe("fresh");
    awaitWaiting(1);
    fresh.close();
    for (Thread thread : threads()) {
      thread.join();
    }
    beginStream();
    assertThat(provider.hasBegun()).isFalse();
  }

  @Test
  void aSubscriptionThatHasEndedAlreadyIsNotBootstrapped() throws Exception {
    HubSubscription fresh =
        hub.subscribe(SubscriptionRequest.builder("fresh").withBootstrap(true).build());
    fresh.close();
    bootstraps.add(fresh);
    beginStream();
    bootstraps.start();
    assertThat(threads()).isEmpty();
  }

  @Test
  void stoppingEndsItAndStartingBeginsItAnew() throws Exception {
    HubSession session = beginStream();
    bootstraps.start();
    Subscription fresh = subscribe("fresh");
    ScriptedProvider.Run first = provider.awaitRun();
    first.take(sink -> accept(sink, 1));
    expectStart(fresh);
    DecodedTransaction during = transaction(20);
    session.dispatch(during);
    bootstraps.stop();
    bootstraps.awaitStopped(LONG);
    assertThat(first.thread().isAlive()).isFalse();
    bootstraps.start();
    ScriptedProvider.Run second = provider.awaitRun();
    second.take(sink -> accept(sink, 2));
    second.complete(BootstrapResult.of(1, at(15)));
    expectStart(fresh);
    expectUser(fresh, 2);
    expectEnd(fresh, 15);
    assertThat(next(fresh)).isEqualTo(during.committed());
  }

  @Test
  void stoppingEndsTheWaitForTheStreamToo() throws Exception {
    bootstraps.start();
    Subscription fresh = subscribe("fresh");
    awaitWaiting(1);
    bootstraps.stop();
    bootstraps.awaitStopped(LONG);
    assertThat(threads()).isEmpty();
    bootstraps.start();
    beginStream();
    provider.awaitRun().complete(BootstrapResult.of(0, null));
    expectStart(fresh);
    expectEnd(fresh, 10);
  }

  @Test
  void whatIsCompleteIsNotDoneAgain() throws Exception {
    beginStream();
    bootstraps.start();
    Subscription fresh = subscribe("fresh");
    ScriptedProvider.Run run = provider.awaitRun();
    run.complete(BootstrapResult.of(0, null));
    run.thread().join();
    bootstraps.stop();
    bootstraps.start();
    assertThat(threads()).isEmpty();
    expectStart(fresh);
    expectEnd(fresh, 10);
    assertThat(fresh.poll(Duration.ZERO)).isEmpty();
  }

  @Test
  void whatIsAboutToBeCompleteWhenTheSourceStopsIsNotDoneAgain() throws Exception {
    beginStream();
    bootstraps.start();
    Subscription fresh = subscribe("fresh");
    ScriptedProvider.Run run = provider.awaitRun();
    var asked = new CountDownLatch(1);
    var answer = new CountDownLatch(1);
    run.complete(slowly(BootstrapResult.of(0, at(20)), asked, answer));
    asked.await();
    bootstraps.stop();
    bootstraps.start();
    answer.countDown();
    run.thread().join();
    for (Thread thread : threads()) {
      awaitRunOrEnd(thread);
    }
    assertThat(provider.hasBegun()).isFalse();
    expectStart(fresh);
    expectEnd(fresh, 20);
  }

  /** A result that takes its time to tell its position, interrupted or not. */
  private static BootstrapResult slowly(
      BootstrapResult result, CountDownLatch asked, CountDownLatch answer) {
    return new BootstrapResult() {
      @Override
      public long count() {
        return result.count();
      }

      @Override
      public Optional<SourcePosition> position() {
        asked.countDown();
        boolean interrupted = false;
        while (answer.getCount() > 0) {
          try {
            answer.await();
          } catch (InterruptedException e) {
            interrupted = true;
          }
        }
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
        return result.position();
      }
    };
  }

  private void awaitRunOrEnd(Thread thread) {
    while (thread.isAlive() && !provider.hasBegun()) {
      Thread.onSpinWait();
    }
  }

  // Failing

  static Stream<Throwable> failures() {
    return Stream.of(
        new BootstrapException("no such table", new IllegalStateException("cause")),
        new IllegalStateException("a defect"),
        new NoClassDefFoundError("com/example/Driver"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void aFailureReachesTheSubscriberAndTheSourceGoesOn(Throwable failure) throws Exception {
    HubSession session = beginStream();
    bootstraps.start();
    Subscription other = hub.subscribe(SubscriptionRequest.of("other"));
    Subscription fresh = subscribe("fresh");
    provider.awaitRun().fail(failure);
    expectStart(fresh);
    String message =
        failure instanceof BootstrapException
            ? "no such table"
            : "the bootstrap of fresh failed: " + failure;
    assertThatExceptionOfType(BootstrapException.class)
        .isThrownBy(() -> fresh.poll(LONG))
        .withMessage(message)
        .satisfies(e -> assertThat(e).hasStackTraceContaining(failure.toString()));
    DecodedTransaction later = transaction(20);
    session.dispatch(later);
    assertThat(next(other)).isEqualTo(later.committed());
    bootstraps.stop();
    bootstraps.awaitStopped(LONG);
    bootstraps.start();
    assertThat(threads()).as("it is not done again").isEmpty();
    Subscription again = subscribe("fresh");
    provider.awaitRun().complete(BootstrapResult.of(0, at(30)));
    expectStart(again);
    expectEnd(again, 30);
  }

  @Test
  void aResultThatDoesNotFitTheStreamIsAFailure() throws Exception {
    beginStream();
    bootstraps.start();
    Subscription fresh = subscribe("fresh");
    provider.awaitRun().complete(BootstrapResult.of(0, at(9)));
    expectStart(fresh);
    assertThatExceptionOfType(BootstrapException.class)
        .isThrownBy(() -> fresh.poll(LONG))
        .withMessageContaining("7-1-0/9");
  }

  @Test
  void whatFailsForBeingCancelledIsNoFailure() throws Exception {
    beginStream();
    provider.ignoreInterrupts();
    bootstraps.start();
    Subscription fresh = subscribe("fresh");
    ScriptedProvider.Run run = provider.awaitRun();
    expectStart(fresh);
    bootstraps.stop();
    run.fail(new BootstrapException("the connection was closed", null));
    run.thread().join();
    assertThat(fresh.poll(Duration.ZERO)).isEmpty();
    bootstraps.start();
    provider.awaitRun().complete(BootstrapResult.of(0, null));
    expectStart(fresh);
    expectEnd(fresh, 10);
  }

  // Providers that do not listen

  @Test
  void onceStoppedAProviderThatIgnoresInterruptsHandsNothingOver() throws Exception {
    beginStream();
    provider.ignoreInterrupts();
    bootstraps.start();
    Subscription fresh = subscribe("fresh");
    ScriptedProvider.Run run = provider.awaitRun();
    expectStart(fresh);
    bootstraps.stop();
    bootstraps.awaitStopped(Duration.ZERO);
    assertThat(run.thread().isAlive()).isTrue();
    assertThat(run.take(sink -> accept(sink, 1))).isEqualTo("cancelled");
    run.take(sink -> waitFor(sink, "nothing"));
    run.take(
        sink -> {
          sink.progress(1, OptionalLong.empty());
          return null;
        });
    assertThat(bootstraps.waitingFor()).isEmpty();
    assertThat(fresh.poll(Duration.ZERO)).isEmpty();
    run.complete(BootstrapResult.of(1, null));
    run.thread().join();
    assertThat(fresh.poll(Duration.ZERO)).isEmpty();
  }

  @Test
  void aNewAttemptBeginsWhenTheOneBeforeHasEnded() throws Exception {
    beginStream();
    provider.ignoreInterrupts();
    bootstraps.start();
    Subscription fresh = subscribe("fresh");
    ScriptedProvider.Run first = provider.awaitRun();
    expectStart(fresh);
    bootstraps.stop();
    bootstraps.start();
    awaitWaiting(2);
    assertThat(provider.hasBegun()).isFalse();
    first.complete(BootstrapResult.of(1, at(20)));
    ScriptedProvider.Run second = provider.awaitRun();
    second.complete(BootstrapResult.of(0, at(30)));
    expectStart(fresh);
    expectEnd(fresh, 30);
  }

  @Test
  void whatAProviderDoesAfterTheSubscriptionWasClosedIsIgnored() throws Exception {
    beginStream();
    provider.ignoreInterrupts();
    bootstraps.start();
    Subscription fresh = subscribe("fresh");
    ScriptedProvider.Run run = provider.awaitRun();
    fresh.close();
    assertThat(run.take(sink -> accept(sink, 1))).isEqualTo("cancelled");
    run.complete(BootstrapResult.of(1, null));
    run.thread().join();
    assertThatExceptionOfType(SubscriptionEndedException.class)
        .isThrownBy(() -> fresh.poll(Duration.ZERO))
        .withMessage("the subscription was closed");
    assertThat(hub.hasSubscriptions()).isFalse();
  }
}
