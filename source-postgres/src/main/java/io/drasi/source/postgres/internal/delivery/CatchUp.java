package io.drasi.source.postgres.internal.delivery;

import io.drasi.api.source.DispatchMode;
import io.drasi.api.source.SourceEvent;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.source.postgres.internal.spill.SpillLimitException;
import io.drasi.source.postgres.internal.spill.SpillSpace;
import io.drasi.source.postgres.internal.transaction.Backlog;
import io.drasi.source.postgres.internal.transaction.Keepable;
import io.drasi.source.postgres.internal.transaction.KeptTransaction;
import io.drasi.source.postgres.internal.transaction.PostgresTransaction;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What came for a subscriber while it was bootstrapped. It waits on disk and holds nobody back;
 * when the bootstrap is complete the subscriber takes it from here, while the stream goes on to be
 * added, until it has caught up. From then on nothing waits here any more.
 *
 * <p>Thread-safe: guarded by {@code lock}; held over the I/O of the spill file and no other.
 */
final class CatchUp {
  private static final Logger log = LoggerFactory.getLogger(CatchUp.class);

  /** By so much may what is kept grow after the bootstrap. */
  private static final long GROWTH_BYTES = 16L << 20;

  private enum Phase {
    /** The subscriber is being bootstrapped: what comes is kept. */
    WAITING,
    /** The subscriber takes what was kept, and what comes is kept behind it. */
    DRAINING,
    /** What comes goes to the subscriber's queue. */
    DONE
  }

  private final SpillSpace space;
  private final DispatchMode mode;
  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition taken = lock.newCondition();
  private Phase phase = Phase.DONE;
  private @Nullable Backlog backlog;
  private @Nullable DeliveredProgress progress;
  private @Nullable DeliveredLag lag;
  private Lsn after = Lsn.NONE;
  private Lsn leftOut = Lsn.NONE;
  private Instant lastTaken = Instant.MIN;
  private long mostBytes;
  private int bootstrap;

  CatchUp(SpillSpace space, DispatchMode mode, Clock clock) {
    this.space = space;
    this.mode = mode;
    this.clock = clock;
  }

  /** A bootstrap begins, perhaps once more; what was kept stays. */
  void begin() {
    lock.lock();
    try {
      phase = Phase.WAITING;
      bootstrap++;
      if (backlog == null) {
        backlog = new Backlog(space);
      }
    } finally {
      lock.unlock();
    }
  }

  /** The number of the bootstrap that began last. */
  int bootstrap() {
    lock.lock();
    try {
      return bootstrap;
    } finally {
      lock.unlock();
    }
  }

  /** Another stream begins: nothing of the one before counts. */
  void reset() {
    lock.lock();
    try {
      discard();
      after = Lsn.NONE;
      leftOut = Lsn.NONE;
    } finally {
      lock.unlock();
    }
  }

  /** What became of a transaction. */
  enum Added {
    /** It is kept. */
    KEPT,
    /** It belongs into the queue. */
    NOT_HERE,
    /** The subscriber does not catch up, and did not make room in time. */
    NO_ROOM,
    /** The subscriber does not catch up, and will be told what it has missed. */
    LEFT_OUT
  }

  /**
   * Keeps a transaction. A subscriber that is slower than the stream, so that what is kept grows
   * after the bootstrap, is as one whose queue is full: with {@code CHANNEL} it is waited for, with
   * {@code BROADCAST} the transaction is left out, and those after it until it has caught up.
   *
   * @param wanted of the transaction, what the subscriber would get
   * @param patience how long to wait for it
   * @throws IOException when it cannot be kept: the disk, or the limit, is full; what was kept is
   *     dropped, or the subscriber would come upon the part of it that has found room
   */
  Added add(Keepable transaction, PostgresTransaction wanted, Duration patience)
      throws IOException, InterruptedException {
    lock.lock();
    try {
      if (mode == DispatchMode.CHANNEL && !awaitRoom(patience)) {
        return Added.NO_ROOM;
      }
      if (lag != null || isFallingBehind()) {
        lag = lag == null ? DeliveredLag.of(wanted) : lag.plus(wanted);
        return Added.LEFT_OUT;
      }
      if (backlog == null) {
        return Added.NOT_HERE;
      }
      if (transaction.position().endLsn().isAfter(leftOut)) {
        backlog.append(transaction);
      }
      progress = null;
      return Added.KEPT;
    } catch (IOException e) {
      discard();
      throw e;
    } finally {
      lock.unlock();
    }
  }

