package io.drasi.it;

import static io.drasi.it.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.it.support.CapturedLog;
import io.drasi.it.support.LinesFile;
import io.drasi.it.support.NamelessFiles;
import io.drasi.it.support.OsgiFramework;
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
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.osgi.service.cm.Configuration;

/** What becomes of a source when its configuration is made, changed, deleted, or wrong. */
@ParameterizedClass
@EnumSource(OsgiFramework.Kind.class)
class OsgiConfigurationIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Parameter OsgiFramework.Kind kind;

  @TempDir Path folder;

  private TestDatabase database;
  private OsgiFramework framework;

  @BeforeEach
  void start() throws Exception {
    database = TestDatabase.create(Servers.shared(Servers.newest()));
    database.run(
        "CREATE TABLE users (id int PRIMARY KEY, name text)",
        "CREATE TABLE orders (id int PRIMARY KEY, name text)",
        "CREATE PUBLICATION drasi_publication FOR TABLE users",
        "CREATE PUBLICATION other_publication FOR TABLE orders");
    framework = OsgiFramework.start(kind, folder.resolve("framework"));
    framework.startAllBut();
  }

  @AfterEach
  void stop() throws Exception {
    framework.close();
    database.close();
  }

  private Configuration configure(String key, String value) throws Exception {
    Map<String, String> options = OsgiFramework.options(database, "shop");
    options.put(key, value);
    return framework.configure(OsgiFramework.SOURCE, "shop", options);
  }

  private boolean serverHas(String what) throws Exception {
    return database.ask("SELECT EXISTS (%s)".formatted(what)).equals("t");
  }

  @Test
  void aSourceIsRegisteredWithWhatTellsItFromOthers() throws Exception {
    configure("publication_name", "drasi_publication");

    assertThat(framework.awaitSource("shop"))
        .containsEntry("drasi.source.id", "shop")
        .containsEntry("drasi.kind", "postgres")
        .containsEntry("drasi.postgres.database", database.name())
        .containsEntry("drasi.postgres.publication", "drasi_publication")
        .containsEntry("drasi.postgres.slot", database.slot())
        .containsEntry(
            "objectClass",
            new String[] {"io.drasi.api.source.Source", "io.drasi.api.source.ManagedSource"})
        .doesNotContainValue(TestDatabase.PASSWORD);
  }

  @Test
  void aChangedConfigurationConnectsAnew() throws Exception {
    var file = new LinesFile(folder.resolve("changes.jsonl"));
    configure("publication_name", "drasi_publication");
    framework.configure(OsgiFramework.SINK, "file", file.of("shop"));
    framework.awaitStatus("shop", "RUNNING");
    database.run("INSERT INTO users VALUES (1, 'Alice')");
    file.await("users:1");

    configure("publication_name", "other_publication");
    eventually(
        "the new source is there",
        PATIENCE,
        () -> framework.awaitSource("shop").containsValue("other_publication"));
    framework.awaitStatus("shop", "RUNNING");
    database.run("INSERT INTO users VALUES (2, 'Bob')", "INSERT INTO orders VALUES (1, 'bread')");

    file.await("orders:1");
    assertThat(file.lines()).hasSize(2);
  }

  @Test
  void aChangedSinkWritesElsewhere() throws Exception {
    var first = new LinesFile(folder.resolve("first.jsonl"));
    var second = new LinesFile(folder.resolve("second.jsonl"));
    configure("publication_name", "drasi_publication");
    framework.configure(OsgiFramework.SINK, "file", first.of("shop"));
    framework.awaitStatus("shop", "RUNNING");
    database.run("INSERT INTO users VALUES (1, 'Alice')");
    first.await("users:1");

    framework.configure(OsgiFramework.SINK, "file", second.of("shop"));
    database.run("INSERT INTO users VALUES (2, 'Bob')");

    second.await("users:2");
    assertThat(first.lines()).hasSize(1);
  }

  @Test
  void aDeletedConfigurationLeavesNothingButTheSlot() throws Exception {
    var file = new LinesFile(folder.resolve("changes.jsonl"));
    Configuration configuration = configure("publication_name", "drasi_publication");
    framework.configure(OsgiFramework.SINK, "file", file.of("shop"));
    framework.awaitStatus("shop", "RUNNING");

    configuration.delete();

    eventually("no source is there", PATIENCE, () -> framework.sources("shop") == 0);
    eventually(
        "its threads are gone",
        PATIENCE,
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .noneMatch(name -> name.startsWith("shop-") && !name.equals("shop-jsonl-jsonl")));
    String role = "SELECT FROM %s WHERE usename = '" + TestDatabase.ROLE + "'";
    eventually(
        "its connections are gone",
        PATIENCE,
        () ->
            !serverHas(role.formatted("pg_stat_replication"))
                && !serverHas(
                    role.formatted("pg_stat_activity")
                        + " AND datname = '%s'".formatted(database.name())));
    assertThat(
            serverHas(
                "SELECT FROM pg_replication_slots WHERE slot_name = '%s'"
                    .formatted(database.slot())))
        .isTrue();
  }

  @Test
  void aDeletedConfigurationLeavesNoTemporaryFile() throws Exception {
    Path spill = Files.createDirectory(folder.resolve("spill"));
    Map<String, String> options = OsgiFramework.options(database, "shop");
    options.put("spill_dir", spill.toString());
    options.put("bootstrap_provider.kind", "of nobody"); // for which the changes wait on disk
    Configuration configuration = framework.configure(OsgiFramework.SOURCE, "shop", options);
    Map<String, Object> sink =
        new HashMap<>(new LinesFile(folder.resolve("changes.jsonl")).of("shop"));
    sink.put("bootstrap", true);
    framework.configure(OsgiFramework.SINK, "file", sink);
    framework.awaitStatus("shop", "for the bootstrap of jsonl");
    database.run("INSERT INTO users SELECT i, repeat('a', 1000) FROM generate_series(1, 1000) i");
    eventually("changes are on disk", PATIENCE, () -> NamelessFiles.bytesIn(spill) > 0);

    configuration.delete();

    eventually("nothing is on disk", PATIENCE, () -> NamelessFiles.bytesIn(spill) == 0);
    assertThat(spill).isEmptyDirectory();
  }

  @Test
  void aMistakeRegistersNoSourceAndIsToldInTheLog() throws Exception {
    try (var log = new CapturedLog()) {
      configure("port", "many");
      log.await("io.drasi.source.postgres~shop makes no source");
      assertThat(log.text()).contains("port: \"many\"").doesNotContain(TestDatabase.PASSWORD);
      assertThat(framework.sources("shop")).isZero();

      configure("port", Integer.toString(database.server().port()));
      framework.awaitSource("shop");
    }
  }

  @Test
  void aRunningSourceEndsWithAMistake() throws Exception {
    configure("publication_name", "drasi_publication");
    framework.awaitSource("shop");
    try (var log = new CapturedLog()) {
      configure("publicatoin_name", "drasi_publication");

      log.await("publicatoin_name: is not an option");
      eventually("no source is there", PATIENCE, () -> framework.sources("shop") == 0);
    }
  }

  @Test
  void aPasswordThatEveryBundleMaySeeIsRefused() throws Exception {
    try (var log = new CapturedLog()) {
      configure("password", TestDatabase.PASSWORD);

      log.await("password: is not allowed here");
      assertThat(log.text()).contains(".password").doesNotContain(TestDatabase.PASSWORD);
      assertThat(framework.sources("shop")).isZero();
    }
  }

  @Test
  void aMistakeInASinkIsToldInTheLog() throws Exception {
    try (var log = new CapturedLog()) {
      framework.configure(OsgiFramework.SINK, "file", Map.of("file", "changes.jsonl"));

      log.await("io.drasi.sink.jsonl~file makes no sink");
      assertThat(log.text()).contains("source_id: is missing").contains("file: is not an option");
    }
  }

  @Test
  void aSourceThatIsNotToStartWaitsForItsOwner() throws Exception {
    configure("auto_start", "false");

    framework.awaitStatus("shop", "STOPPED");
    framework.call("shop", "start");
    framework.awaitStatus("shop", "RUNNING");
  }
}
