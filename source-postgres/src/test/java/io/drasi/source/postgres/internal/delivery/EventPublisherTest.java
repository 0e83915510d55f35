package io.drasi.source.postgres.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.drasi.api.source.Acknowledgement;
import io.drasi.api.source.DispatchMode;
import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.SourceException;
import io.drasi.api.source.Subscription;
import io.drasi.api.source.SubscriptionEndedException;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.source.postgres.testing.Log;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the TCK leaves open. */
@Timeout(20)
class EventPublisherTest {
  private final ExecutorService executor =
      Executors.newFixedThreadPool(2, task -> new Thread(task, "subscriber"));
  private final SubscriptionHub hub =
      new SubscriptionHub(
          Changes.settings(DispatchMode.CHANNEL, 3), Clock.systemUTC(), Changes.NO_LISTENER);
  private final Subscription subscription = manual("pushed");
  private final Recorder recorder = new Recorder();
  private HubSession session;

  @BeforeEach
  void begin() throws Exception {
    session = Changes.begin(hub, Changes.at(10));
  }

  @AfterEach
  void stop() {
    executor.shutdownNow();
  }

  private Subscription manual(String id) {
    return hub.subscribe(
        SubscriptionRequest.builder(id).withAcknowledgement(Acknowledgement.MANUAL).build());
  }

  private void dispatch(long lsn) throws Exception {
    assertThat(session.dispatch(Changes.received(Changes.transaction(lsn)))).isTrue();
  }

  /** Waits until so many are left; the test has a time limit. */
  private void awaitSubscriptions(int left) throws InterruptedException {
    while (hub.subscriptionCount() > left) {
      TimeUnit.MILLISECONDS.sleep(1);
    }
  }

  /** Keeps what it is told, and on which threads. */
  private static class Recorder implements Flow.Subscriber<SourceEvent> {
    final BlockingQueue<Object> told = new LinkedBlockingQueue<>();
    final BlockingQueue<String> threads = new LinkedBlockingQueue<>();
    volatile Flow.@Nullable Subscription flow;

    private void tell(Object what) {
      threads.add(Thread.currentThread().getName());
      told.add(what);
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      flow = subscription;
      tell("subscribed");
    }

    @Override
    public void onNext(SourceEvent event) {
      tell(event);
    }

    @Override
    public void onError(Throwable failure) {
      tell(failure);
    }

    @Override
    public void onComplete() {
      tell("complete");
    }

    void request(long n) {
      Objects.requireNonNull(flow).request(n);
    }

    void cancel() {
      Objects.requireNonNull(flow).cancel();
    }

    Object next() throws InterruptedException {
      Object what = told.poll(10, TimeUnit.SECONDS);
      assertThat(what).as("what the subscriber was told").isNotNull();
      return what;
    }

    void awaitTransaction(long lsn) throws InterruptedException {
      assertThat(next())
          .isInstanceOfSatisfying(
              SourceEvent.Transaction.class,
              transaction -> assertThat(transaction.position()).isEqualTo(Changes.at(lsn)));
    }
  }

  private void subscribe(Executor calling) throws Exception {
    subscription.publisher(calling).subscribe(recorder);
    assertThat(recorder.next()).isEqualTo("subscribed");
  }

  @Test
  void pushesWhatWasRequestedAndNoMore() throws Exception {
    subscribe(executor);
    dispatch(11);
    dispatch(12);
    dispatch(13);
    recorder.request(2);
    recorder.awaitTransaction(11);
    recorder.awaitTransaction(12);
    executor.submit(() -> {}).get();
    assertThat(recorder.told).isEmpty();
    recorder.request(1);
    recorder.awaitTransaction(13);
    recorder.request(1);
    dispatch(14);
    recorder.awaitTransaction(14);
    assertThat(recorder.threads).containsOnly("subscriber");
  }

  @Test
  void whatWasNotAcknowledgedIsNotConfirmed() throws Exception {
    subscribe(executor);
    recorder.request(10);
    dispatch(11);
    dispatch(12);
    recorder.awaitTransaction(11);
    recorder.awaitTransaction(12);
    assertThat(hub.confirmed()).isEqualTo(Changes.at(10).endLsn());
    subscription.acknowledge(Changes.at(11));
    assertThat(hub.confirmed()).isEqualTo(Changes.at(11).endLsn());
  }

  @Test
  void anExecutorThatRunsTasksAtOnceRunsThemNotOnTheThreadOfTheStream() throws Exception {
    subscribe(Runnable::run);
    recorder.threads.clear();
    recorder.request(10);
    dispatch(11);
    recorder.awaitTransaction(11);
    assertThat(recorder.threads).containsExactly("source-publisher-pushed");
  }

  @Test
  void cancellingClosesTheSubscriptionWhichKeepsItsPlace() throws Exception {
    Subscription other = manual("other");
    subscribe(executor);
    recorder.request(10);
    dispatch(11);
    recorder.awaitTransaction(11);
    recorder.cancel();
    assertThat(hub.subscriptionCount()).isOne();
    dispatch(12);
    assertThat(other.poll(Duration.ZERO)).isPresent();
    assertThat(other.poll(Duration.ZERO)).isPresent();
    other.acknowledge(Changes.at(12));
    assertThat(hub.confirmed()).as("held by id").isEqualTo(Changes.at(10).endLsn());
    assertThat(recorder.told).isEmpty();
  }

