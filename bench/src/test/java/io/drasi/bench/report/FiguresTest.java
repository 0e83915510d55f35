package io.drasi.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.bench.client.Measurement;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class FiguresTest {
  private static final long ROWS = 1_000;

  /** Rounds that took so many seconds. */
  static Figures rounds(double... seconds) {
    List<Measurement> rounds =
        DoubleStream.of(seconds)
            .mapToObj(each -> new Measurement(ROWS, 0, 0, each, 2 * each, 0, 0, 0, 0, Map.of()))
            .toList();
    return new Figures(rounds);
  }

  @Test
  void theMedianIsNotMovedByOneBadRound() {
    assertThat(rounds(1, 2, 100).median(Figures::rowsPerSecond)).isEqualTo(500);
    assertThat(rounds(1, 2).median(Figures::rowsPerSecond)).isEqualTo(750);
  }

  @Test
  void theSpreadHasTheLeastAndTheMost() {
    assertThat(rounds(2, 1, 4).spread(Figures::rowsPerSecond)).isEqualTo("500 (250–1,000)");
  }

  @Test
  void ratiosAreTakenRoundByRound() {
    Figures twiceAsSlow = rounds(2, 20, 200);
    Figures other = rounds(1, 10, 100);

    assertThat(twiceAsSlow.ratio(other, Figures::rowsPerSecond)).isEqualTo(0.5);
  }

  @Test
  void cpuTimeIsGivenForAMillionRows() {
    assertThat(rounds(3).median(Figures::cpuPerMillion)).isEqualTo(6_000);
  }
}
