package io.drasi.source.postgres.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.source.postgres.testing.HandClock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SteadyClockTest {
  private final HandClock timeOfDay = new HandClock();
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5); // it may wrap
  private final SteadyClock clock = SteadyClock.begin(timeOfDay, nanos::get);

  @ParameterizedTest
  @ValueSource(longs = {1, -1})
  void doesNotJumpWhenTheTimeOfDayIsSet(long hours) {
    timeOfDay.advance(Duration.ofHours(hours));
    assertThat(clock.instant()).isEqualTo(Instant.EPOCH);
    nanos.addAndGet(Duration.ofSeconds(7).toNanos());
    assertThat(clock.instant()).isEqualTo(Instant.EPOCH.plusSeconds(7));
  }

  @Test
  void isTheSameInAnyZone() {
    ZoneId zone = ZoneId.of("Pacific/Chatham");
    nanos.addAndGet(1);
    assertThat(clock.withZone(zone).getZone()).isEqualTo(zone);
    assertThat(clock.withZone(zone).instant()).isEqualTo(clock.instant());
    assertThat(clock.getZone()).isEqualTo(timeOfDay.getZone());
  }
}
