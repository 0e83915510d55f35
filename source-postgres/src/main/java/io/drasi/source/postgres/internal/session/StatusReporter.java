package io.drasi.source.postgres.internal.session;

import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.postgres.protocol.replication.ReplicationStream;
import io.drasi.postgres.protocol.replication.StandbyStatus;
import io.drasi.source.postgres.internal.delivery.SubscriptionHub;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the server how far the source has come: by the interval, at once when the server asks, and
 * soon when subscribers have acknowledged more. Independent of the thread that reads, which may be
 * held back by a subscriber.
 *
 * <p>Thread-safe: guarded by {@code lock}; never held over I/O. The thread {@code <id>-status}
 * sends.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-replication.html">Manual,
 *     Streaming Replication Protocol</a>
 */
final class StatusReporter implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(StatusReporter.class);

  /** So long acknowledgements are gathered before they are reported. */
  private static final Duration GATHERING = Duration.ofSeconds(1);

  private final ReplicationStream stream;
  private final SubscriptionHub hub;
  private final Duration interval;
  private final Consumer<IOException> failureListener;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private Lsn received;
  private boolean heard = true;
  private boolean replyRequested;
  private boolean confirmedAdvanced;
  private boolean ending;
  private Lsn lastConfirmed;
  private long lastSentNanos = System.nanoTime();

  /**
   * A reporter of one stream.
   *
   * @param start where the stream starts
   * @param slot what the server knows to be confirmed
   * @param interval the longest time between two reports
   * @param failureListener is told when a report cannot be sent, on the reporter's thread
   */
  StatusReporter(
      ReplicationStream stream,
      SubscriptionHub hub,
      Lsn start,
      Lsn slot,
      Duration interval,
      Consumer<IOException> failureListener) {
    this.stream = stream;
    this.hub = hub;
    this.received = start;
    this.lastConfirmed = slot;
    this.interval = interval;
    this.failureListener = failureListener;
  }

  /** The server was heard, and has sent everything up to a position. */
  void received(Lsn position) {
    lock.lock();
    try {
      heard = true;
      received = Lsn.max(received, position);
    } finally {
      lock.unlock();
    }
  }

  /** The server wants a report at once. */
  void requestReport() {
    lock.lock();
    try {
      replyRequested = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Subscribers have acknowledged more. */
  void confirmedAdvanced() {
    lock.lock();
    try {
      if (!confirmedAdvanced) { // else it was told already
        confirmedAdvanced = true;
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Sends a last report and takes leave of the server, then the thread ends. */
  void end() {
    lock.lock();
    try {
      ending = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void run() {
    try {
      while (awaitDue()) {
        stream.report(nextStatus());
      }
      stream.report(nextStatus());
      stream.end();
    } catch (InterruptedException e) {
      log.debug("the status thread was told to end at once");
    } catch (IOException e) {
      failureListener.accept(e);
    }
  }

  /** Waits until a report is due; false when it is the last one. */
  private boolean awaitDue() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = nanosLeft();
      while (!ending && left > 0) {
        changed.awaitNanos(left);
        left = nanosLeft();
      }
      return !ending;
    } finally {
      lock.unlock();
    }
  }

  private long nanosLeft() {
    if (replyRequested) {
      return 0;
    }
    Duration wait = confirmedAdvanced && GATHERING.compareTo(interval) < 0 ? GATHERING : interval;
    return TimeUnit.NANOSECONDS.convert(wait) - (System.nanoTime() - lastSentNanos);
  }

  /**
   * What to report. While anything is unacknowledged, flush and apply are 0/0, which confirms
   * nothing and moves nothing back: a flush position that is held behind what was sent would make
   * the server's fast shutdown wait for ever. What has been newly confirmed is reported once.
   */
  private StandbyStatus nextStatus() {
    boolean ask = beginReport();
    // Read after the wishes for this report are crossed off: what comes now counts for the next.
    SubscriptionHub.Standing standing = hub.standing();
    lock.lock();
    try {
      Lsn confirmed = standing.confirmed();
      boolean isNews = confirmed.isAfter(lastConfirmed);
      lastConfirmed = Lsn.max(lastConfirmed, confirmed);
      Lsn flushed = standing.outstanding() && !isNews ? Lsn.NONE : confirmed;
      return new StandbyStatus(
          Lsn.max(received, flushed), flushed, flushed, Instant.now(), ask && !ending);
    } finally {
      lock.unlock();
    }
  }

  /** Crosses off what has made the report due; says whether the server has not been heard. */
  private boolean beginReport() {
    lock.lock();
    try {
      boolean ask = !heard;
      heard = false;
      replyRequested = false;
      confirmedAdvanced = false;
      lastSentNanos = System.nanoTime();
      return ask;
    } finally {
      lock.unlock();
    }
  }
}
