package io.drasi.sink.jsonl.internal.osgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drasi.api.config.ConfigurationException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SinkOptionsTest {
  @Test
  void hasDefaultsForAllButTheSource() {
    assertThat(SinkOptions.parse(Map.of("source_id", "shop")))
        .isEqualTo(new SinkOptions("shop", "jsonl", "-", false, Set.of()));
  }

  @Test
  void readsWhatAnOperatorSets() {
    var options =
        SinkOptions.parse(
            Map.of(
                "source_id", "shop",
                "subscriber_id", "copy",
                "output", "/tmp/changes.jsonl",
                "bootstrap", true,
                "node_labels", new String[] {"users", "orders"}));

    assertThat(options)
        .isEqualTo(
            new SinkOptions("shop", "copy", "/tmp/changes.jsonl", true, Set.of("users", "orders")));
  }

  @Test
  void leavesToTheFrameworkWhatIsTheFrameworks() {
    assertThat(
            SinkOptions.parse(
                Map.of(
                    "source_id", "shop",
                    "service.pid", "io.drasi.sink.jsonl~a",
                    "component.id", 7L,
                    "osgi.ds.satisfying.condition.target", "(a=b)",
                    "felix.fileinstall.filename", "file:/a.cfg")))
        .isEqualTo(new SinkOptions("shop", "jsonl", "-", false, Set.of()));
  }

  @Test
  void namesEveryMistake() {
    assertThatThrownBy(
            () -> SinkOptions.parse(Map.of("bootstrap", "maybe", "output", " ", "file", "a")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll(
            "source_id: is missing", "bootstrap: \"maybe\"", "output: is empty", "file: is not");
  }

  @Test
  void tellsAFileThatCannotBeWrittenTo(@TempDir Path folder) {
    var options = SinkOptions.parse(Map.of("source_id", "shop", "output", folder.toString()));

    assertThatThrownBy(() -> Output.open(options))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll("output: cannot be written to", folder.toString());
  }

  @Test
  void findsTheSourceByItsIdWhateverItHolds() {
    assertThat(JsonLinesSinkComponent.sourceOf("a*(b)\\").toString())
        .isEqualTo("(&(objectClass=io.drasi.api.source.Source)(drasi.source.id=a\\*\\(b\\)\\\\))");
  }
}
