package io.drasi.it.faults;

import static io.drasi.it.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.api.source.ManagedSource;
import io.drasi.api.source.SourceState;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** Stops sources, and measures how long that takes. */
final class Stopwatch {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration LONG = Duration.ofSeconds(60);

  private Stopwatch() {}

  /**
   * Stops a source, which has to return.
   *
   * @return how many milliseconds it took until the source was stopped, and all its threads ended
   */
  static double stop(ManagedSource source) throws Exception {
    var stop = new FutureTask<>(() -> stopped(source));
    new Thread(stop, "stop").start();
    return millis(stop.get(LONG.toSeconds(), TimeUnit.SECONDS));
  }

  private static long stopped(ManagedSource source) throws Exception {
    long begun = System.nanoTime();
    source.stop();
    long took = System.nanoTime() - begun;
    assertThat(source.status().state()).isEqualTo(SourceState.STOPPED);
    if (threads(source).isEmpty()) {
      return took;
    }
    eventually("all threads have ended: " + threads(source), SOON, () -> threads(source).isEmpty());
    return System.nanoTime() - begun;
  }

  /**
   * The names of the threads that it has, less the one that tells listeners of the status, which
   * ends when it has had nothing to do for a while.
   */
  private static List<String> threads(ManagedSource source) {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith(source.id() + "-"))
        .filter(name -> !name.equals(source.id() + "-events"))
        .toList();
  }

  /** Nanoseconds as milliseconds. */
  static double millis(long nanos) {
    return TimeUnit.NANOSECONDS.toMicros(nanos) / 1000.0;
  }
}
