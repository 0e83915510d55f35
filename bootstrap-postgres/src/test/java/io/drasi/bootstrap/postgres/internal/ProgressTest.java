package io.drasi.bootstrap.postgres.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.api.bootstrap.BootstrapSink;
import io.drasi.api.change.SourceChange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private final List<String> told = new ArrayList<>();

  /** Begins near the point at which the clock of a JVM may run over. */
  private long nanoTime = Long.MAX_VALUE - 10;

  private final BootstrapSink sink =
      new BootstrapSink() {
        @Override
        public void accept(List<SourceChange.Insert> batch) {
          throw new UnsupportedOperationException();
        }

        @Override
        public void progress(long count, OptionalLong estimatedTotal) {
          told.add(count + " of " + estimatedTotal.orElseThrow());
        }
      };

  private final Progress progress = new Progress("shop", sink, () -> nanoTime);

  private void pass(Duration duration) {
    nanoTime += duration.toNanos();
  }

  @Test
  void tellsTheBeginningAndTheEnd() {
    progress.begin(100);
    progress.add(20);
    assertThat(progress.end()).isEqualTo(20);
    assertThat(told).containsExactly("0 of 100", "20 of 20");
  }

  @Test
  void tellsOnceASecond() {
    progress.begin(100);
    pass(Duration.ofMillis(999));
    progress.add(20);
    pass(Duration.ofMillis(1));
    progress.add(20);
    progress.add(20);
    pass(Duration.ofMillis(1500));
    progress.add(5);
    assertThat(told).containsExactly("0 of 100", "40 of 100", "65 of 100");
  }

  @Test
  void neverTellsOfFewerRowsThanThereAreAlready() {
    progress.begin(10);
    pass(Duration.ofSeconds(1));
    progress.add(20);
    assertThat(told).containsExactly("0 of 10", "20 of 20");
  }
}
