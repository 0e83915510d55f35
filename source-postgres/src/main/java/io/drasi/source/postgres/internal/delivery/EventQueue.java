package io.drasi.source.postgres.internal.delivery;

import io.drasi.api.source.DispatchMode;
import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.SourceException;
import io.drasi.api.source.SubscriptionEndedException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The events on their way to one subscriber, bounded by the changes they hold.
 *
 * <p>Thread-safe: guarded by {@code lock}; never held over I/O.
 */
final class EventQueue {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final Condition taken = lock.newCondition();
  private final int capacity;
  private final DispatchMode mode;

  private final Deque<SourceEvent> events = new ArrayDeque<>();
  private long queuedChanges;
  private @Nullable DeliveredLag lag;
  private @Nullable SourceException failure;
  private @Nullable String endReason;

  /**
   * A queue.
   *
   * @param capacity how many changes it holds; a larger transaction enters when it is empty
   */
  EventQueue(int capacity, DispatchMode mode) {
    this.capacity = capacity;
    this.mode = mode;
  }

  /** What became of a transaction. */
  enum Added {
    /** It is in the queue. */
    QUEUED,
    /** There was no room, and the subscriber will be told so. */
    LEFT_OUT,
    /** The queue takes nothing any more: the subscriber has not seen it, and will not. */
    ENDED
  }

  /**
   * Adds a transaction. With {@code CHANNEL} it waits for room, with {@code BROADCAST} it leaves
   * the transaction out where there is none.
   */
  Added add(DeliveredTransaction transaction) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (endReason == null && !fits(transaction)) {
        if (mode == DispatchMode.BROADCAST) {
          lag = lag == null ? DeliveredLag.of(transaction) : lag.plus(transaction);
          return Added.LEFT_OUT;
        }
        taken.await();
      }
      if (endReason != null) {
        return Added.ENDED;
      }
      if (lag != null) {
        events.add(lag);
        lag = null;
      }
      events.add(transaction);
      queuedChanges += transaction.changes().size();
      arrived.signal();
      return Added.QUEUED;
    } finally {
      lock.unlock();
    }
  }

  private boolean fits(DeliveredTransaction transaction) {
    return queuedChanges == 0 || queuedChanges + transaction.changes().size() <= capacity;
  }

  /** Adds progress; takes the place of progress that was not taken yet. */
  void add(DeliveredProgress progress) {
    lock.lock();
    try {
      if (endReason == null) {
        if (events.peekLast() instanceof DeliveredProgress) {
          events.removeLast();
        }
        events.add(progress);
        arrived.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the next event, for ever. */
  SourceEvent take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      SourceEvent event = next();
      while (event == null) {
        arrived.await();
        event = next();
      }
      return event;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the next event for some time. */
  Optional<SourceEvent> poll(Duration timeout) throws InterruptedException {
    long nanos = timeout.isNegative() ? 0 : TimeUnit.NANOSECONDS.convert(timeout);
    lock.lockInterruptibly();
    try {
      SourceEvent event = next();
      while (event == null && nanos > 0) {
        nanos = arrived.awaitNanos(nanos);
        event = next();
      }
      return Optional.ofNullable(event);
    } finally {
      lock.unlock();
    }
  }

  private @Nullable SourceEvent next() {
    SourceEvent event = events.poll();
    if (event instanceof DeliveredTransaction transaction) {
      queuedChanges -= transaction.changes().size();
      taken.signal();
    }
    if (event == null && lag != null) {
      event = lag;
      lag = null;
    }
    if (event == null && endReason != null) {
      throw new SubscriptionEndedException(endReason);
    }
    if (event == null && failure != null) {
      throw new SourceException(String.valueOf(failure.getMessage()), failure);
    }
    return event;
  }

  /** From now on, or no longer, an empty queue means that the source has failed. */
  void setFailure(@Nullable SourceException newFailure) {
    lock.lock();
    try {
      failure = newFailure;
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more events; those in the queue can be taken. */
  void end(String reason) {
    lock.lock();
    try {
      if (endReason == null) {
        endReason = reason;
      }
      arrived.signalAll();
      taken.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more events, and drops those in the queue. */
  void discard(String reason) {
    lock.lock();
    try {
      events.clear();
      queuedChanges = 0;
      lag = null;
      end(reason);
    } finally {
      lock.unlock();
    }
  }
}