  @Test
  void aSubscriberThatThrowsIsLetGoAndOthersGoOn() throws Exception {
    Subscription other = manual("other");
    var throwing =
        new Recorder() {
          @Override
          public void onNext(SourceEvent event) {
            super.onNext(event);
            throw new IllegalStateException("a defect");
          }
        };
    try (Log log = new Log()) {
      subscription.publisher(executor).subscribe(throwing);
      throwing.next();
      throwing.request(10);
      dispatch(11);
      throwing.awaitTransaction(11);
      awaitSubscriptions(1);
      assertThat(log.lines("WARN"))
          .singleElement()
          .asString()
          .endsWith("the subscriber pushed failed; its subscription was closed");
    }
    dispatch(12);
    assertThat(other.poll(Duration.ZERO)).isPresent();
    assertThat(other.poll(Duration.ZERO)).isPresent();
    assertThat(throwing.told).isEmpty();
  }

  @Test
  void anExecutorThatTakesNoMoreEndsTheSubscription() throws Exception {
    subscribe(executor);
    executor.shutdown();
    assertThat(executor.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    dispatch(11);
    awaitSubscriptions(0);
    assertThat(recorder.next()).isInstanceOf(RejectedExecutionException.class);
    assertThat(recorder.told).isEmpty();
  }

  @Test
  void anExecutorThatFailsFromTheStartEndsTheSubscription() throws Exception {
    Executor failing =
        task -> {
          throw new IllegalStateException("the container is stopped");
        };
    subscription.publisher(failing).subscribe(recorder);
    assertThat(hub.subscriptionCount()).isZero();
    assertThat(recorder.next()).isEqualTo("subscribed");
    assertThat(recorder.next())
        .isInstanceOfSatisfying(
            IllegalStateException.class, e -> assertThat(e).hasMessage("the container is stopped"));
  }

  @Test
  void theEndOfTheSubscriptionIsToldWithoutRequest() throws Exception {
    subscribe(executor);
    subscription.close();
    assertThat(recorder.next()).isEqualTo("complete");
  }

  @Test
  void theEndOfTheSourceComesBehindWhatIsQueued() throws Exception {
    subscribe(executor);
    dispatch(11);
    hub.close("the source was closed");
    recorder.request(1);
    recorder.awaitTransaction(11);
    assertThat(recorder.next())
        .isInstanceOfSatisfying(
            SubscriptionEndedException.class,
            ended -> assertThat(ended).hasMessage("the source was closed"));
  }

  @Test
  void aFailureOfTheSourceIsAnErrorAndClosesTheSubscription() throws Exception {
    subscribe(executor);
    hub.setFailure(new SourceException("no such publication", null));
    assertThat(recorder.next())
        .isInstanceOfSatisfying(
            SourceException.class, e -> assertThat(e).hasMessage("no such publication"));
    assertThat(hub.subscriptionCount()).isZero();
  }

  @Test
  void requestingNothingIsAnError() throws Exception {
    subscribe(executor);
    recorder.request(0);
    assertThat(recorder.next())
        .isInstanceOfSatisfying(
            IllegalArgumentException.class,
            e ->
                assertThat(e)
                    .hasMessage("requested 0 events; at least 1 must be requested (rule 3.9)"));
    assertThat(hub.subscriptionCount()).isZero();
  }

  @Test
  void aSecondSubscriberIsRefusedAndTheFirstGoesOn() throws Exception {
    Flow.Publisher<SourceEvent> publisher = subscription.publisher(executor);
    publisher.subscribe(recorder);
    recorder.next();
    var second = new Recorder();
    publisher.subscribe(second);
    assertThat(second.next()).isEqualTo("subscribed");
    assertThat(second.next())
        .isInstanceOfSatisfying(
            IllegalStateException.class,
            e -> assertThat(e).hasMessageContaining("pushed has its one Flow.Subscriber already"));
    dispatch(11);
    recorder.request(1);
    recorder.awaitTransaction(11);
  }

  @Test
  void whoAcknowledgesAutomaticallyCannotBePushedTo() {
    assertThatIllegalStateException()
        .isThrownBy(() -> hub.subscribe(SubscriptionRequest.of("auto")).publisher(executor))
        .withMessageContaining("auto needs the acknowledgement MANUAL");
  }

  @Test
  void whatIsPushedCannotBePulled() {
    subscription.publisher(executor);
    assertThatIllegalStateException()
        .isThrownBy(() -> subscription.poll(Duration.ZERO))
        .withMessage("the events of pushed go to its publisher");
    assertThatIllegalStateException()
        .isThrownBy(() -> subscription.publisher(executor))
        .withMessageContaining("has its publisher already");
  }

  @Test
  void whoHoldsTheStreamBackIsNamedWithTheReason() throws Exception {
    Flow.Publisher<SourceEvent> publisher = subscription.publisher(executor);
    assertThat(((HubSubscription) subscription).describe())
        .isEqualTo("the subscriber pushed (its publisher has no subscriber)");
    publisher.subscribe(recorder);
    recorder.next();
    assertThat(((HubSubscription) subscription).describe())
        .isEqualTo("the subscriber pushed (it has requested no more events)");
  }

  @Test
  void aSubscriberWhoseCallDoesNotReturnIsNamed() throws Exception {
    var entered = new LinkedBlockingQueue<String>();
    var released = new LinkedBlockingQueue<String>();
    var stuck =
        new Recorder() {
          @Override
          public void onNext(SourceEvent event) {
            entered.add("entered");
            try {
              released.take();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            super.onNext(event);
          }
        };
    subscription.publisher(executor).subscribe(stuck);
    stuck.next();
    stuck.request(10);
    dispatch(11);
    entered.take();
    assertThat(((HubSubscription) subscription).describe())
        .isEqualTo("the subscriber pushed (its onNext has not returned)");
    released.add("go");
    stuck.awaitTransaction(11);
  }
}
