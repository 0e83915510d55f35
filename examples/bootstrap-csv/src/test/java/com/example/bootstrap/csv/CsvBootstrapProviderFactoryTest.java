package com.example.bootstrap.csv;

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

class CsvBootstrapProviderFactoryTest {

  @Test
  void isFoundByItsKind() {
    assertThat(ServiceLoader.load(BootstrapProviderFactory.class))
        .extracting(BootstrapProviderFactory::kind)
        .containsExactly("csv");
  }

  @Test
  void takesFilesAsGroupsAndAsTexts() {
    var group = Map.of("label", "users", "file", "u.csv", "keyColumns", List.of("id"));

    assertThat(create(Map.of("files", List.of(group, "items(order_id, item_id) = a(1)=b.csv"))))
        .containsExactly(
            new CsvFile("users", Path.of("u.csv"), List.of("id")),
            new CsvFile("items", Path.of("a(1)=b.csv"), List.of("order_id", "item_id")));
    assertThat(create(Map.of("files", "users(id)=u.csv")))
        .containsExactly(new CsvFile("users", Path.of("u.csv"), List.of("id")));
  }

  @Test
  void namesEveryMistake() {
    var noKey = Map.of("label", "users", "file", "users.csv", "columns", "id");
    var sameKeyTwice = Map.of("label", "users", "file", "u.csv", "key_columns", "id, id");
    var noPath = Map.of("label", "users", "file", "a\0b", "key_columns", "id");

    assertProblems(
        Map.of("files", List.of(noKey, "users.csv", "a(,)=b", sameKeyTwice, noPath), "batch", 1),
        "files[0].key_columns: is missing",
        "files[1]: \"users.csv\" is not allowed; allowed is label(key column, ...)=file",
        "files[2]: the key of a needs a column",
        "files[3]: the key of users names a column twice: [id, id]",
        "files[4]: \"a\0b\" is not a path",
        "batch: is not an option; options are files",
        "files[0].columns: is not an option; options are label, file, key_columns");
    assertProblems(Map.of(), "files: is missing");
    assertProblems(
        Map.of("files", List.of()), "files: is empty; a list of at least one file is needed");
    assertProblems(Map.of("files", 5), "files: \"5\" is not allowed; allowed is a list");
  }

  private static void assertProblems(Map<String, ?> options, String... problems) {
    assertThatThrownBy(() -> create(options))
        .isInstanceOfSatisfying(
            ConfigurationException.class, e -> assertThat(e.problems()).containsExactly(problems));
  }

  private static List<CsvFile> create(Map<String, ?> options) {
    var factory = ServiceLoader.load(BootstrapProviderFactory.class).findFirst().orElseThrow();
    var provider = factory.create(BootstrapContext.of(options, Map.of("host", "db")));
    return ((CsvBootstrapProvider) provider).files();
  }
}
