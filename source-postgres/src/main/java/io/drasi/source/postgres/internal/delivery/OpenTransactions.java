package io.drasi.source.postgres.internal.delivery;

import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.source.postgres.internal.transaction.SpilledTransaction;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The transactions on disk that a subscriber has in hand: it may read them until it has
 * acknowledged them, or its subscription ends.
 *
 * <p>Thread-safe: guarded by the object's own monitor, with which no file is removed.
 */
final class OpenTransactions {
  private final Clock clock;
  private final Consumer<IOException> unreadable;
  private final Deque<SpilledTransaction> open = new ArrayDeque<>();
  private boolean closed;
  private volatile @Nullable Instant lastRead;

  /**
   * None.
   *
   * @param unreadable is told when one of them cannot be read
   */
  OpenTransactions(Clock clock, Consumer<IOException> unreadable) {
    this.clock = clock;
    this.unreadable = unreadable;
  }

  /** The subscriber has this in hand now. */
  void add(SpilledTransaction transaction) {
    transaction.onReading(
        new SpilledTransaction.Reading() {
          @Override
          public void goesOn() {
            lastRead = clock.instant();
          }

          @Override
          public void failed(IOException error) {
            unreadable.accept(error);
          }
        });
    if (!added(transaction)) {
      transaction.release();
    }
  }

  private synchronized boolean added(SpilledTransaction transaction) {
    if (!closed) {
      open.add(transaction);
    }
    return !closed;
  }

  /** Those up to here are acknowledged. */
  void acknowledged(Lsn position) {
    taken(position).forEach(SpilledTransaction::release);
  }

  private synchronized List<SpilledTransaction> taken(Lsn position) {
    List<SpilledTransaction> done = new ArrayList<>();
    while (!open.isEmpty() && !open.getFirst().position().endLsn().isAfter(position)) {
      done.add(open.removeFirst());
    }
    return done;
  }

  /** The subscription has ended: nothing can be read any more. */
  void close() {
    drained().forEach(SpilledTransaction::release);
  }

  private synchronized List<SpilledTransaction> drained() {
    closed = true;
    List<SpilledTransaction> all = List.copyOf(open);
    open.clear();
    return all;
  }

  /** When one of them was read last; empty when none was. */
  Optional<Instant> lastRead() {
    return Optional.ofNullable(lastRead);
  }
}
