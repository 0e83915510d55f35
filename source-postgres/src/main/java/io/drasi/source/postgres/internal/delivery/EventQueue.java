package io.drasi.source.postgres.internal.delivery;

import io.drasi.api.source.DispatchMode;
import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.SourceException;
import io.drasi.source.postgres.internal.transaction.CommittedTransaction;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
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
  private @Nullable Supplier<? extends RuntimeException> end;

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
    /** There was no room in time; it may be offered again. */
    NO_ROOM,
    /** There was no room, and the subscriber will be told so. */
    LEFT_OUT,
    /** The queue takes nothing any more: the subscriber has not seen it, and will not. */
    ENDED
  }

  /**
   * Adds a transaction. With {@code CHANNEL} it waits for room, with {@code BROADCAST} it leaves
   * the transaction out where there is none.
   *
   * @param patience how long to wait for room
   */
  Added add(CommittedTransaction transaction, Duration patience) throws InterruptedException {
    int changes = transaction.changes().size();
    lock.lockInterruptibly();
    try {
      if (mode == DispatchMode.CHANNEL && !awaitRoom(changes, patience)) {
        return Added.NO_ROOM;
      }
      if (end != null) {
        return Added.ENDED;
      }
      if (!fits(changes)) {
        lag = lag == null ? DeliveredLag.of(transaction) : lag.plus(transaction);
        return Added.LEFT_OUT;
      }
      if (lag != null) {
        events.add(lag);
        lag = null;
      }
      append(transaction, changes);
      return Added.QUEUED;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Adds elements of a bootstrap.
   *
   * @param patience how long to wait for room
   */
  Added add(DeliveredBootstrap.Batch batch, Duration patience) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (!awaitRoom(batch.changes().size(), patience)) {
        return Added.NO_ROOM;
      }
      if (end != null) {
        return Added.ENDED;
      }
      append(batch, batch.changes().size());
      return Added.QUEUED;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until there is room or the queue has ended; false when neither comes in time. */
  private boolean awaitRoom(int changes, Duration patience) throws InterruptedException {
    long nanos = TimeUnit.NANOSECONDS.convert(patience);
    while (end == null && !fits(changes)) {
      if (nanos <= 0) {
        return false;
      }
      nanos = taken.awaitNanos(nanos);
    }
    return true;
  }

  private boolean fits(int changes) {
    return queuedChanges == 0 || queuedChanges + changes <= capacity;
  }

  private void append(SourceEvent event, int changes) {
    events.add(event);
    queuedChanges += changes;
    arrived.signal();
  }

  /** Adds an event without changes; takes the place of one of its kind that was not taken yet. */
  void addLatest(SourceEvent event) {
    lock.lock();
    try {
      if (end == null) {
        SourceEvent last = events.peekLast();
        if (last != null && last.getClass() == event.getClass()) {
          events.removeLast();
        }
        append(event, 0);
      }
    } finally {
      lock.unlock();
    }
  }

  /** What is queued next; empty when nothing is. */
  Optional<SourceEvent> pollQueued() {
    lock.lock();
    try {
      return Optional.ofNullable(nextQueued());
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
    SourceEvent event = nextQueued();
    if (event == null && end != null) {
      throw end.get();
    }
    if (event == null && failure != null) {
      throw new SourceException(String.valueOf(failure.getMessage()), failure);
    }
    return event;
  }

  private @Nullable SourceEvent nextQueued() {
    SourceEvent event = events.poll();
    if (event != null) {
      queuedChanges -= changesOf(event);
      taken.signal();
    } else if (lag != null) {
      event = lag;
      lag = null;
    }
    return event;
  }

  private static int changesOf(SourceEvent event) {
    if (event instanceof CommittedTransaction transaction) {
      return transaction.changes().size();
    }
    return event instanceof DeliveredBootstrap.Batch batch ? batch.changes().size() : 0;
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

  /**
   * Takes no more events; those in the queue can be taken.
   *
   * @param how what whoever asks for more gets
   */
  void end(Supplier<? extends RuntimeException> how) {
    lock.lock();
    try {
      if (end == null) {
        end = how;
      }
      arrived.signalAll();
      taken.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more events, and drops those in the queue. */
  void discard(Supplier<? extends RuntimeException> how) {
    lock.lock();
    try {
      clear();
      end(how);
    } finally {
      lock.unlock();
    }
  }

  /** Whether it takes no more events. */
  boolean hasEnded() {
    lock.lock();
    try {
      return end != null;
    } finally {
      lock.unlock();
    }
  }

  /** Drops what is queued. */
  void clear() {
    lock.lock();
    try {
      events.clear();
      queuedChanges = 0;
      lag = null;
      taken.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
