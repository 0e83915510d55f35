package io.drasi.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.drasi.api.change.Element;
import io.drasi.api.change.ElementPropertyMap;
import io.drasi.api.change.ElementValue;
import io.drasi.api.change.SourceChange;
import io.drasi.it.support.Servers;
import io.drasi.it.support.StreamedDatabase;
import io.drasi.it.support.TestDatabase;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Tables are changed while they are streamed: old rows keep their shape, new ones have the new. */
@ParameterizedClass
@MethodSource("io.drasi.it.support.Servers#versions")
class SchemaChangesIT {
  @Parameter String version;

  private StreamedDatabase streamed;

  @BeforeEach
  void stream() throws Exception {
    streamed =
        StreamedDatabase.start(
            TestDatabase.create(Servers.shared(version)),
            "CREATE SCHEMA shop",
            "CREATE TABLE t (id int PRIMARY KEY, a text, b int)",
            "CREATE PUBLICATION drasi_publication FOR ALL TABLES");
  }

  @AfterEach
  void stop() throws Exception {
    streamed.close();
  }

  private int major() {
    return Integer.parseInt(version);
  }

  private static ElementValue integer(long value) {
    return new ElementValue.Integer(value);
  }

  private static ElementValue text(String value) {
    return new ElementValue.Text(value);
  }

  private static Map.Entry<String, ElementValue> id(long value) {
    return Map.entry("id", integer(value));
  }

  private static String elementId(Element element) {
    return element.metadata().reference().elementId();
  }

  @Test
  void columnsComeAndGoWithinATransaction() throws Exception {
    List<Element> rows =
        streamed.inserted(
            "INSERT INTO t VALUES (1, 'a', 1)",
            "ALTER TABLE t ADD c date DEFAULT '2024-02-29'",
            "INSERT INTO t VALUES (2, 'a', 2)",
            "ALTER TABLE t DROP a",
            "INSERT INTO t VALUES (3, 3)",
            "ALTER TABLE t RENAME b TO d",
            "INSERT INTO t VALUES (4, 4)",
            "ALTER TABLE t ALTER d TYPE text USING 'text ' || d",
            "INSERT INTO t VALUES (5, '5')");
    ElementValue day = new ElementValue.Date(LocalDate.of(2024, 2, 29));
    assertThat(rows).hasSize(5);
    assertThat(rows.get(0).properties())
        .containsExactly(id(1), Map.entry("a", text("a")), Map.entry("b", integer(1)));
    assertThat(rows.get(1).properties())
        .containsExactly(
            id(2), Map.entry("a", text("a")), Map.entry("b", integer(2)), Map.entry("c", day));
    assertThat(rows.get(2).properties())
        .containsExactly(id(3), Map.entry("b", integer(3)), Map.entry("c", day));
    assertThat(rows.get(3).properties())
        .containsExactly(id(4), Map.entry("d", integer(4)), Map.entry("c", day));
    assertThat(rows.get(4).properties())
        .containsExactly(id(5), Map.entry("d", text("5")), Map.entry("c", day));
    assertThat(streamed.update("UPDATE t SET c = NULL WHERE id = 5").element().properties())
        .containsExactly(id(5), Map.entry("d", text("5")), Map.entry("c", ElementValue.Null.NULL));
  }

  @Test
  void aTableThatIsMadeAnewHasItsColumnsInTheNewOrder() throws Exception {
    List<Element> rows =
        streamed.inserted(
            "INSERT INTO t VALUES (1, 'a', 1)",
            "DROP TABLE t",
            "CREATE TABLE t (b text, a int PRIMARY KEY)",
            "INSERT INTO t VALUES ('b', 2)");
    assertThat(rows.get(0).properties())
        .containsExactly(id(1), Map.entry("a", text("a")), Map.entry("b", integer(1)));
    assertThat(rows.get(1).properties())
        .containsExactly(Map.entry("b", text("b")), Map.entry("a", integer(2)));
    assertThat(rows).extracting(SchemaChangesIT::elementId).containsExactly("t:1", "t:2");
  }

