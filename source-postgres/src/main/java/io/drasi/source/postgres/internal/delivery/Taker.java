package io.drasi.source.postgres.internal.delivery;

import java.lang.ref.WeakReference;

/**
 * The thread that a subscriber's events are taken on, to be named when it takes none. Thread-safe.
 */
final class Taker {
  private volatile WeakReference<Thread> last = new WeakReference<>(null);

  /** The current thread takes an event. */
  void note() {
    if (last.get() != Thread.currentThread()) {
      last = new WeakReference<>(Thread.currentThread());
    }
  }

  /** What is to be said of the thread when no event is taken; nothing while it lives. */
  String describe() {
    Thread thread = last.get();
    return thread == null || thread.isAlive()
        ? ""
        : ", whose thread %s has ended".formatted(thread.getName());
  }
}
