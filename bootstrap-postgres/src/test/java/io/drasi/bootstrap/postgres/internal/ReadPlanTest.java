package io.drasi.bootstrap.postgres.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.bootstrap.postgres.internal.PublishedTable.Access;
import io.drasi.bootstrap.postgres.internal.ReadPlan.Wanted;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Relation;
import io.drasi.postgres.decoder.pgoutput.ReplicaIdentity;
import io.drasi.postgres.decoder.row.ElementIdFormat;
import io.drasi.postgres.decoder.row.TableMapping;
import io.drasi.postgres.decoder.value.Codecs;
import io.drasi.postgres.decoder.value.TypeCodecs;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReadPlanTest {
  private static final Wanted SMALL = wanted("small", 1, true);
  private static final Wanted LARGE = wanted("large", 100_000, true);
  private static final Wanted ONE_PIECE = wanted("one_piece", 50_000, false);

  private static Wanted wanted(String name, long blocks, boolean divisible) {
    var relation = new Relation(1, "public", name, ReplicaIdentity.DEFAULT, List.of());
    return new Wanted(
        new PublishedTable(relation, false, Optional.empty(), false, new Access(true, true, true)),
        TableMapping.of(
            "shop",
            ElementIdFormat.TABLE,
            relation,
            List.of(),
            TypeCodecs.of(new Codecs(List.of()))),
        CopyFormat.TEXT,
        new TableSize(List.of(blocks), blocks * 10, divisible));
  }

  private static List<String> tables(ReadPlan plan) {
    return plan.parts().stream().map(part -> part.whole().table().name().table()).toList();
  }

  @Test
  void oneWorkerReadsTableAfterTable() {
    ReadPlan plan = ReadPlan.of(List.of(SMALL, LARGE, ONE_PIECE), 1);
    assertThat(tables(plan)).containsExactly("small", "large", "one_piece");
    assertThat(plan.parts()).extracting(Part::range).containsOnly(BlockRange.ALL);
    assertThat(plan.estimatedRows()).isEqualTo(1_500_010);
  }

  @Test
  void severalBeginWithTheLargestAndReadItInParts() {
    ReadPlan plan = ReadPlan.of(List.of(SMALL, LARGE, ONE_PIECE), 4);
    List<String> tables = tables(plan);
    assertThat(tables.indexOf("one_piece")).isBetween(32, 64);
    assertThat(tables.subList(0, tables.indexOf("one_piece"))).containsOnly("large");
    assertThat(tables).endsWith("one_piece", "small");
  }

  @Test
  void smallTablesAreNotDividedHoweverManyWorkersThereAre() {
    assertThat(ReadPlan.of(List.of(wanted("some", 255, true), SMALL), 64).parts()).hasSize(2);
  }

  @Test
  void noTwoRowsHaveOneOrdinal() {
    List<Part> parts = ReadPlan.of(List.of(LARGE), 64).parts();
    assertThat(parts).extracting(Part::firstOrdinal).doesNotHaveDuplicates();
    assertThat(parts.get(1).firstOrdinal() - parts.get(0).firstOrdinal())
        .isGreaterThan(1_000_000_000_000L);
  }
}