  @Test
  void aTableThatIsRenamedOrMovedHasItsNewNameFromThenOn() throws Exception {
    List<Element> rows =
        streamed.inserted(
            "INSERT INTO t VALUES (1)",
            "ALTER TABLE t RENAME TO people",
            "INSERT INTO people VALUES (2)",
            "ALTER TABLE people SET SCHEMA shop",
            "INSERT INTO shop.people VALUES (3)");
    assertThat(rows)
        .extracting(SchemaChangesIT::elementId)
        .containsExactly("t:1", "people:2", "shop.people:3");
    assertThat(rows)
        .extracting(element -> element.metadata().labels().get(0))
        .containsExactly("t", "people", "shop.people");
  }

  @Test
  void labelsOfAnEnumAreUsedInTheTransactionThatAddsThem() throws Exception {
    List<Element> rows =
        streamed.inserted(
            "CREATE TYPE mood AS ENUM ('glad')",
            major() >= 17 // before, the label has to be committed first
                ? "ALTER TYPE mood ADD VALUE 'new'"
                : "ALTER TYPE mood RENAME VALUE 'glad' TO 'new'",
            "ALTER TABLE t ADD m mood, ADD ms mood[]",
            "INSERT INTO t VALUES (1, NULL, NULL, 'new', '{new,NULL}')");
    assertThat(rows.get(0).properties())
        .containsEntry("m", text("new"))
        .containsEntry("ms", new ElementValue.List(List.of(text("new"), ElementValue.Null.NULL)));
  }

  @Test
  void aDomainIsItsBaseTypeWhateverIsDoneToIt() throws Exception {
    List<Element> rows =
        streamed.inserted(
            "CREATE DOMAIN code AS int",
            "ALTER TABLE t ADD c code",
            "INSERT INTO t VALUES (1, NULL, NULL, 7)",
            "ALTER DOMAIN code ADD CHECK (VALUE > 0)",
            "ALTER DOMAIN code RENAME TO number",
            "INSERT INTO t VALUES (2, NULL, NULL, 8)",
            "CREATE DOMAIN numbers AS " + (major() >= 11 ? "number[]" : "int[]"),
            "ALTER TABLE t ALTER c TYPE numbers USING ARRAY[%s]"
                .formatted(major() >= 11 ? "c" : "c::int"),
            "INSERT INTO t VALUES (3, NULL, NULL, '{9}')");
    assertThat(rows)
        .extracting(element -> element.properties().get("c"))
        .containsExactly(integer(7), integer(8), new ElementValue.List(List.of(integer(9))));
  }

  @Test
  void aReplicaIdentityCountsFromItsChangeOn() throws Exception {
    streamed.inserted("INSERT INTO t VALUES (1, 'a', 1)");
    assertThat(streamed.update("UPDATE t SET b = 2").before()).isNull();
    SourceChange.Update full =
        streamed.update("ALTER TABLE t REPLICA IDENTITY FULL", "UPDATE t SET b = 3");
    assertThat(full.before()).isNotNull();
    assertThat(full.before().properties())
        .containsExactly(id(1), Map.entry("a", text("a")), Map.entry("b", integer(2)));
    List<SourceChange> moved =
        streamed.changes(
            "ALTER TABLE t ALTER a SET NOT NULL",
            "CREATE UNIQUE INDEX by_a ON t (a)",
            "ALTER TABLE t REPLICA IDENTITY USING INDEX by_a",
            "UPDATE t SET a = 'b'");
    assertThat(((SourceChange.Delete) moved.get(0)).metadata().reference().elementId())
        .isEqualTo("t:a");
    assertThat(elementId(((SourceChange.Insert) moved.get(1)).element())).isEqualTo("t:b");
    SourceChange.Update byKey =
        streamed.update("ALTER TABLE t REPLICA IDENTITY DEFAULT", "UPDATE t SET b = 4");
    assertThat(byKey.before()).isNull();
    assertThat(elementId(byKey.element())).isEqualTo("t:1");
  }

