package io.drasi.postgres.protocol.internal;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Bounds the whole of what is done with a connection: closes it when the time is over, whatever it
 * is then waiting for. A timeout of each read would not do: it starts anew with every byte of a
 * peer that sends few, and knows nothing of writes.
 *
 * <p>Thread-safe. Has a thread of its own, named after the one that starts it, until it is closed.
 */
public final class Deadline implements AutoCloseable {
  private final CountDownLatch done = new CountDownLatch(1);
  private final Transport transport;
  private final Duration timeout;
  private final Thread thread;
  private volatile boolean expired;

  private Deadline(Transport transport, Duration timeout) {
    this.transport = transport;
    this.timeout = timeout;
    this.thread = new Thread(this::watch, Thread.currentThread().getName() + "-deadline");
    thread.setDaemon(true);
  }

  /** A deadline that runs from now on. */
  public static Deadline start(Transport transport, Duration timeout) {
    var deadline = new Deadline(transport, timeout);
    deadline.thread.start();
    return deadline;
  }

  private void watch() {
    try {
      if (!done.await(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
        expired = true;
        transport.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody watches any more: better an end than none
      transport.close();
    }
  }

  /** Whether the connection was closed for the time it took. Final once this is closed. */
  public boolean isExpired() {
    return expired;
  }

  /** Stops the clock. */
  @Override
  public void close() {
    done.countDown();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
