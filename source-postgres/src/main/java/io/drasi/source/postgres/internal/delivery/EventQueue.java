package io.drasi.source.postgres.internal.delivery;

import io.drasi.api.source.DispatchMode;
import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.SourceException;
import io.drasi.source.postgres.internal.transaction.PostgresTransaction;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The events on their way to one subscriber, bounded by the changes they hold and by their memory.
 *
 * <p>Thread-safe: guarded by {@code lock}; never held over I/O.
 */
final class EventQueue {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final Condition taken = lock.newCondition();
  private final DispatchMode mode;
  private final Clock clock;
  private final EventBuffer events;
  private @Nullable SourceException failure;
  private @Nullable Supplier<? extends RuntimeException> end;
  private Runnable listener = () -> {};

  /** Since when there is something that could be taken; null when there is nothing. */
  private @Nullable Instant readySince;

  /**
   * A queue.
   *
   * @param capacity how many changes it holds; a larger transaction enters when it is empty
   * @param memoryBytes how many bytes of memory they may take at present; likewise
   */
  EventQueue(int capacity, LongSupplier memoryBytes, DispatchMode mode, Clock clock) {
    this.events = new EventBuffer(capacity, memoryBytes);
    this.mode = mode;
    this.clock = clock;
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
  Added add(PostgresTransaction transaction, Duration patience) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (mode == DispatchMode.CHANNEL && !awaitRoom(transaction, patience)) {
        return Added.NO_ROOM;
      }
      if (end != null) {
        return Added.ENDED;
      }
      if (!events.fits(transaction)) {
        events.leaveOut(transaction);
        return Added.LEFT_OUT;
      }
      events.add(transaction);
      tell();
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
      if (!awaitRoom(batch, patience)) {
        return Added.NO_ROOM;
      }
      if (end != null) {
        return Added.ENDED;
      }
      events.add(batch);
      tell();
      return Added.QUEUED;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until there is room or the queue has ended; false when neither comes in time. */
  private boolean awaitRoom(SourceEvent event, Duration patience) throws InterruptedException {
    long nanos = TimeUnit.NANOSECONDS.convert(patience);
    while (end == null && !events.fits(event)) {
      if (nanos <= 0) {
        return false;
      }
      nanos = taken.awaitNanos(nanos);
    }
    return true;
  }

  private void tell() {
    if (readySince == null && !events.isEmpty()) {
      readySince = clock.instant();
    }
    arrived.signalAll();
    listener.run();
  }

  /**
   * Who is told when there may be something to take: an event, a failure, an end.
   *
   * @param newListener is called with locks held, and must not wait
   */
  void setListener(Runnable newListener) {
    guarded(() -> listener = newListener);
  }

  /** Adds an event without changes; takes the place of one of its kind that was not taken yet. */
  void addLatest(SourceEvent event) {
    guarded(
        () -> {
          if (end == null) {
            events.addLatest(event);
            tell();
          }
        });
  }

  /** What is queued next; empty when nothing is. */
  Optional<SourceEvent> pollQueued() {
    return looked(() -> Optional.ofNullable(nextQueued()));
  }

  /** The next event, without waiting. */
  Optional<SourceEvent> pollNow() {
    return looked(() -> Optional.ofNullable(next()));
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
      readySince = events.isEmpty() ? null : clock.instant();
      taken.signal();
    }
    return event;
  }

  /** From now on, or no longer, an empty queue means that the source has failed. */
  void setFailure(@Nullable SourceException newFailure) {
    guarded(
        () -> {
          failure = newFailure;
          tell();
        });
  }

  /**
   * Takes no more events; those in the queue can be taken, but for what is on disk and all behind
   * it.
   *
   * @param how what whoever asks for more gets
   */
  void end(Supplier<? extends RuntimeException> how) {
    end(how, EventBuffer::dropOnDisk);
  }

  /** Takes no more events, and drops those in the queue. */
  void discard(Supplier<? extends RuntimeException> how) {
    end(how, EventBuffer::clear);
  }

  private void end(
      Supplier<? extends RuntimeException> how,
      Function<EventBuffer, List<PostgresTransaction>> drop) {
    List<PostgresTransaction> dropped =
        looked(
            () -> {
              if (end == null) {
                end = how;
              }
              List<PostgresTransaction> unread = drop.apply(events);
              readySince = events.isEmpty() ? null : readySince;
              tell();
              taken.signalAll();
              return unread;
            });
    dropped.forEach(PostgresTransaction::release);
  }

  /** Since when there is something to take, and nothing was taken; empty when there is nothing. */
  Optional<Instant> readySince() {
    return looked(() -> Optional.ofNullable(readySince));
  }

  /** Whether it takes no more events. */
  boolean hasEnded() {
    return looked(() -> end != null);
  }

  /** Drops what is queued, but for the word that changes were lost. */
  void clear() {
    List<PostgresTransaction> dropped =
        looked(
            () -> {
              List<PostgresTransaction> unread = events.clearButResynchronization();
              readySince = events.isEmpty() ? null : clock.instant();
              taken.signalAll();
              return unread;
            });
    dropped.forEach(PostgresTransaction::release);
  }

  private <T> T looked(Supplier<T> look) {
    lock.lock();
    try {
      return look.get();
    } finally {
      lock.unlock();
    }
  }

  private void guarded(Runnable change) {
    lock.lock();
    try {
      change.run();
    } finally {
      lock.unlock();
    }
  }
}
