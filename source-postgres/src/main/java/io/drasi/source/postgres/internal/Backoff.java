package io.drasi.source.postgres.internal;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
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

  /** A stream that has lasted so long was of use, though nothing may have come. */
  private static final Duration OF_USE = Duration.ofSeconds(10);

  private final RandomGenerator random;
  private final LongSupplier nanoTime;
  private int attempts;
  private boolean streamed;
  private long streamingSinceNanos;

  /**
   * None yet.
   *
   * @param nanoTime as {@link System#nanoTime}
   */
  Backoff(RandomGenerator random, LongSupplier nanoTime) {
    this.random = random;
    this.nanoTime = nanoTime;
  }

  /** A stream has begun. */
  void streaming() {
    streamed = true;
    streamingSinceNanos = nanoTime.getAsLong();
  }

  /**
   * A session has ended. When its stream was of use, the next attempt comes soon; a server that
   * fails each time it begins to stream is to be left in peace as one that does not answer.
   *
   * @param progress whether subscribers are further than before it
   * @return whether its stream was of use
   */
  boolean ended(boolean progress) {
    boolean ofUse =
        streamed && (progress || nanoTime.getAsLong() - streamingSinceNanos >= OF_USE.toNanos());
    if (ofUse) {
      attempts = 0;
    }
    streamed = false;
    return ofUse;
  }

  /** How long to wait before the next attempt. */
  Duration next() {
    Duration wait = WAITS.get(Math.min(attempts, WAITS.size() - 1));
    attempts++;
    double factor = 1 + JITTER * (2 * random.nextDouble() - 1);
    return Duration.ofMillis(Math.round(wait.toMillis() * factor));
  }
}
