package io.drasi.it;

import static io.drasi.it.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.drasi.it.support.HostProcess;
import io.drasi.it.support.Servers;
import io.drasi.it.support.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged command with a bootstrap provider in its configuration. */
class HostBootstrapIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path folder;

  private TestDatabase database;

  @BeforeEach
  void createDatabase() throws Exception {
    database = TestDatabase.create(Servers.shared(Servers.newest()));
    database.run(
        "CREATE TABLE users (id int PRIMARY KEY, name text)",
        "GRANT SELECT ON users TO " + TestDatabase.ROLE,
        "INSERT INTO users VALUES (1, 'Alice')",
        "CREATE PUBLICATION drasi_publication FOR TABLE users");
  }

  @AfterEach
  void dropDatabase() throws Exception {
    database.close();
  }

  private HostProcess run(Map<String, String> more) throws Exception {
    Map<String, String> options = new HashMap<>(database.options());
    options.putAll(more);
    return HostProcess.start(folder, "run", HostProcess.configuration(folder, options).toString());
  }

  private static JsonNode line(HostProcess run, int index) throws Exception {
    eventually("line " + index + "; " + run.errors(), LONG, () -> run.lines().size() > index);
    return JSON.readTree(run.lines().get(index));
  }

  private static void assertElement(JsonNode line, String type, String id) {
    assertThat(line.path("type").asText()).isEqualTo(type);
    assertThat(line.at("/element/metadata/element_id").asText()).isEqualTo(id);
  }

  @Test
  void printsWhatTheTablesHoldAndThenTheChanges() throws Exception {
    try (HostProcess run = run(Map.of("bootstrap_provider.kind", "postgres"))) {
      assertThat(line(run, 0).path("type").asText()).isEqualTo("BootstrapStarted");
      assertElement(line(run, 1), "Insert", "users:1");
      assertThat(line(run, 1).path("bootstrap").asBoolean()).isTrue();
      assertThat(line(run, 2).path("type").asText()).isEqualTo("BootstrapCompleted");
      assertThat(line(run, 2).path("count").asInt()).isEqualTo(1);
      database.run("INSERT INTO users VALUES (2, 'Bob')");
      assertElement(line(run, 3), "Insert", "users:2");
      assertThat(line(run, 3).has("xid")).isTrue();
    }
  }

  @Test
  void anyKindOnThePathWill() throws Exception {
    Path script =
        Files.writeString(
            folder.resolve("users.jsonl"),
            """
            {"kind":"Header","start_time":"2026-01-01T00:00:00Z","description":""}
            {"kind":"Node","id":"users:7","labels":["users"],"properties":{"name":"Carol"}}
            """);
    Map<String, String> provider =
        Map.of(
            "bootstrap_provider.kind",
            "scriptfile",
            "bootstrap_provider.file_paths",
            script.toString());
    try (HostProcess run = run(provider)) {
      assertElement(line(run, 1), "Insert", "users:7");
      line(run, 2);
      database.run("INSERT INTO users VALUES (2, 'Bob')");
      assertElement(line(run, 3), "Insert", "users:2");
    }
  }

  @Test
  void aMistakeInTheProvidersOptionsIsOneInTheConfiguration() throws Exception {
    Map<String, String> options = Map.of("bootstrap_provider.kind", "scriptfile");
    try (HostProcess run = run(options)) {
      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.errors())
          .contains("properties.bootstrap_provider.file_paths: is missing")
          .doesNotContain("\tat ");
    }
  }

  @Test
  void aKindThatIsNotThereIsWaitedFor() throws Exception {
    try (HostProcess run = run(Map.of("bootstrap_provider.kind", "csv"))) {
      run.await("it is running", () -> run.errors().contains("postgres-source: running"));
      assertThat(run.errors())
          .contains(
              "postgres-source: no bundle has the bootstrap provider csv (there are [noop,"
                  + " postgres, scriptfile]); a bootstrap waits for it")
          .doesNotContain("\tat ");
      run.terminate();
      assertThat(run.exitCode()).isEqualTo(143);
    }
  }
}