  private boolean awaitRoom(Duration patience) throws InterruptedException {
    long nanos = TimeUnit.NANOSECONDS.convert(patience);
    while (isFallingBehind()) {
      if (nanos <= 0) {
        return false;
      }
      nanos = taken.awaitNanos(nanos);
    }
    return true;
  }

  private boolean isFallingBehind() {
    return phase == Phase.DRAINING && backlog != null && backlog.sizeBytes() > mostBytes;
  }

  /**
   * Keeps progress, in place of that before it.
   *
   * @return false when it belongs into the queue
   */
  boolean add(DeliveredProgress newProgress) {
    lock.lock();
    try {
      if (backlog == null) {
        return false;
      }
      progress = newProgress;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Whether what comes may have to be kept. */
  boolean isKeeping() {
    lock.lock();
    try {
      return backlog != null;
    } finally {
      lock.unlock();
    }
  }

  /** What ends up to a position will be in the bootstrap, and is not kept. */
  void leaveOut(Lsn position) {
    lock.lock();
    try {
      leftOut = position;
    } finally {
      lock.unlock();
    }
  }

  /** Up to where nothing is kept. */
  Lsn leftOut() {
    lock.lock();
    try {
      return leftOut;
    } finally {
      lock.unlock();
    }
  }

  /**
   * A bootstrap is complete; what ends up to a position is in it, and is dropped. Has no effect
   * when another has begun since: the subscriber had the end of this one in hand when changes were
   * lost.
   */
  void drain(int completed, Lsn position) {
    lock.lock();
    try {
      if (backlog != null && completed == bootstrap) {
        phase = Phase.DRAINING;
        after = position;
        lastTaken = clock.instant();
        mostBytes = backlog.sizeBytes() + GROWTH_BYTES;
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * What was kept, one after the other. With nothing left the subscriber has caught up.
   *
   * @return empty when the next event is in the queue
   */
  Optional<Kept> poll() throws IOException {
    lock.lock();
    try {
      if (phase != Phase.DRAINING || backlog == null) {
        return Optional.empty();
      }
      Optional<KeptTransaction> next = backlog.poll(after);
      lastTaken = clock.instant();
      taken.signal();
      if (next.isPresent()) {
        return next.map(kept -> filter -> read(kept, filter));
      }
      DeliveredProgress last = progress;
      DeliveredLag missed = lag;
      close();
      if (missed != null) {
        return Optional.of(filter -> missed);
      }
      return last == null || !last.position().endLsn().isAfter(after)
          ? Optional.empty()
          : Optional.of(filter -> last);
    } finally {
      lock.unlock();
    }
  }

  private static SourceEvent read(KeptTransaction kept, LabelFilter filter) {
    try {
      return filter.apply(kept.decode());
    } finally {
      kept.release();
    }
  }

  /** Since when there is something to take, and nothing was taken; empty when there is nothing. */
  Optional<Instant> readySince() {
    lock.lock();
    try {
      return phase == Phase.DRAINING && backlog != null && (!backlog.isEmpty() || lag != null)
          ? Optional.of(lastTaken)
          : Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /** Why what is kept cannot be read; empty while it can. */
  Optional<SpillLimitException> whyLost() {
    lock.lock();
    try {
      return backlog == null ? Optional.empty() : backlog.whyLost();
    } finally {
      lock.unlock();
    }
  }

  /** What was kept, and is not decoded yet. */
  interface Kept {

    /** The event as the subscriber sees it; decodes it. */
    SourceEvent read(LabelFilter filter);
  }

  private void close() throws IOException {
    phase = Phase.DONE;
    progress = null;
    lag = null;
    taken.signal();
    Backlog dropped = backlog;
    backlog = null;
    if (dropped != null) {
      dropped.close();
    }
  }

  /** Nothing is kept any more, and what was kept is dropped. */
  void discard() {
    lock.lock();
    try {
      close();
    } catch (IOException e) {
      log.warn("the file of what came during a bootstrap could not be closed", e);
    } finally {
      lock.unlock();
    }
  }
}
