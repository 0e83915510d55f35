package io.drasi.source.postgres.internal.session;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at something again and again, on a thread of its own, until it has seen enough or is
 * closed.
 *
 * <p>Thread-safe.
 */
final class PeriodicLook implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PeriodicLook.class);

  /** A stop has to return within a second. */
  private static final Duration PATIENCE = Duration.ofMillis(300);

  private final Duration interval;
  private final Look look;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  /** What is done each time. */
  interface Look {

    /** Looks; says whether it is to be looked once more. */
    boolean again() throws InterruptedException;
  }

  private PeriodicLook(String threadName, Duration interval, Look look) {
    this.interval = interval;
    this.look = look;
    this.thread = new Thread(this::run, threadName);
    thread.setDaemon(true);
  }

  /** Begins; looks for the first time when the interval is over. */
  static PeriodicLook begin(String threadName, Duration interval, Look look) {
    var periodic = new PeriodicLook(threadName, interval, look);
    periodic.thread.start();
    return periodic;
  }

  private void run() {
    try {
      boolean again = true;
      while (again && !closed.await(interval.toMillis(), TimeUnit.MILLISECONDS)) {
        again = tryLook();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean tryLook() throws InterruptedException {
    try {
      return look.again();
    } catch (RuntimeException e) { // the next look may fare better
      log.warn("{}: a look has failed", thread.getName(), e);
      return true;
    }
  }

  /** Whether nobody wants to know any more. */
  boolean isClosed() {
    return closed.getCount() == 0;
  }

  /** Ends it; waits for a look that is being taken, but not for long. */
  @Override
  public void close() {
    closed.countDown();
    boolean interrupted = Thread.interrupted();
    try {
      thread.join(PATIENCE.toMillis());
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
