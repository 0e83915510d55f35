package io.drasi.source.postgres.internal.osgi;

import java.util.HashSet;
import java.util.Set;

/**
 * Interrupts the threads that run a service's code when the service leaves.
 *
 * <p>Thread-safe: guarded by the object's own monitor.
 */
final class Leaving {
  private final Set<Thread> running = new HashSet<>();
  private boolean left;

  /**
   * The current thread is about to run its code.
   *
   * @return false when it has left already
   */
  synchronized boolean enter() {
    return !left && running.add(Thread.currentThread());
  }

  /**
   * The current thread has run its code.
   *
   * @return false when it has left meanwhile, and the thread was interrupted
   */
  synchronized boolean exit() {
    running.remove(Thread.currentThread());
    return !left;
  }

  /** It leaves. */
  synchronized void now() {
    left = true;
    running.forEach(Thread::interrupt);
  }
}
