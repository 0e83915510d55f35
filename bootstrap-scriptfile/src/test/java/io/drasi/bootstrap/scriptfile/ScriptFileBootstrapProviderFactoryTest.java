package io.drasi.bootstrap.scriptfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drasi.api.bootstrap.BootstrapContext;
import io.drasi.api.bootstrap.BootstrapProviderFactory;
import io.drasi.api.config.ConfigurationException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptFileBootstrapProviderFactoryTest {

  @Test
  void isFoundByItsKind() {
    assertThat(ServiceLoader.load(BootstrapProviderFactory.class))
        .extracting(BootstrapProviderFactory::kind)
        .containsExactly("scriptfile");
  }

  @Test
  void makesAProviderOfItsOptions() {
    var provider = create(Map.of("filePaths", List.of("a.jsonl", "b.jsonl"), "batch_size", "10"));

    assertThat(provider.filePaths()).containsExactly(Path.of("a.jsonl"), Path.of("b.jsonl"));
    assertThat(provider.batchSize()).isEqualTo(10);
  }

  @Test
  void takesOneTextAsAListAndAThousandAsTheBatchSize() {
    var provider = create(Map.of("file_paths", "a.jsonl, b.jsonl"));

    assertThat(provider.filePaths()).containsExactly(Path.of("a.jsonl"), Path.of("b.jsonl"));
    assertThat(provider.batchSize()).isEqualTo(1000);
  }

  @Test
  void namesEveryMistake() {
    assertThatThrownBy(() -> create(Map.of("batch_size", 0, "file_path", "a.jsonl")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            """
            file_paths: is missing
            batch_size: "0" is not allowed; allowed is a whole number from 1 to 100000
            file_path: is not an option; options are file_paths, batch_size""");
    assertThatThrownBy(() -> create(Map.of("file_paths", List.of("a\0b"))))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("file_paths: \"a\0b\" is not a path");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 100_001})
  void refusesABatchSizeOutOfBounds(int batchSize) {
    assertThatThrownBy(() -> ScriptFileBootstrapProvider.builder().withBatchSize(batchSize))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("batchSize must be from 1 to 100000, was " + batchSize);
  }

  @Test
  void wantsAFile() {
    assertThatThrownBy(() -> ScriptFileBootstrapProvider.builder().build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("filePaths must name at least one file");
  }

  private static ScriptFileBootstrapProvider create(Map<String, ?> options) {
    var factory = ServiceLoader.load(BootstrapProviderFactory.class).findFirst().orElseThrow();
    return (ScriptFileBootstrapProvider)
        factory.create(BootstrapContext.of(options, Map.of("host", "db")));
  }
}
