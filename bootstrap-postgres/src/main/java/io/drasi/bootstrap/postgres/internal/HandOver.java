package io.drasi.bootstrap.postgres.internal;

import io.drasi.api.change.SourceChange;
import io.drasi.postgres.decoder.position.PostgresPosition;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What was read and not yet handed over, between the reading threads and the calling one. Either
 * side can end it.
 *
 * <p>Thread-safe: guarded by {@code lock}; never held over I/O.
 */
final class HandOver implements BatchConsumer {

  /** What the calling thread takes. */
  sealed interface Item {
    /** Reading waits for something before it can begin. */
    record Waiting(String what) implements Item {}

    /** Reading begins. */
    record Begun(PostgresPosition position, long estimatedRows) implements Item {}

    /** Elements were read. */
    record Elements(List<SourceChange.Insert> batch) implements Item {}
  }

  private final int capacity;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Item> batches = new ArrayDeque<>();

  /** The last word about waiting, or that it is over, until it is taken. */
  private @Nullable Item news;

  private boolean begun;
  private boolean ended;
  private boolean abandoned;

  /**
   * An empty one.
   *
   * @param capacity how many batches it holds at most
   */
  HandOver(int capacity) {
    this.capacity = capacity;
  }

  /** Tells what reading waits for, in place of what was told before. Never waits. */
  void waitingFor(String what) {
    lock.lock();
    try {
      if (!begun) {
        news = new Item.Waiting(what);
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Reading begins: whoever still tells that it waits is late. Never waits. */
  void begin(PostgresPosition position, long estimatedRows) {
    lock.lock();
    try {
      begun = true;
      news = new Item.Begun(position, estimatedRows);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Adds a batch; waits while there is no room.
   *
   * @throws InterruptedException when the thread is interrupted, or nobody takes batches any more
   */
  @Override
  public void accept(List<SourceChange.Insert> batch) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (batches.size() == capacity && !abandoned) {
        changed.await();
      }
      if (abandoned) {
        throw new InterruptedException("the bootstrap was cancelled");
      }
      batches.add(new Item.Elements(batch));
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The next item; waits for it. Empty at the end.
   *
   * @throws InterruptedException when the thread is interrupted, even if it need not wait
   */
  Optional<Item> take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (news == null && batches.isEmpty() && !ended) {
        changed.await();
      }
      Item next = news == null ? batches.poll() : news;
      news = null;
      changed.signalAll();
      return Optional.ofNullable(next);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits.
   *
   * @throws InterruptedException when the thread is interrupted, or nobody takes batches any more
   */
  void pause(Duration pause) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = pause.toNanos();
      while (left > 0 && !abandoned) {
        left = changed.awaitNanos(left);
      }
      if (abandoned) {
        throw new InterruptedException("the bootstrap was cancelled");
      }
    } finally {
      lock.unlock();
    }
  }

  /** Nothing comes any more. Never waits. */
  void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Nothing is taken any more. Never waits. */
  void abandon() {
    lock.lock();
    try {
      abandoned = true;
      batches.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
