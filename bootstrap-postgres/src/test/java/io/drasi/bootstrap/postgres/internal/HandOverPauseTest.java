package io.drasi.bootstrap.postgres.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class HandOverPauseTest {
  private final HandOver handOver = new HandOver(1);

  @Test
  void aPauseEnds() throws Exception {
    long begun = System.nanoTime();
    handOver.pause(Duration.ofMillis(5));
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(4));
  }

  @Test
  void aPauseEndsWhenTheBootstrapIsCancelled() throws Exception {
    var pause =
        new FutureTask<Void>(
            () -> {
              handOver.pause(Duration.ofDays(1));
              return null;
            });
    new Thread(pause, "pausing").start();
    handOver.abandon();
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(pause::get)
        .withCauseInstanceOf(InterruptedException.class);
  }
}
