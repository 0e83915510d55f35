package io.drasi.source.postgres.internal.thread;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A daemon thread that runs tasks in order and is there only while there are some. */
public final class OnDemandThread {
  private static final long IDLE_SECONDS = 1;

  private OnDemandThread() {}

  /** One of this name. It needs no shutdown: it ends by itself when it is idle. */
  public static ExecutorService named(String name) {
    var executor =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              var thread = new Thread(task, name);
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }
}
