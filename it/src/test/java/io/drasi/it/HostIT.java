package io.drasi.it;

import static io.drasi.it.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.drasi.api.source.SourceState;
import io.drasi.it.support.HostProcess;
import io.drasi.it.support.Servers;
import io.drasi.it.support.SetupProblem;
import io.drasi.it.support.TestDatabase;
import io.drasi.it.support.WrongSetup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The packaged command on a real server. */
class HostIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  private static void assertReadable(String errors) {
    assertThat(errors).doesNotContain("\tat ", "Exception");
    assertThat(errors).doesNotContain(TestDatabase.PASSWORD, WrongSetup.WRONG_PASSWORD);
  }

  @Test
  void theDemoPrintsAsManyChangesAsAskedForAndLeavesNothingBehind() throws Exception {
    try (var demo = HostProcess.start(folder, "demo", "--changes", "50", "--rate", "50")) {
      List<ProcessHandle> processes = new ArrayList<>();
      demo.await(
          "it has printed the first change",
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
      demo.await("it has printed changes", () -> demo.lines().size() > 3);
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
      Map<String, String> options = new HashMap<>(database.options());
      options.put("tables", "users");
      options.put("publication_name", "drasi_publication");
      options.put("table_keys", "users(id)");
      Path configuration = HostProcess.configuration(folder, options);
      try (var run = HostProcess.start(folder, "run", configuration.toString())) {
        run.await("it is running", () -> run.errors().contains("running"));
        database.run("INSERT INTO users VALUES (1, 'Alice')", "DELETE FROM users");
        run.await("it has printed two lines", () -> run.lines().size() == 2);
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

  @ParameterizedTest
  @MethodSource("lastingProblems")
  void aProblemThatLastsIsOneLineWithTheRemedy(SetupProblem problem) throws Exception {
    try (var setup = problem.setUp(Servers.newest());
        var run = run(setup)) {
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.output()).isEmpty();
      assertReadable(run.errors());
      List<String> lines = run.errors().lines().toList();
      assertThat(lines)
          .hasSize(3)
          .startsWith("postgres-source: starting")
          .endsWith("postgres-source: stopped; 0 changes streamed");
      assertThat(lines.get(1))
          .startsWith("postgres-source: failed: " + setup.problem())
          .endsWith(setup.remedy());
    }
  }

  static List<SetupProblem> lastingProblems() {
    return problems(SourceState.FAILED);
  }

  @ParameterizedTest
  @MethodSource("passingProblems")
  void aProblemThatMayPassIsOneLineAndTriedAgain(SetupProblem problem) throws Exception {
    try (var setup = problem.setUp(Servers.newest());
        var run = run(setup)) {
      run.await("it says what becomes of it", () -> run.errors().lines().count() >= 2);
      run.terminate();
      assertThat(run.exitCode()).isEqualTo(143);
      assertThat(run.output()).isEmpty();
      assertReadable(run.errors());
      List<String> lines = run.errors().lines().toList();
      assertThat(lines)
          .hasSize(3)
          .startsWith("postgres-source: starting")
          .endsWith("postgres-source: stopped; 0 changes streamed");
      assertThat(lines.get(1))
          .startsWith("postgres-source: reconnecting: " + setup.problem())
          .endsWith(setup.remedy() + "; waiting for the next attempt to connect");
    }
  }

  static List<SetupProblem> passingProblems() {
    return problems(SourceState.RECONNECTING);
  }

  private static List<SetupProblem> problems(SourceState state) {
    return SetupProblem.possibleOn(Servers.newest()).stream()
        .filter(problem -> problem.state() == state)
        .toList();
  }

  private HostProcess run(WrongSetup setup) throws IOException {
    Path configuration = HostProcess.configuration(folder, setup.options());
    return HostProcess.start(folder, "run", configuration.toString());
  }

  @Test
  void attemptsThatFailForTheSameReasonAreToldOnce() throws Exception {
    try (var listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      listener.setSoTimeout(30_000);
      Path configuration =
          HostProcess.configuration(
              folder,
              Map.of(
                  "host", "127.0.0.1",
                  "port", Integer.toString(listener.getLocalPort()),
                  "database", "shop",
                  "user", "me"));
      try (var run = HostProcess.start(folder, "run", configuration.toString())) {
        for (int attempt = 1; attempt <= 3; attempt++) {
          listener.accept().close();
        }
        run.terminate();
        assertThat(run.exitCode()).isEqualTo(143);
        assertThat(run.errors().lines())
            .containsExactly(
                "postgres-source: starting",
                "postgres-source: reconnecting: the server closed the connection; waiting for the"
                    + " next attempt to connect",
                "postgres-source: stopped; 0 changes streamed");
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
          .anyMatch(
              line ->
                  line.contains("properties.databse: is not an option; options are host, port, "))
          .anyMatch(line -> line.contains("properties.database: is missing"))
          .anyMatch(line -> line.contains("properties.tables: a group of options is not allowed"))
          .hasSize(4);
    }
  }
}
