package io.drasi.bootstrap.postgres.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.bootstrap.postgres.internal.PublishedTable.Access;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Column;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Relation;
import io.drasi.postgres.decoder.pgoutput.ReplicaIdentity;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PublishedTableTest {
  private static final BlockRange MIDDLE = new BlockRange(8, OptionalLong.of(16));

  private static PublishedTable table(
      boolean partitioned, @Nullable String rowFilter, boolean computed, String... columns) {
    var relation =
        new Relation(
            1,
            "public",
            "a \"b",
            ReplicaIdentity.DEFAULT,
            Arrays.stream(columns).map(name -> new Column(false, name, 25, -1)).toList());
    return new PublishedTable(
        relation,
        partitioned,
        Optional.ofNullable(rowFilter),
        computed,
        new Access(true, true, true));
  }

  @Test
  void copiesAPlainTableItself() {
    assertThat(table(false, null, false, "a", "B\"").copyStatement(BlockRange.ALL, CopyFormat.TEXT))
        .isEqualTo("COPY \"public\".\"a \"\"b\" (\"a\", \"B\"\"\") TO STDOUT");
  }

  @Test
  void copiesWhatTheRowFilterLetsThroughWithoutTheChildren() {
    assertThat(table(false, "(a > 1)", false, "a").copyStatement(BlockRange.ALL, CopyFormat.TEXT))
        .isEqualTo(
            "COPY (SELECT \"a\" FROM ONLY \"public\".\"a \"\"b\" WHERE ((a > 1))) TO STDOUT");
  }

  @Test
  void copiesAPartitionedTableWithItsPartitions() {
    assertThat(table(true, null, false, "a").copyStatement(BlockRange.ALL, CopyFormat.TEXT))
        .isEqualTo("COPY (SELECT \"a\" FROM \"public\".\"a \"\"b\") TO STDOUT");
  }

  @Test
  void copiesGeneratedColumnsAndNoColumnsByAQuery() {
    assertThat(table(false, null, true, "a").copyStatement(BlockRange.ALL, CopyFormat.TEXT))
        .startsWith("COPY (SELECT \"a\"");
    assertThat(table(false, null, false).copyStatement(BlockRange.ALL, CopyFormat.TEXT))
        .isEqualTo("COPY (SELECT  FROM ONLY \"public\".\"a \"\"b\") TO STDOUT");
  }

  @Test
  void copiesPartsOfATableByWhereTheirRowsLie() {
    assertThat(table(false, null, false, "a").copyStatement(MIDDLE, CopyFormat.TEXT))
        .isEqualTo(
            "COPY (SELECT \"a\" FROM ONLY \"public\".\"a \"\"b\""
                + " WHERE ctid >= '(8,0)' AND ctid < '(16,0)') TO STDOUT");
    assertThat(table(true, "a OR b", false, "a").copyStatement(MIDDLE, CopyFormat.TEXT))
        .isEqualTo(
            "COPY (SELECT \"a\" FROM \"public\".\"a \"\"b\""
                + " WHERE ctid >= '(8,0)' AND ctid < '(16,0)' AND (a OR b)) TO STDOUT");
  }

  @Test
  void copiesTheLastPartWhereverItEnds() {
    assertThat(
            table(false, null, false)
                .copyStatement(new BlockRange(16, OptionalLong.empty()), CopyFormat.TEXT))
        .endsWith(" WHERE ctid >= '(16,0)') TO STDOUT");
  }

  @Test
  void copiesBytesWhereTheyAreUnderstood() {
    assertThat(table(false, null, false, "a").copyStatement(BlockRange.ALL, CopyFormat.BINARY))
        .isEqualTo("COPY \"public\".\"a \"\"b\" (\"a\") TO STDOUT (FORMAT binary)");
    assertThat(table(true, null, false, "a").copyStatement(BlockRange.ALL, CopyFormat.BINARY))
        .endsWith(") TO STDOUT (FORMAT binary)");
  }

  @Test
  void locksPartitionsWithTheirRootAndChildrenByThemselves() {
    assertThat(table(true, null, false, "a").lockStatement())
        .isEqualTo("LOCK TABLE \"public\".\"a \"\"b\" IN ACCESS SHARE MODE");
    assertThat(table(false, null, false, "a").lockStatement())
        .isEqualTo("LOCK TABLE ONLY \"public\".\"a \"\"b\" IN ACCESS SHARE MODE");
  }
}
