package io.drasi.source.postgres.internal;

import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt to connect: soon at first, then longer, with a random
 * part, so that many sources do not return at one moment.
 *
 * <p>Confined to the replication thread.
 */
final class Backoff {
  private static final List<Duration> WAITS =
      List.of(
          Duration.ofMillis(100),
          Duration.ofSeconds(1),
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          Duration.ofSeconds(20),
          Duration.ofSeconds(40),
          Duration.ofSeconds(60));

  /** The random part: up to so much more or less. */
  private static final double JITTER = 0.2;

  private final RandomGenerator random;
  private int attempts;

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  /** The connection was of use: the next attempt comes soon again. */
  void reset() {
    attempts = 0;
  }

  /** How long to wait before the next attempt. */
  Duration next() {
    Duration wait = WAITS.get(Math.min(attempts, WAITS.size() - 1));
    attempts++;
    double factor = 1 + JITTER * (2 * random.nextDouble() - 1);
    return Duration.ofMillis(Math.round(wait.toMillis() * factor));
  }
}
