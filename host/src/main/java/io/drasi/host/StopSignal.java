package io.drasi.host;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.ExitCode;

/**
 * Turns Ctrl-C and SIGTERM into an interrupt of the working thread, and keeps the JVM until that
 * thread has put everything away, in its own order.
 */
final class StopSignal {
  private static final long PATIENCE_SECONDS = 30;

  private final Thread worker = Thread.currentThread();
  private final CountDownLatch finished = new CountDownLatch(1);
  private final Thread hook = new Thread(this::interruptAndWait, "drasi-stop");
  private volatile boolean requested;

  private StopSignal() {}

  /** What is done until it is told to stop. */
  @FunctionalInterface
  interface Work {
    int run() throws IOException;
  }

  /**
   * Does the work on this thread. What fails after the signal to stop fails because of it.
   *
   * @return the exit code
   */
  static int guard(Work work) throws IOException {
    var signal = new StopSignal();
    Runtime.getRuntime().addShutdownHook(signal.hook);
    try {
      return work.run();
    } catch (IOException | RuntimeException e) {
      if (!signal.requested) {
        throw e;
      }
      return ExitCode.SOFTWARE;
    } finally {
      signal.finish();
    }
  }

  private void finish() {
    finished.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is ending: the hook was waiting for this.
    }
  }

  private void interruptAndWait() {
    requested = true;
    worker.interrupt();
    try {
      if (!finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("drasi: ended without having put everything away");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
