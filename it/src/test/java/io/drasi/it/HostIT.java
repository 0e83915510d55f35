package io.drasi.it;

import static io.drasi.it.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.drasi.it.support.HostProcess;
import io.drasi.it.support.Servers;
import io.drasi.it.support.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged command on a real server. */
class HostIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  private Path configuration(TestDatabase database, String password) throws IOException {
    return HostProcess.configuration(
        folder,
        database,
        password,
        """
          tables: [users]
          publication_name: drasi_publication
          table_keys:
            - table: users
              key_columns: [id]
        """);
  }

  private static void assertReadable(String errors) {
    assertThat(errors).doesNotContain("\tat ").doesNotContain("Exception");
    assertThat(errors).doesNotContain(TestDatabase.PASSWORD);
  }

  @Test
  void theDemoPrintsAsManyChangesAsAskedForAndLeavesNothingBehind() throws Exception {
    try (var demo = HostProcess.start(folder, "demo", "--changes", "50", "--rate", "50")) {
      List<ProcessHandle> processes = new ArrayList<>();
      eventually(
          "the first change",
          Duration.ofSeconds(60),
          () -> {
            processes.clear();
            processes.addAll(demo.processes());
            return !demo.lines().isEmpty();
          });
      assertThat(demo.exitCode()).as(demo.errors()).isZero();
      assertThat(demo.lines()).hasSize(50);
      assertReadable(demo.errors());
      for (String line : demo.lines()) {
        assertThat(JSON.readTree(line).path("type").asText())
            .isIn("Insert", "Update", "Delete", "Truncate");
      }
      assertThat(processes).as("the command and its server").hasSizeGreaterThan(1);
      assertGone(processes);
    }
    assertThat(HostProcess.temporary(folder)).as("temporary files").isEmptyDirectory();
  }

  @Test
  void theDemoEndsCleanlyWhenToldTo() throws Exception {
    try (var demo = HostProcess.start(folder, "demo")) {
      eventually("changes", Duration.ofSeconds(60), () -> demo.lines().size() > 3);
      List<ProcessHandle> processes = demo.processes();
      demo.terminate();
      assertThat(demo.exitCode()).isEqualTo(143);
      assertGone(processes);
      assertReadable(demo.errors());
    }
    assertThat(HostProcess.temporary(folder)).as("temporary files").isEmptyDirectory();
  }

  private static void assertGone(List<ProcessHandle> processes) throws Exception {
    eventually(
        "no process is left of " + processes,
        Duration.ofSeconds(10),
        () -> processes.stream().noneMatch(HostIT::isRunning));
  }

  /** A process that has ended, but that nobody has asked about yet, still has a handle. */
  private static boolean isRunning(ProcessHandle process) {
    return process.isAlive() && process.info().command().isPresent();
  }

  @Test
  void runStreamsTheUsersOwnServer() throws Exception {
    try (var database = TestDatabase.create(Servers.shared(Servers.newest()))) {
      database.run(
          "CREATE TABLE users (id int PRIMARY KEY, name text)",
          "CREATE PUBLICATION drasi_publication FOR TABLE users");
      Path configuration = configuration(database, TestDatabase.PASSWORD);
      try (var run = HostProcess.start(folder, "run", configuration.toString())) {
        eventually(
            "running; " + run.errors(),
            Duration.ofSeconds(30),
            () -> run.errors().contains("running"));
        database.run("INSERT INTO users VALUES (1, 'Alice')", "DELETE FROM users");
        eventually("two lines", Duration.ofSeconds(30), () -> run.lines().size() == 2);
        JsonNode insert = JSON.readTree(run.lines().get(0));
        assertThat(insert.at("/element/metadata/element_id").asText()).isEqualTo("users:1");
        assertThat(insert.at("/element/properties/name").asText()).isEqualTo("Alice");
        assertThat(insert.at("/element/metadata/effective_from").isIntegralNumber()).isTrue();
        JsonNode delete = JSON.readTree(run.lines().get(1));
        assertThat(delete.path("type").asText()).isEqualTo("Delete");
        assertThat(delete.at("/metadata/element_id").asText()).isEqualTo("users:1");
        run.terminate();
        assertThat(run.exitCode()).isEqualTo(143);
        assertReadable(run.errors());
      }
    }
  }

  @Test
  void aWrongPasswordIsOneClearLine() throws Exception {
    try (var database = TestDatabase.create(Servers.shared(Servers.newest()))) {
      Path configuration = configuration(database, "wrong");
      try (var run = HostProcess.start(folder, "run", configuration.toString())) {
        assertThat(run.exitCode()).isEqualTo(1);
        assertReadable(run.errors());
        assertThat(run.errors().lines().filter(line -> line.contains("28P01")))
            .singleElement()
            .asString()
            .startsWith("drasi: ")
            .endsWith("check the options user and password");
        assertThat(run.output()).isEmpty();
      }
    }
  }

  @Test
  void everyMistakeInTheConfigurationIsALine() throws Exception {
    Path configuration =
        Files.writeString(
            folder.resolve("bad.yaml"),
            """
            source_type: postgres
            properties:
              port: seventy
              databse: shop
              user: me
              tables: {a: b}
            """);
    try (var run = HostProcess.start(folder, "run", configuration.toString())) {
      assertThat(run.exitCode()).isEqualTo(2);
      assertReadable(run.errors());
      assertThat(run.errors().lines())
          .anyMatch(line -> line.contains("properties.port: \"seventy\" is not allowed"))
          .anyMatch(line -> line.contains("properties.databse: is not an option"))
          .anyMatch(line -> line.contains("properties.database: is missing"))
          .anyMatch(line -> line.contains("properties.tables: a group of options is not allowed"))
          .hasSize(4);
    }
  }
}
