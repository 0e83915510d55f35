package io.drasi.postgres.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** A thread that is waiting in a read when {@link #start} returns. */
final class BlockedReader {
  private final FutureTask<?> task;

  private BlockedReader(FutureTask<?> task) {
    this.task = task;
  }

  static BlockedReader start(Callable<?> read) throws InterruptedException {
    var started = new CountDownLatch(1);
    var task =
        new FutureTask<>(
            () -> {
              started.countDown();
              return read.call();
            });
    var thread = new Thread(task, "blocked-reader");
    thread.setDaemon(true);
    thread.start();
    started.await();
    while (!waitsForBytes(thread)) {
      assertThat(thread.isAlive()).isTrue();
      Thread.onSpinWait();
    }
    return new BlockedReader(task);
  }

  private static boolean waitsForBytes(Thread thread) {
    for (StackTraceElement frame : thread.getStackTrace()) {
      if (frame.getClassName().endsWith("MessageReader")
          && frame.getMethodName().equals("readSome")) {
        return true;
      }
    }
    return false;
  }

  /** What ends the read, within a second. */
  Throwable failure() throws Exception {
    try {
      Object value = task.get(1, TimeUnit.SECONDS);
      throw new AssertionError("the read gave " + value);
    } catch (ExecutionException e) {
      return Objects.requireNonNull(e.getCause());
    }
  }
}
