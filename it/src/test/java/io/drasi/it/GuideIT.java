package io.drasi.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.it.support.Servers;
import io.drasi.it.support.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of a guide, as a reader runs them one after the other in an empty folder. */
class GuideIT {
  private static final Path ROOT = Path.of(System.getProperty("drasi.root"));

  /** Says to ./drasi that all is built, which is so. */
  private static final Path BUILT = ROOT.resolve("host/target/app/.built");

  private static final Pattern COMMANDS = Pattern.compile("(?ms)^```sh\n(.*?)^```$");

  @TempDir Path folder;

  @Test
  void fromAnEmptyFolderToABootstrapProvider() throws Exception {
    try (var database = TestDatabase.create(Servers.shared(Servers.newest()))) {
      database.run(
          "CREATE TABLE users (id int PRIMARY KEY)",
          "CREATE PUBLICATION drasi_publication FOR TABLE users");
      String commands =
          COMMANDS
              .matcher(Files.readString(ROOT.resolve("docs/bootstrap-provider.md")))
              .results()
              .map((MatchResult block) -> block.group(1))
              .collect(Collectors.joining("\n"));

      String printed = run(commands, database);

      assertThat(printed)
          .contains("provides io.drasi.api.bootstrap.BootstrapProviderFactory with com.example");
      assertThat(Files.readAllLines(folder.resolve("output.jsonl")))
          .satisfiesExactly(
              line -> assertThat(line).contains("BootstrapStarted"),
              line -> assertThat(line).contains("lines:1", "Good morning"),
              line -> assertThat(line).contains("lines:2", "Good night"),
              line -> assertThat(line).contains("BootstrapCompleted", "\"count\":2"));
    }
  }

  private String run(String commands, TestDatabase database) throws Exception {
    boolean wasThere = Files.exists(BUILT);
    Files.writeString(BUILT, "");
    try {
      return runBuilt(commands, database);
    } finally {
      if (!wasThere) {
        Files.delete(BUILT);
      }
    }
  }

  private String runBuilt(String commands, TestDatabase database) throws Exception {
    Path script = Files.writeString(folder.resolve("guide.sh"), "set -euo pipefail\n" + commands);
    Path output = folder.resolve("guide.txt");
    var bash =
        new ProcessBuilder("bash", script.toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    Map<String, String> options = database.options();
    Map<String, String> environment = bash.environment();
    environment.put("DRASI", ROOT.toString());
    environment.put("DB_HOST", options.get("host"));
    environment.put("DB_PORT", options.get("port"));
    environment.put("DB_NAME", options.get("database"));
    environment.put("DB_USER", options.get("user"));
    environment.put("DB_PASSWORD", options.get("password"));
    Process process = bash.start();
    boolean ended = process.waitFor(120, TimeUnit.SECONDS);
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    String printed = Files.readString(output);
    assertThat(ended).as("the guide's commands have ended; they print:%n%s", printed).isTrue();
    assertThat(process.exitValue()).as(printed).isZero();
    return printed;
  }
}
