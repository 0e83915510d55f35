package io.drasi.source.postgres.internal.delivery;

import io.drasi.api.source.SourceEvent;
import io.drasi.source.postgres.internal.transaction.CommittedTransaction;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Events in order, bounded by the changes they hold, and what was left out behind them.
 *
 * <p>Not thread-safe: guarded by the lock of {@link EventQueue}.
 */
final class EventBuffer {
  private final int capacity;
  private final Deque<SourceEvent> events = new ArrayDeque<>();
  private long changes;
  private @Nullable DeliveredLag lag;

  /**
   * An empty buffer.
   *
   * @param capacity how many changes it holds; a larger event enters when it is empty
   */
  EventBuffer(int capacity) {
    this.capacity = capacity;
  }

  /** Whether there is room for an event of so many changes. */
  boolean fits(int more) {
    return changes == 0 || changes + more <= capacity;
  }

  boolean isEmpty() {
    return events.isEmpty() && lag == null;
  }

  /** Adds an event, behind the word that some were left out. */
  void add(SourceEvent event) {
    if (lag != null) {
      events.add(lag);
      lag = null;
    }
    events.add(event);
    changes += changesOf(event);
  }

  /** Adds an event without changes, in place of the last one if that is of its kind. */
  void addLatest(SourceEvent event) {
    SourceEvent last = events.peekLast();
    if (last != null && last.getClass() == event.getClass()) {
      events.removeLast();
    }
    add(event);
  }

  /** Leaves a transaction out; who takes will be told. */
  void leaveOut(CommittedTransaction transaction) {
    lag = lag == null ? DeliveredLag.of(transaction) : lag.plus(transaction);
  }

  /** Takes the next event; null when there is none. */
  @Nullable SourceEvent poll() {
    SourceEvent event = events.poll();
    if (event != null) {
      changes -= changesOf(event);
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

  /** Drops everything. */
  void clear() {
    events.clear();
    changes = 0;
    lag = null;
  }
}
