package io.drasi.postgres.protocol.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PaceTest {
  private static final int LITTLE = 100;

  private final AtomicLong nanos = new AtomicLong();
  private final AtomicLong naps = new AtomicLong();
  private final Pace pace =
      new Pace(
          nanos::get,
          nap -> {
            naps.incrementAndGet();
            nanos.addAndGet(nap);
          });

  /** Reads so often, each time waiting for so long; says how often it napped. */
  private long napsIn(int reads, long nanosEach, int bytes) {
    long before = naps.get();
    for (int i = 0; i < reads; i++) {
      pace.beforeRead();
      nanos.addAndGet(nanosEach);
      pace.afterRead(bytes);
    }
    return naps.get() - before;
  }

  @Test
  void aStreamThatRunsHotIsReadWithNapsBetween() {
    assertThat(napsIn(Pace.READS, Pace.HOT_NANOS / 2, LITTLE)).isZero();
    assertThat(napsIn(Pace.READS, Pace.HOT_NANOS / 2, LITTLE)).isEqualTo(Pace.READS);
  }

  @Test
  void afterTheNapsItIsLookedAgain() {
    napsIn(2 * Pace.READS, Pace.HOT_NANOS / 2, LITTLE);

    assertThat(napsIn(Pace.READS, 2 * Pace.HOT_NANOS, LITTLE)).isZero();
    assertThat(napsIn(10 * Pace.READS, 2 * Pace.HOT_NANOS, LITTLE)).isZero();
  }

  @Test
  void whatComesNowAndThenIsReadAtOnce() {
    assertThat(napsIn(10 * Pace.READS, Pace.HOT_NANOS, LITTLE)).isZero();
  }

  @Test
  void readsThatBringMuchAreNotPutOff() {
    assertThat(napsIn(10 * Pace.READS, 1, (int) Pace.LARGE_BYTES)).isZero();
  }
}
