package io.drasi.bootstrap.postgres.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.bootstrap.postgres.internal.PublishedTable.Access;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Column;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Relation;
import io.drasi.postgres.decoder.pgoutput.ReplicaIdentity;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PublishedTableTest {
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
    assertThat(table(false, null, false, "a", "B\"").copyStatement())
        .isEqualTo("COPY \"public\".\"a \"\"b\" (\"a\", \"B\"\"\") TO STDOUT");
  }

  @Test
  void copiesWhatTheRowFilterLetsThroughWithoutTheChildren() {
    assertThat(table(false, "(a > 1)", false, "a").copyStatement())
        .isEqualTo(
            "COPY (SELECT \"a\" FROM ONLY \"public\".\"a \"\"b\" WHERE ((a > 1))) TO STDOUT");
  }

  @Test
  void copiesAPartitionedTableWithItsPartitions() {
    assertThat(table(true, null, false, "a").copyStatement())
        .isEqualTo("COPY (SELECT \"a\" FROM \"public\".\"a \"\"b\") TO STDOUT");
  }

  @Test
  void copiesGeneratedColumnsAndNoColumnsByAQuery() {
    assertThat(table(false, null, true, "a").copyStatement()).startsWith("COPY (SELECT \"a\"");
    assertThat(table(false, null, false).copyStatement())
        .isEqualTo("COPY (SELECT  FROM ONLY \"public\".\"a \"\"b\") TO STDOUT");
  }

  @Test
  void locksPartitionsWithTheirRootAndChildrenByThemselves() {
    assertThat(table(true, null, false, "a").lockStatement())
        .isEqualTo("LOCK TABLE \"public\".\"a \"\"b\" IN ACCESS SHARE MODE");
    assertThat(table(false, null, false, "a").lockStatement())
        .isEqualTo("LOCK TABLE ONLY \"public\".\"a \"\"b\" IN ACCESS SHARE MODE");
  }
}
