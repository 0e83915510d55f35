package io.drasi.source.postgres.internal.delivery;

import io.drasi.api.source.SourceEvent;
import io.drasi.source.postgres.internal.transaction.PostgresTransaction;
import io.drasi.source.postgres.internal.transaction.SpilledTransaction;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Events in order, bounded by the changes they hold and by the memory these take, and what was left
 * out behind them.
 *
 * <p>Not thread-safe: guarded by the lock of {@link EventQueue}.
 */
final class EventBuffer {
  private final int capacity;
  private final LongSupplier memoryBytes;
  private final Deque<SourceEvent> events = new ArrayDeque<>();
  private long changes;
  private long bytes;
  private @Nullable DeliveredLag lag;

  /**
   * An empty buffer.
   *
   * @param capacity how many changes it holds; a larger event enters when it is empty
   * @param memoryBytes how many bytes of memory they may take at present; likewise
   */
  EventBuffer(int capacity, LongSupplier memoryBytes) {
    this.capacity = capacity;
    this.memoryBytes = memoryBytes;
  }

  /** Whether there is room for an event with changes. */
  boolean fits(SourceEvent event) {
    return changes == 0
        || (changes + changesOf(event) <= capacity
            && bytes + bytesOf(event) <= memoryBytes.getAsLong());
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
    bytes += bytesOf(event);
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
  void leaveOut(PostgresTransaction transaction) {
    lag = lag == null ? DeliveredLag.of(transaction) : lag.plus(transaction);
  }

  /** Takes the next event; null when there is none. */
  @Nullable SourceEvent poll() {
    SourceEvent event = events.poll();
    if (event != null) {
      changes -= changesOf(event);
      bytes -= bytesOf(event);
    } else if (lag != null) {
      event = lag;
      lag = null;
    }
    return event;
  }

  private static long changesOf(SourceEvent event) {
    if (event instanceof PostgresTransaction transaction) {
      return transaction.changeCount();
    }
    return event instanceof DeliveredBootstrap.Batch batch ? batch.changes().size() : 0;
  }

  private static long bytesOf(SourceEvent event) {
    if (event instanceof PostgresTransaction transaction) {
      return transaction.memoryBytes();
    }
    return event instanceof DeliveredBootstrap.Batch batch ? batch.memoryBytes() : 0;
  }

  /**
   * Drops everything.
   *
   * @return what is to be released
   */
  List<PostgresTransaction> clear() {
    List<PostgresTransaction> dropped = transactions(events.stream());
    events.clear();
    changes = 0;
    bytes = 0;
    lag = null;
    return dropped;
  }

  /** Drops everything but the word that changes were lost. */
  List<PostgresTransaction> clearButResynchronization() {
    Optional<SourceEvent> told =
        events.stream().filter(DeliveredResynchronization.class::isInstance).findFirst();
    List<PostgresTransaction> dropped = clear();
    told.ifPresent(this::add);
    return dropped;
  }

  /**
   * Drops what is on disk, and all behind it.
   *
   * @return what is to be released
   */
  List<PostgresTransaction> dropOnDisk() {
    List<SourceEvent> before = events.stream().takeWhile(event -> !isOnDisk(event)).toList();
    if (before.size() == events.size()) {
      return List.of();
    }
    List<PostgresTransaction> dropped = transactions(events.stream().skip(before.size()));
    clear();
    before.forEach(this::add);
    return dropped;
  }

  private static boolean isOnDisk(SourceEvent event) {
    return event instanceof SpilledTransaction;
  }

  private static List<PostgresTransaction> transactions(Stream<SourceEvent> some) {
    return some.filter(PostgresTransaction.class::isInstance)
        .map(PostgresTransaction.class::cast)
        .toList();
  }
}