  @Test
  void whatAPublicationLeavesOutIsLeftOutFromThenOn() throws Exception {
    assumeThat(major()).as("column lists").isGreaterThanOrEqualTo(15);
    streamed.inserted("INSERT INTO t VALUES (1, 'a', 1)");
    List<Element> less =
        streamed.inserted(
            "DROP PUBLICATION drasi_publication",
            "CREATE PUBLICATION drasi_publication FOR TABLE t (id, b)",
            "INSERT INTO t VALUES (2, 'a', 2)");
    assertThat(less.get(0).properties()).containsExactly(id(2), Map.entry("b", integer(2)));
    List<Element> other =
        streamed.inserted(
            "ALTER PUBLICATION drasi_publication SET TABLE t (a, id)",
            "INSERT INTO t VALUES (3, 'a', 3)");
    assertThat(other.get(0).properties()).containsExactly(id(3), Map.entry("a", text("a")));
  }

  @Test
  void generatedAndIdentityColumnsAndChildrenComeAsThePublicationHasThem() throws Exception {
    boolean stored = major() >= 18;
    List<Element> rows =
        streamed.inserted(
            "CREATE TABLE g (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a int"
                + (major() >= 12 ? ", twice int GENERATED ALWAYS AS (a * 2) STORED)" : ")"),
            "CREATE TABLE child (more text, PRIMARY KEY (id)) INHERITS (g)",
            stored
                ? "ALTER PUBLICATION drasi_publication SET (publish_generated_columns = stored)"
                : "SELECT 1",
            "INSERT INTO g (a) VALUES (5)",
            "INSERT INTO child (id, a, more) VALUES (7, 6, 'more')");
    ElementPropertyMap parent = rows.get(0).properties();
    assertThat(parent).containsEntry("id", integer(1)).containsEntry("a", integer(5));
    assertThat(parent.get("twice")).isEqualTo(stored ? integer(10) : null);
    assertThat(elementId(rows.get(1))).isEqualTo("child:7");
    assertThat(rows.get(1).properties()).containsEntry("more", text("more"));
  }

  @Test
  void rowsOfAPartitionComeFromWhenItIsAttachedUntilItIsDetached() throws Exception {
    assumeThat(major()).as("partitions are published via their root").isGreaterThan(12);
    // There a table stays what it was when the server's process first decoded a row of it.
    assumeThat(major()).as("what the server publishes").isNotEqualTo(14);
    List<Element> rows =
        streamed.inserted(
            "CREATE TABLE parts (id int PRIMARY KEY, a text) PARTITION BY RANGE (id)",
            "CREATE TABLE low (a text, id int PRIMARY KEY)",
            "DROP PUBLICATION drasi_publication",
            "CREATE PUBLICATION drasi_publication FOR TABLE parts"
                + " WITH (publish_via_partition_root)",
            "INSERT INTO low VALUES ('not in the stream', 1)",
            "ALTER TABLE parts ATTACH PARTITION low FOR VALUES FROM (0) TO (10)",
            "INSERT INTO parts VALUES (2, 'by the root')",
            "INSERT INTO low VALUES ('by itself', 3)",
            "ALTER TABLE parts DETACH PARTITION low",
            "INSERT INTO low VALUES ('not in the stream', 4)",
            "CREATE TABLE high PARTITION OF parts DEFAULT",
            "INSERT INTO parts VALUES (20, 'in another')");
    assertThat(rows)
        .extracting(SchemaChangesIT::elementId)
        .containsExactly("parts:2", "parts:3", "parts:20");
    assertThat(rows.get(1).properties()).containsExactly(id(3), Map.entry("a", text("by itself")));
  }
}
