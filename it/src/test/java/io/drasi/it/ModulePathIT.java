package io.drasi.it;

import static io.drasi.it.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.it.support.Bootstraps;
import io.drasi.it.support.ModulePath;
import io.drasi.it.support.Servers;
import io.drasi.it.support.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** An application that knows the API alone runs on the module path, and as an image of its own. */
class ModulePathIT {
  private static final String DESCRIPTOR =
      """
      module app {
        requires io.drasi.api;
        uses io.drasi.api.source.SourceFactory;
      }
      """;

  /** Takes options, prints the kinds of the events up to the first transaction. */
  private static final String MAIN =
      """
      package app;

      import io.drasi.api.source.*;
      import java.util.*;

      public class Main {
        public static void main(String[] args) throws Exception {
          Map<String, String> options = new HashMap<>();
          for (int i = 0; i < args.length; i += 2) {
            options.put(args[i], args[i + 1]);
          }
          SourceFactory factory = ServiceLoader.load(SourceFactory.class).findFirst().orElseThrow();
          try (ManagedSource source = factory.create(options)) {
            Subscription subscription =
                source.subscribe(SubscriptionRequest.builder("app").withBootstrap(true).build());
            source.start();
            SourceEvent event;
            do {
              event = subscription.take();
              if (event instanceof SourceEvent.BootstrapBatch batch) {
                System.out.println("loaded " + batch.changes().size());
              } else if (event instanceof SourceEvent.BootstrapCompleted completed) {
                System.out.println("completed " + completed.count());
              } else if (event instanceof SourceEvent.Transaction transaction) {
                transaction.changes().forEach(change -> System.out.println("changed"));
              }
            } while (!(event instanceof SourceEvent.Transaction));
          }
          System.out.println(Main.class.getModule());
        }
      }
      """;

  @TempDir Path folder;

  private TestDatabase database;
  private Path app;

  @BeforeEach
  void compile() throws Exception {
    database = TestDatabase.create(Servers.shared(Servers.newest()));
    Bootstraps.setUp(
        database,
        "CREATE TABLE users (id int PRIMARY KEY, name text)",
        "INSERT INTO users VALUES (1, 'Alice'), (2, 'Bob')",
        "CREATE PUBLICATION drasi_publication FOR TABLE users");
    Path sources = Files.createDirectories(folder.resolve("sources/app"));
    Path descriptor = Files.writeString(sources.resolve("module-info.java"), DESCRIPTOR);
    Path main = Files.writeString(sources.resolve("Main.java"), MAIN);
    app = folder.resolve("app");
    ModulePath.run(
        "javac",
        List.of(
            "-p", ModulePath.with(), "-d", app.toString(), descriptor.toString(), main.toString()));
  }

  @AfterEach
  void dropDatabase() throws Exception {
    database.close();
  }

  @Test
  void runsOnTheModulePath() throws Exception {
    assertRuns(java(Path.of(System.getProperty("java.home"))), "-p", ModulePath.with(app));
  }

  @Test
  void runsAsAnImageOfItsOwn() throws Exception {
    Path image = folder.resolve("image");
    ModulePath.run(
        "jlink",
        List.of(
            "-p",
            ModulePath.with(app),
            "--add-modules",
            "app,io.drasi.source.postgres,io.drasi.postgres.scram,io.drasi.bootstrap.postgres",
            "--strip-java-debug-attributes",
            "--no-header-files",
            "--no-man-pages",
            "--output",
            image.toString()));
    long megabytes = size(image) >> 20;
    LoggerFactory.getLogger(ModulePathIT.class).info("the image has {} MB", megabytes);
    assertThat(megabytes).isLessThan(80);

    assertRuns(java(image));
  }

  private static String java(Path home) {
    return home.resolve("bin").resolve("java").toString();
  }

  private static long size(Path image) throws IOException {
    try (Stream<Path> files = Files.walk(image)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  private void assertRuns(String... java) throws Exception {
    List<String> command = new ArrayList<>(List.of(java));
    command.addAll(List.of("-m", "app/app.Main", "id", "shop"));
    command.addAll(List.of("bootstrap_provider.kind", "postgres"));
    new TreeMap<>(database.options())
        .forEach(
            (key, value) -> {
              command.add(key);
              command.add(value);
            });
    Path output = folder.resolve("output.txt");
    Path errors = folder.resolve("errors.txt");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile())
            .start();
    try {
      eventually(
          "it has bootstrapped",
          Duration.ofSeconds(30),
          () -> !process.isAlive() || Files.readString(output).contains("completed"));
      database.run("INSERT INTO users VALUES (3, 'Carol')");
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("it ends").isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(Files.readString(output).lines())
        .as(Files.readString(errors))
        .containsExactly("loaded 2", "completed 2", "changed", "module app");
  }
}
