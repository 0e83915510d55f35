package io.drasi.source.postgres.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Subscribers that come, take, acknowledge and leave at random, and sessions that break off in the
 * middle of a transaction's delivery: each subscriber sees each transaction once, in order, and
 * nothing is confirmed that someone still needs. {@link HubModel} keeps the score.
 */
@Timeout(60)
class HubModelTest {
  private static final int STEPS = 400;

  /** The same seeds each time, and a new one; a failure names its seed. */
  static LongStream seeds() {
    return LongStream.concat(LongStream.range(0, 100), LongStream.of(System.nanoTime()));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everySubscriberSeesEveryTransactionOnceAndNothingIsConfirmedTooEarly(long seed)
      throws Exception {
    var random = new Random(seed);
    var model = new HubModel(random);
    for (int step = 0; step < STEPS; step++) {
      try {
        model.step();
        model.check();
      } catch (Exception | AssertionError e) {
        throw new AssertionError("seed %d, step %d: %s".formatted(seed, step, model.last()), e);
      }
    }
    model.finish();
    assertThat(model.delivered()).as("seed %d: transactions taken", seed).isPositive();
  }
}
