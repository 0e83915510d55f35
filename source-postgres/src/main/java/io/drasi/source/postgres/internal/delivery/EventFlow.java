package io.drasi.source.postgres.internal.delivery;

import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.SubscriptionEndedException;
import io.drasi.source.postgres.internal.thread.OnDemandThread;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pushes a subscription's events to one {@link Flow.Subscriber}, as many as it has requested, one
 * after the other, on its executor. See the specification of Reactive Streams 1.0.4, whose rules
 * the comments name.
 *
 * <p>Thread-safe. {@link #run} is one turn at the subscriber: whoever raises {@code turns} from
 * zero starts it, and it goes on until it has brought it back. What it alone uses needs no guard.
 */
final class EventFlow implements Flow.Subscription, Runnable {
  private static final Logger log = LoggerFactory.getLogger(EventFlow.class);

  private final HubSubscription source;
  private final Executor executor;
  private final Executor caller;
  private final AtomicInteger turns = new AtomicInteger();
  private final AtomicLong demand = new AtomicLong();
  private volatile boolean cancelled;
  private volatile boolean calling;
  private volatile @Nullable IllegalArgumentException badRequest;

  /** Null when its subscription is over (3.13). */
  private Flow.@Nullable Subscriber<? super SourceEvent> subscriber;

  private boolean begun;

  EventFlow(
      HubSubscription source, Executor executor, Flow.Subscriber<? super SourceEvent> subscriber) {
    this.source = source;
    this.executor = executor;
    this.subscriber = subscriber;
    this.caller =
        OnDemandThread.named("%s-publisher-%s".formatted(source.sourceId(), source.subscriberId()));
  }

  /** Events go to the subscriber from now on. */
  void begin() {
    source.onEvent(this::arrived);
    schedule();
  }

  /**
   * There may be an event, or an end. Called with locks held, so that the executor, which may run
   * what it gets at once, is called elsewhere.
   */
  private void arrived() {
    if (turns.getAndIncrement() == 0) {
      caller.execute(this::execute);
    }
  }

  private void schedule() {
    if (turns.getAndIncrement() == 0) {
      execute();
    }
  }

  private void execute() {
    try {
      executor.execute(this);
    } catch (RuntimeException | Error e) { // a full pool, a stopped container, no more threads
      failOf(e);
    }
  }

  /**
   * The executor does not take the turn, so that it stays here: it tells of that, and is the last.
   */
  private void failOf(Throwable e) {
    if (!source.isClosed()) {
      log.warn(
          "{}: the executor of the subscriber {} takes no work; its subscription was closed",
          source.sourceId(),
          source.subscriberId(),
          e);
    }
    Flow.Subscriber<? super SourceEvent> told = cancelled ? null : subscriber;
    finish();
    if (told != null) {
      if (!begun) {
        told.onSubscribe(this);
      }
      told.onError(e);
    }
  }

  @Override
  public void run() {
    int seen = 1;
    while (seen != 0) {
      takeTurn();
      seen = turns.addAndGet(-seen);
    }
  }

  private void takeTurn() {
    try {
      push();
    } catch (RuntimeException | Error e) { // such as a class of a bundle that is gone (2.13)
      log.warn(
          "{}: the subscriber {} failed; its subscription was closed",
          source.sourceId(),
          source.subscriberId(),
          e);
      finish();
    }
  }

  private void push() {
    Flow.Subscriber<? super SourceEvent> called = subscriber;
    if (called != null && !begun) {
      begun = true;
      called.onSubscribe(this);
    }
    while (called != null && isToBePushed(called)) {
      demand.decrementAndGet();
      calling = true;
      called.onNext(source.takeLookedAhead());
      calling = false;
    }
  }

  /** Whether there is an event that the subscriber wants. An end it is told of without asking. */
  private boolean isToBePushed(Flow.Subscriber<? super SourceEvent> called) {
    IllegalArgumentException bad = badRequest;
    if (cancelled) {
      finish();
      return false;
    } else if (bad != null) {
      finish();
      called.onError(bad);
      return false;
    }
    try {
      return source.lookAheadNow() && demand.get() > 0;
    } catch (RuntimeException | Error e) { // such as too little memory for a change to be decoded
      boolean closed = source.isClosed();
      finish();
      if (e instanceof SubscriptionEndedException && closed) {
        called.onComplete();
      } else {
        called.onError(e);
      }
      return false;
    }
  }

  private void finish() {
    subscriber = null;
    cancelled = true;
    calling = false;
    source.close();
  }

  @Override
  public void request(long n) {
    if (n <= 0) {
      badRequest =
          new IllegalArgumentException(
              "requested %d events; at least 1 must be requested (rule 3.9)".formatted(n));
    } else {
      demand.accumulateAndGet(n, (a, b) -> a + b < 0 ? Long.MAX_VALUE : a + b);
    }
    schedule();
  }

  @Override
  public void cancel() {
    cancelled = true;
    source.close();
  }

  /** What is to be said of the subscriber when no event is taken. */
  String describe() {
    if (calling) {
      return " (its onNext has not returned)";
    }
    return demand.get() == 0 ? " (it has requested no more events)" : "";
  }
}
