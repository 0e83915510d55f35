package io.drasi.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.api.change.Element;
import io.drasi.api.change.ElementValue;
import io.drasi.api.change.SourceChange;
import io.drasi.it.support.Servers;
import io.drasi.it.support.StreamedDatabase;
import io.drasi.it.support.TestDatabase;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Values that the server stores out of line, under each replica identity. */
@ParameterizedClass
@MethodSource("io.drasi.it.support.Servers#versions")
class LargeValuesIT {
  private static final String FIRST = "1".repeat(10_000);
  private static final String SECOND = "2".repeat(10_000);
  private static final String THIRD = "3".repeat(10_000);

  @Parameter String version;

  private StreamedDatabase streamed;

  @AfterEach
  void stop() throws Exception {
    streamed.close();
  }

  private void stream(String identity) throws Exception {
    streamed =
        StreamedDatabase.start(
            TestDatabase.create(Servers.shared(version)),
            "CREATE TABLE t (id int PRIMARY KEY, n int NOT NULL, a text, b text)",
            "ALTER TABLE t ALTER a SET STORAGE EXTERNAL, ALTER b SET STORAGE EXTERNAL",
            "CREATE UNIQUE INDEX by_n ON t (n)",
            "ALTER TABLE t REPLICA IDENTITY " + identity,
            "CREATE PUBLICATION drasi_publication FOR TABLE t WITH (publish = 'insert%s')"
                .formatted(identity.equals("NOTHING") ? "" : ", update, delete"));
    List<Element> rows =
        streamed.inserted("INSERT INTO t VALUES (1, 1, '%s', '%s')".formatted(FIRST, SECOND));
    assertThat(rows.get(0).properties())
        .containsEntry("a", text(FIRST))
        .containsEntry("b", text(SECOND));
  }

  private static ElementValue text(String value) {
    return new ElementValue.Text(value);
  }

  private static Element before(SourceChange.Update update) {
    return Objects.requireNonNull(update.before());
  }

  @Test
  void underDefaultWhatDidNotChangeIsAbsent() throws Exception {
    stream("DEFAULT");
    withoutOldRows("t:1", "UPDATE t SET n = n + 1");
    List<SourceChange> moved = streamed.changes("UPDATE t SET id = 2");
    assertThat(((SourceChange.Insert) moved.get(1)).element().properties())
        .as("the server does not repeat it")
        .doesNotContainKey("b")
        .containsEntry("a", ElementValue.Null.NULL)
        .containsEntry("id", new ElementValue.Integer(2));
  }

  @Test
  void underAnIndexWhatDidNotChangeIsAbsent() throws Exception {
    stream("USING INDEX by_n");
    withoutOldRows("t:1", "UPDATE t SET id = id + 1");
  }

  /** Changes that leave the key alone. */
  private void withoutOldRows(String elementId, String elsewhere) throws Exception {
    SourceChange.Update unchanged = streamed.update(elsewhere);
    assertThat(unchanged.element().metadata().reference().elementId()).isEqualTo(elementId);
    assertThat(unchanged.element().properties()).doesNotContainKeys("a", "b");
    SourceChange.Update changed = streamed.update("UPDATE t SET a = '%s'".formatted(THIRD));
    assertThat(changed.element().properties())
        .containsEntry("a", text(THIRD))
        .doesNotContainKey("b");
    SourceChange.Update moved = streamed.update("UPDATE t SET a = b, b = a");
    assertThat(moved.element().properties())
        .containsEntry("a", text(SECOND))
        .containsEntry("b", text(THIRD));
    SourceChange.Update nothing = streamed.update("UPDATE t SET a = NULL");
    assertThat(nothing.element().properties())
        .containsEntry("a", ElementValue.Null.NULL)
        .doesNotContainKey("b");
    assertThat(List.of(unchanged, changed, moved, nothing))
        .allSatisfy(update -> assertThat(update.before()).isNull());
  }

  @Test
  void underFullEveryValueIsThereBeforeAndAfter() throws Exception {
    stream("FULL");
    SourceChange.Update unchanged = streamed.update("UPDATE t SET n = 2");
    assertThat(unchanged.element().properties())
        .containsEntry("a", text(FIRST))
        .containsEntry("b", text(SECOND));
    assertThat(before(unchanged).properties())
        .containsEntry("n", new ElementValue.Integer(1))
        .containsEntry("a", text(FIRST))
        .containsEntry("b", text(SECOND));
    SourceChange.Update moved = streamed.update("UPDATE t SET a = b, b = a");
    assertThat(moved.element().properties())
        .containsEntry("a", text(SECOND))
        .containsEntry("b", text(FIRST));
    assertThat(before(moved).properties())
        .containsEntry("a", text(FIRST))
        .containsEntry("b", text(SECOND));
    SourceChange.Update nothing = streamed.update("UPDATE t SET a = NULL");
    assertThat(nothing.element().properties())
        .containsEntry("a", ElementValue.Null.NULL)
        .containsEntry("b", text(FIRST));
    assertThat(before(nothing).properties()).containsEntry("a", text(SECOND));
    SourceChange.Update again = streamed.update("UPDATE t SET a = '%s'".formatted(THIRD));
    assertThat(again.element().properties()).containsEntry("a", text(THIRD));
    assertThat(before(again).properties())
        .containsEntry("a", ElementValue.Null.NULL)
        .containsEntry("b", text(FIRST));
    var delete = (SourceChange.Delete) streamed.changes("DELETE FROM t").get(0);
    assertThat(Objects.requireNonNull(delete.before()).properties())
        .containsEntry("a", text(THIRD))
        .containsEntry("b", text(FIRST));
  }

  @Test
  void underNothingRowsCanBeInserted() throws Exception {
    stream("NOTHING");
    assertThat(streamed.inserted("INSERT INTO t VALUES (2, 2, '%s')".formatted(THIRD)))
        .singleElement()
        .satisfies(element -> assertThat(element.properties()).containsEntry("a", text(THIRD)));
  }
}
