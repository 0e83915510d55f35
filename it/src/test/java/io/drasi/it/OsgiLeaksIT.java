package io.drasi.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.it.support.OsgiCycles;
import io.drasi.it.support.OsgiFramework;
import io.drasi.it.support.Servers;
import io.drasi.it.support.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bundles that are uninstalled leave nothing, however often. */
@Tag("large")
class OsgiLeaksIT {
  private static final int CYCLES = 100;

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(OsgiFramework.Kind.class)
  void aHundredCyclesLeaveNothing(OsgiFramework.Kind kind) throws Exception {
    try (var database = TestDatabase.create(Servers.shared(Servers.newest()))) {
      database.run(
          "CREATE TABLE users (id int PRIMARY KEY)",
          "CREATE PUBLICATION drasi_publication FOR TABLE users");
      assertThat(cycles(kind, database))
          .containsExactly("class loaders 0", "threads 0", "sockets 0", "classes per cycle 0");
    }
  }

  private List<String> cycles(OsgiFramework.Kind kind, TestDatabase database) throws Exception {
    var server = database.server();
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path")));
    Stream.of("osgi.bundles", "osgi.frameworks")
        .forEach(key -> command.add("-D%s=%s".formatted(key, System.getProperty(key))));
    command.addAll(
        List.of(
            OsgiCycles.class.getName(),
            kind.name(),
            folder.toString(),
            Integer.toString(CYCLES),
            "jdbc:postgresql://%s:%d/%s?user=%s&password=%s"
                .formatted(
                    server.host(),
                    server.port(),
                    database.name(),
                    server.superuser(),
                    server.superuserPassword())));
    OsgiFramework.options(database, "shop")
        .forEach((key, value) -> command.addAll(List.of(key, value)));
    Path output = folder.resolve("output.txt");
    Path errors = folder.resolve("errors.txt");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile())
            .start();
    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("it ends").isTrue();
      assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
      return Files.readAllLines(output);
    } finally {
      process.destroyForcibly();
    }
  }
}
