package io.drasi.source.postgres.internal.delivery;

import io.drasi.api.source.SourceEvent;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A subscription's events, pushed to one {@link Flow.Subscriber} as it requests them. Thread-safe.
 */
final class EventPublisher implements Flow.Publisher<SourceEvent> {
  private static final Flow.Subscription NOTHING =
      new Flow.Subscription() {
        @Override
        public void request(long n) {}

        @Override
        public void cancel() {}
      };

  private final HubSubscription source;
  private final Executor executor;
  private final AtomicReference<@Nullable EventFlow> flow = new AtomicReference<>();

  /**
   * A publisher.
   *
   * @param executor calls the subscriber
   */
  EventPublisher(HubSubscription source, Executor executor) {
    this.source = source;
    this.executor = Objects.requireNonNull(executor, "executor");
  }

  @Override
  public void subscribe(Flow.Subscriber<? super SourceEvent> subscriber) {
    var candidate = new EventFlow(source, executor, Objects.requireNonNull(subscriber));
    if (flow.compareAndSet(null, candidate)) {
      candidate.begin();
    } else {
      subscriber.onSubscribe(NOTHING);
      subscriber.onError(
          new IllegalStateException(
              "the subscription %s has its one Flow.Subscriber already"
                  .formatted(source.subscriberId())));
    }
  }

  /** What is to be said of the subscriber when no event is taken. */
  String describe() {
    EventFlow running = flow.get();
    return running == null ? " (its publisher has no subscriber)" : running.describe();
  }
}
