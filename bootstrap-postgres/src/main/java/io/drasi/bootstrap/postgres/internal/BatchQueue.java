package io.drasi.bootstrap.postgres.internal;

import io.drasi.api.change.SourceChange;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The batches that were read and not yet handed over, between the reading thread and the calling
 * one. Either side can end it.
 *
 * <p>Thread-safe: guarded by {@code lock}; never held over I/O.
 */
final class BatchQueue implements BatchConsumer {
  private final int capacity;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<List<SourceChange.Insert>> batches = new ArrayDeque<>();
  private boolean ended;
  private boolean abandoned;

  BatchQueue(int capacity) {
    this.capacity = capacity;
  }

  /**
   * Adds a batch; waits while there is no room.
   *
   * @throws InterruptedException when nobody takes batches any more
   */
  @Override
  public void accept(List<SourceChange.Insert> batch) throws InterruptedException {
    lock.lock();
    try {
      while (batches.size() == capacity && !abandoned) {
        changed.await();
      }
      if (abandoned) {
        throw new InterruptedException("the bootstrap was cancelled");
      }
      batches.add(batch);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The next batch; waits for it. Empty at the end.
   *
   * @throws InterruptedException when the thread is interrupted, even if it need not wait
   */
  Optional<List<SourceChange.Insert>> take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (batches.isEmpty() && !ended) {
        changed.await();
      }
      changed.signalAll();
      return Optional.ofNullable(batches.poll());
    } finally {
      lock.unlock();
    }
  }

  /** No batch comes any more. Never waits. */
  void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** No batch is taken any more. Never waits. */
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
