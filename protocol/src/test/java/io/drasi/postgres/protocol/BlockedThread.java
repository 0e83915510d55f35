package io.drasi.postgres.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** A thread that reads, or writes, when the method that starts it returns. */
final class BlockedThread {
  private final FutureTask<?> task;

  private BlockedThread(FutureTask<?> task) {
    this.task = task;
  }

  static BlockedThread reading(Callable<?> read) throws InterruptedException {
    return start(read, "MessageReader", "readSome");
  }

  static BlockedThread writing(Callable<?> write) throws InterruptedException {
    return start(write, "MessageWriter", "write");
  }

  private static BlockedThread start(Callable<?> work, String type, String method)
      throws InterruptedException {
    var started = new CountDownLatch(1);
    var task =
        new FutureTask<>(
            () -> {
              started.countDown();
              return work.call();
            });
    var thread = new Thread(task, "blocked");
    thread.setDaemon(true);
    thread.start();
    started.await();
    while (!isIn(thread, type, method)) {
      assertThat(thread.isAlive()).isTrue();
      Thread.onSpinWait();
    }
    return new BlockedThread(task);
  }

  private static boolean isIn(Thread thread, String type, String method) {
    for (StackTraceElement frame : thread.getStackTrace()) {
      if (frame.getClassName().endsWith(type) && frame.getMethodName().equals(method)) {
        return true;
      }
    }
    return false;
  }

  /** What ends it, within a second. */
  Throwable failure() throws Exception {
    try {
      Object value = task.get(1, TimeUnit.SECONDS);
      throw new AssertionError("it gave " + value);
    } catch (ExecutionException e) {
      return Objects.requireNonNull(e.getCause());
    }
  }
}
