package io.drasi.source.postgres.internal.delivery;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A call on a thread of its own that is expected to wait. */
final class Waiting {
  private final Thread thread;
  private volatile @Nullable Object result;
  private volatile @Nullable Throwable failure;

  /** Starts the call, and returns when it waits. */
  static Waiting on(Callable<?> call) {
    var waiting = new Waiting(call);
    waiting.awaitWaiting();
    return waiting;
  }

  /** Starts the call. */
  Waiting(Callable<?> call) {
    thread =
        new Thread(
            () -> {
              try {
                result = call.call();
              } catch (Throwable e) {
                failure = e;
              }
            },
            "waiting");
    thread.setDaemon(true);
    thread.start();
  }

  /** Returns when the call waits; the surrounding test has a time limit. */
  void awaitWaiting() {
    while (thread.getState() != Thread.State.WAITING
        && thread.getState() != Thread.State.TIMED_WAITING) {
      if (!thread.isAlive()) {
        throw new AssertionError("did not wait: " + result, failure);
      }
      Thread.onSpinWait();
    }
  }

  /** Returns when the call waits or has returned; says whether it has returned. */
  boolean awaitWaitingOrReturn() {
    Thread.State state = thread.getState();
    while (state != Thread.State.WAITING
        && state != Thread.State.TIMED_WAITING
        && state != Thread.State.TERMINATED) {
      Thread.onSpinWait();
      state = thread.getState();
    }
    return state == Thread.State.TERMINATED;
  }

  boolean isDone() {
    return !thread.isAlive();
  }

  void interrupt() {
    thread.interrupt();
  }

  void awaitReturn() throws InterruptedException {
    thread.join();
  }

  /** What the call returned. */
  Object result() {
    Object returned = result;
    if (returned == null) {
      throw new AssertionError("the call returned nothing", failure);
    }
    return returned;
  }

  /** What the call threw. */
  Throwable failure() {
    Throwable thrown = failure;
    if (thrown == null) {
      throw new AssertionError("the call threw nothing, it returned " + result);
    }
    return thrown;
  }
}
