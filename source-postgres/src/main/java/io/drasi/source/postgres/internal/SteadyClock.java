package io.drasi.source.postgres.internal;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.function.LongSupplier;

/**
 * A clock that never jumps, for measuring how long something takes: it begins with the time of day,
 * and goes on as {@link System#nanoTime} does, whatever the machine's clock is set to meanwhile.
 *
 * <p>Thread-safe.
 */
public final class SteadyClock extends Clock {
  private final Instant begun;
  private final long begunNanos;
  private final LongSupplier nanoTime;
  private final ZoneId zone;

  private SteadyClock(Instant begun, long begunNanos, LongSupplier nanoTime, ZoneId zone) {
    this.begun = begun;
    this.begunNanos = begunNanos;
    this.nanoTime = nanoTime;
    this.zone = zone;
  }

  /** A clock that begins now. */
  public static SteadyClock begin() {
    return begin(Clock.systemUTC(), System::nanoTime);
  }

  /**
   * A clock that begins now.
   *
   * @param timeOfDay is looked at once
   * @param nanoTime as {@link System#nanoTime}
   */
  static SteadyClock begin(Clock timeOfDay, LongSupplier nanoTime) {
    return new SteadyClock(
        timeOfDay.instant(), nanoTime.getAsLong(), nanoTime, timeOfDay.getZone());
  }

  @Override
  public Instant instant() {
    return begun.plusNanos(nanoTime.getAsLong() - begunNanos);
  }

  @Override
  public ZoneId getZone() {
    return zone;
  }

  @Override
  public Clock withZone(ZoneId newZone) {
    return new SteadyClock(begun, begunNanos, nanoTime, newZone);
  }
}
