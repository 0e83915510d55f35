package io.drasi.bootstrap.postgres.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableSizeTest {
  private static TableSize of(Long... blocks) {
    return new TableSize(List.of(blocks), 0, true);
  }

  private static BlockRange range(long from, long to) {
    return new BlockRange(from, OptionalLong.of(to));
  }

  private static BlockRange from(long from) {
    return new BlockRange(from, OptionalLong.empty());
  }

  @Test
  void dividesATableEvenlyAndLeavesTheEndOpen() {
    assertThat(of(100L).divide(30)).containsExactly(range(0, 33), range(33, 66), from(66));
  }

  @Test
  void dividesPartitionsByWhatLiesInAllOfThem() {
    assertThat(of(10L, 100L, 10L).divide(30))
        .containsExactly(range(0, 10), range(10, 40), range(40, 70), from(70));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 59})
  void doesNotDivideWhatIsTooSmall(long blocks) {
    assertThat(of(blocks).divide(30)).containsExactly(BlockRange.ALL);
  }

  @Test
  void doesNotDivideWhatCannotBeDivided() {
    assertThat(new TableSize(List.of(100L), 0, false).divide(30)).containsExactly(BlockRange.ALL);
    assertThat(TableSize.UNKNOWN.divide(30)).containsExactly(BlockRange.ALL);
  }

  @Test
  void dividesTheLargestTableThereCanBe() {
    assertThat(of(4_294_967_294L).divide(4_194_304)).hasSize(1023);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void rangesFollowEachOtherWithoutGapAndHoldAboutTheSame(long seed) {
    var random = new Random(seed);
    List<Long> blocks = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      blocks.add((long) random.nextInt(random.nextBoolean() ? 100 : 5000));
    }
    var size = new TableSize(blocks, 0, true);
    List<BlockRange> ranges = size.divide(1000);
    long next = 0;
    for (BlockRange range : ranges) {
      assertThat(range.from()).isEqualTo(next);
      next = range.to().orElse(Long.MAX_VALUE);
      long first = range.from();
      long end = next;
      long held = blocks.stream().mapToLong(b -> Math.min(b, end) - Math.min(b, first)).sum();
      // A block more in each partition is as exact as it gets.
      assertThat(held).isBetween(1000L - blocks.size(), 2000L + blocks.size());
    }
    assertThat(next).isEqualTo(Long.MAX_VALUE);
  }
}
