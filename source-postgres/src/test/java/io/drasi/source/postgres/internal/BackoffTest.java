package io.drasi.source.postgres.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private static final List<Long> MIDDLES =
      List.of(100L, 1_000L, 5_000L, 10_000L, 20_000L, 40_000L, 60_000L, 60_000L, 60_000L);

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE); // it may wrap
  private final Backoff backoff = new Backoff(always(0.5), nanos::get);

  private static RandomGenerator always(double value) {
    return new RandomGenerator() {
      @Override
      public long nextLong() {
        return 0;
      }

      @Override
      public double nextDouble() {
        return value;
      }
    };
  }

  private static List<Long> waits(RandomGenerator random) {
    var backoff = new Backoff(random, () -> 0);
    return Stream.generate(() -> backoff.next().toMillis()).limit(MIDDLES.size()).toList();
  }

  @Test
  void waitsLongerEachTimeUpToAMinute() {
    assertThat(waits(always(0.5))).isEqualTo(MIDDLES);
  }

  @Test
  void variesByAFifthUpAndDown() {
    assertThat(waits(always(0))).isEqualTo(MIDDLES.stream().map(m -> m * 8 / 10).toList());
    assertThat(waits(always(1))).isEqualTo(MIDDLES.stream().map(m -> m * 12 / 10).toList());
    List<Long> waits = waits(new Random(42));
    IntStream.range(0, MIDDLES.size())
        .forEach(
            i ->
                assertThat(waits.get(i))
                    .isBetween(MIDDLES.get(i) * 8 / 10, MIDDLES.get(i) * 12 / 10));
  }

  @Test
  void startsOverAfterAStreamThatBroughtSomething() {
    streamAndEnd(Duration.ZERO, true);
    assertThat(backoff.next()).isEqualTo(Duration.ofMillis(100));
  }

  @Test
  void startsOverAfterAStreamThatLasted() {
    streamAndEnd(Duration.ofSeconds(10), false);
    assertThat(backoff.next()).isEqualTo(Duration.ofMillis(100));
  }

  @Test
  void goesOnAfterAStreamThatBroughtNothing() {
    streamAndEnd(Duration.ofSeconds(10).minusNanos(1), false);
    assertThat(backoff.next()).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void goesOnWhereNothingWasStreamed() {
    streamAndEnd(Duration.ZERO, true);
    backoff.next();
    nanos.addAndGet(Duration.ofHours(1).toNanos());
    backoff.ended(true);
    assertThat(backoff.next()).isEqualTo(Duration.ofSeconds(1));
  }

  private void streamAndEnd(Duration lasting, boolean progress) {
    backoff.next();
    backoff.next();
    backoff.streaming();
    nanos.addAndGet(lasting.toNanos());
    backoff.ended(progress);
  }
}
