package io.drasi.postgres.protocol.internal;

import org.jspecify.annotations.Nullable;

/**
 * Ends the opening of a session, and the session, from any thread: closes the connection that is in
 * use now, and every later one.
 *
 * <p>Thread-safe: guarded by itself; closing never waits.
 */
public final class GiveUp implements Runnable {
  private boolean given;
  private @Nullable Runnable current;

  /** Tells how to close the connection that is in use from now on. */
  synchronized void covers(Runnable close) {
    current = close;
    if (given) {
      close.run();
    }
  }

  /** Whether it was run. */
  public synchronized boolean isGiven() {
    return given;
  }

  @Override
  public synchronized void run() {
    given = true;
    if (current != null) {
      current.run();
    }
  }
}
