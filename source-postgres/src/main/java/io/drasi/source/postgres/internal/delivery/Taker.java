package io.drasi.source.postgres.internal.delivery;

import java.lang.ref.WeakReference;

/**
 * The thread that a subscriber's events are taken on, to be named when it takes none. Thread-safe.
 */
final class Taker {
  private volatile Last last = new Last("", new WeakReference<>(null));

  /** A thread is never collected while it runs, so one that was has ended. */
  private record Last(String name, WeakReference<Thread> thread) {
    boolean is(Thread other) {
      return thread.refersTo(other);
    }

    boolean hasEnded() {
      Thread taking = thread.get();
      return !name.isEmpty() && (taking == null || !taking.isAlive());
    }
  }

  /** The current thread takes an event. */
  void note() {
    Thread current = Thread.currentThread();
    if (!last.is(current)) {
      last = new Last(current.getName(), new WeakReference<>(current));
    }
  }

  /** What is to be said of the thread when no event is taken; nothing while it lives. */
  String describe() {
    Last taking = last;
    return taking.hasEnded() ? " (its thread %s has ended)".formatted(taking.name()) : "";
  }
}
