package io.drasi.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.drasi.it.support.BundleFile;
import io.drasi.it.support.HostProcess;
import io.drasi.it.support.Servers;
import io.drasi.it.support.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is changed while the packaged command runs: its configuration, and its bundles. */
class HostChangesIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  private TestDatabase database;
  private int inserted;

  @BeforeEach
  void createDatabase() throws Exception {
    database = TestDatabase.create(Servers.shared(Servers.newest()));
    database.run(
        "CREATE TABLE users (id int PRIMARY KEY, name text)",
        "CREATE PUBLICATION drasi_publication FOR TABLE users");
  }

  @AfterEach
  void dropDatabase() throws Exception {
    database.close();
  }

  private Path configuration() {
    return folder.resolve("config.yaml");
  }

  /** Writes the file as an editor does: at once. */
  private void write(String... sources) throws IOException {
    Path part = Files.writeString(folder.resolve("part"), "sources:\n" + String.join("", sources));
    Files.move(part, configuration(), StandardCopyOption.ATOMIC_MOVE);
  }

  /** A source with a slot of its own. */
  private String source(String id, Map<String, String> more) {
    Map<String, String> options = new TreeMap<>(database.options());
    options.put("slot_name", database.slot() + "_" + id);
    options.putAll(more);
    return options.entrySet().stream()
        .map(option -> "      %s: '%s'\n".formatted(option.getKey(), option.getValue()))
        .collect(
            Collectors.joining(
                "", "  - source_type: postgres\n    id: %s\n    properties:\n".formatted(id), ""));
  }

  /** Inserts a row, and waits until these sources have printed all rows, each once. */
  private void insertAndAwait(HostProcess run, String... ids) throws Exception {
    database.run("INSERT INTO users VALUES (%d, 'Alice')".formatted(++inserted));
    for (String id : ids) {
      run.await(id + " has printed row " + inserted, () -> printed(run, id).contains(inserted));
      assertThat(printed(run, id)).doesNotHaveDuplicates();
    }
  }

  private static List<Integer> printed(HostProcess run, String id) throws IOException {
    List<Integer> rows = new ArrayList<>();
    for (String text : run.lines()) {
      JsonNode line = JSON.readTree(text);
      if (line.at("/element/metadata/source_id").asText().equals(id)) {
        rows.add(line.at("/element/properties/id").asInt());
      }
    }
    return rows;
  }

  private static void awaitError(HostProcess run, String text) throws Exception {
    run.await("it says: " + text, () -> run.errors().contains(text));
  }

  @Test
  void whatDiffersInTheConfigurationIsTakenOver() throws Exception {
    write(source("a", Map.of()), source("b", Map.of()));
    try (var run = HostProcess.start(folder, "run", configuration().toString())) {
      awaitError(run, "a: running");
      awaitError(run, "b: running");
      insertAndAwait(run, "a", "b");

      write(source("a", Map.of("dispatch_buffer_capacity", "7")), source("b", Map.of()));
      awaitError(run, "config.yaml: a is changed");
      awaitError(run, "a: stopped; 1 change streamed");
      insertAndAwait(run, "a", "b");

      write(source("a", Map.of("dispatch_buffer_capacity", "0")), source("b", Map.of("x", "y")));
      awaitError(run, "config.yaml: is not taken over; what runs runs on as it is");
      assertThat(run.errors())
          .contains(
              "sources[0].properties.dispatch_buffer_capacity: \"0\" is not allowed",
              "sources[1].properties.x: is not an option");
      insertAndAwait(run, "a", "b");

      write(source("b", Map.of()), source("c", Map.of()));
      awaitError(run, "config.yaml: c is added");
      awaitError(run, "config.yaml: a is removed");
      awaitError(run, "c: running");
      insertAndAwait(run, "b", "c");
      assertThat(
              database.ask(
                  "SELECT count(*) FROM pg_replication_slots WHERE database = current_database()"))
          .isEqualTo("3");

      Files.delete(configuration());
      awaitError(run, "config.yaml: is gone; what runs runs on as it is");
      insertAndAwait(run, "b", "c");

      write(source("b", Map.of()), source("c", Map.of()));
      awaitError(run, "config.yaml: no source has changed");
      insertAndAwait(run, "b", "c");
      assertThat(run.errors()).doesNotContain("b: stopped", "\tat ", TestDatabase.PASSWORD);
      assertThat(printed(run, "b")).isEqualTo(IntStream.rangeClosed(1, inserted).boxed().toList());
    }
  }

  @Test
  void aBundleIsReplacedWhileItStreams() throws Exception {
    Path app = HostProcess.copyTo(folder.resolve("app"));
    Path bundle = app.resolve("bundles").resolve("drasi-source-postgres.jar");
    write(source("a", Map.of()));
    try (var run = HostProcess.startCopy(app, folder, "run", configuration().toString())) {
      awaitError(run, "a: running");
      insertAndAwait(run, "a");

      BundleFile.copy(bundle, "0.9.0", bundle);
      database.run("INSERT INTO users VALUES (%d, 'Bob')".formatted(++inserted));
      awaitError(run, "io.drasi.source.postgres 0.9.0 is updated");
      insertAndAwait(run, "a");
      assertThat(printed(run, "a")).isEqualTo(IntStream.rangeClosed(1, inserted).boxed().toList());

      run.terminate();
      assertThat(run.exitCode()).isEqualTo(143);
      assertThat(run.errors()).contains("a: stopped").doesNotContain("\tat ");
    }
    assertThat(HostProcess.temporary(folder)).as("temporary files").isEmptyDirectory();
  }

  @Test
  void aBundleOfSomebodyElseComesChangesAndGoes() throws Exception {
    Path bundles = Files.createDirectory(folder.resolve("bundles"));
    Path csv = Files.writeString(folder.resolve("users.csv"), "id,name\n71,Carol\n72,Dave\n");
    write(
        source(
            "a",
            Map.of(
                "bootstrap_provider.kind", "csv", "bootstrap_provider.files", "users(id)=" + csv)));
    try (var run = HostProcess.start(folder, "run", configuration().toString())) {
      awaitError(run, "a: no bundle has the bootstrap provider csv");
      awaitError(run, "a: running");
      database.run("INSERT INTO users VALUES (%d, 'Alice')".formatted(++inserted));

      Path bundle = bundles.resolve("bootstrap-csv.jar");
      BundleFile.copy(BundleFile.csvExample(), "1.0.0", bundle);
      awaitError(run, "bootstrap-csv.jar: com.example.bootstrap.csv 1.0.0 is installed");
      insertAndAwait(run, "a");
      assertThat(run.lines().get(0)).contains("BootstrapStarted");
      assertThat(run.lines().get(1)).contains("users:71");
      assertThat(run.lines().get(2)).contains("users:72");
      assertThat(run.lines().get(3)).contains("BootstrapCompleted");

      BundleFile.copy(BundleFile.csvExample(), "1.0.1", bundle);
      awaitError(run, "bootstrap-csv.jar: com.example.bootstrap.csv 1.0.1 is updated");
      insertAndAwait(run, "a");

      Files.delete(bundle);
      awaitError(run, "bootstrap-csv.jar: com.example.bootstrap.csv 1.0.1 is uninstalled");
      insertAndAwait(run, "a");
      assertThat(run.errors()).doesNotContain("a: stopped", "\tat ");

      Files.writeString(bundle, "not a jar");
      awaitError(run, "bootstrap-csv.jar: is not installed: it is no jar: ");
      BundleFile.copy(BundleFile.csvExample(), "1.0.2", bundle);
      awaitError(run, "bootstrap-csv.jar: com.example.bootstrap.csv 1.0.2 is installed");
      insertAndAwait(run, "a");
    }
  }

  @Test
  void whatAKilledProcessHasLeftIsRemovedByTheNext() throws Exception {
    write(source("a", Map.of()));
    try (var run = HostProcess.start(folder, "run", configuration().toString())) {
      awaitError(run, "a: running");
      run.kill();
    }
    assertThat(HostProcess.temporary(folder)).isNotEmptyDirectory();
    try (var run = HostProcess.start(folder, "run", configuration().toString())) {
      awaitError(run, "a: running");
      run.terminate();
      assertThat(run.exitCode()).isEqualTo(143);
    }
    assertThat(HostProcess.temporary(folder)).as("temporary files").isEmptyDirectory();
  }
}
