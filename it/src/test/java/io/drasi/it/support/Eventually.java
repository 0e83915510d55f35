package io.drasi.it.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.api.source.Source;
import io.drasi.api.source.SourceState;
import io.drasi.api.source.SourceStatus;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for what another process does in its own time. */
public final class Eventually {
  private Eventually() {}

  /** Waits until a condition holds, which is asked every 20 ms. */
  public static void eventually(String what, Duration deadline, Callable<Boolean> condition)
      throws Exception {
    long end = System.nanoTime() + deadline.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() > end) {
        throw new TimeoutException("not within %s: %s".formatted(deadline, what));
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  /** Waits until a source streams; ends at once when it has failed. */
  public static void awaitRunning(Source source) throws Exception {
    eventually(
        "the source streams",
        Duration.ofSeconds(30),
        () -> {
          SourceStatus status = source.status();
          assertThat(status.state()).as(status.toString()).isNotEqualTo(SourceState.FAILED);
          return status.state() == SourceState.RUNNING;
        });
  }
}
