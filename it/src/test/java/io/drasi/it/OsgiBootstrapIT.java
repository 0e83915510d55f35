package io.drasi.it;

import static io.drasi.it.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.it.support.Bootstraps;
import io.drasi.it.support.BundleFile;
import io.drasi.it.support.CapturedLog;
import io.drasi.it.support.LinesFile;
import io.drasi.it.support.OsgiFramework;
import io.drasi.it.support.Servers;
import io.drasi.it.support.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
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
import org.osgi.framework.Bundle;

/** Bundles with bootstrap providers come and go; streams go on. */
@ParameterizedClass
@EnumSource(OsgiFramework.Kind.class)
class OsgiBootstrapIT {
  private static final String COMPLETED = "BootstrapCompleted";

  @Parameter OsgiFramework.Kind kind;

  @TempDir Path folder;

  private TestDatabase database;
  private OsgiFramework framework;
  private LinesFile streamed;
  private LinesFile loaded;

  @BeforeEach
  void start() throws Exception {
    database = TestDatabase.create(Servers.shared(Servers.newest()));
    Bootstraps.setUp(
        database,
        "CREATE TABLE users (id int PRIMARY KEY, name text)",
        "INSERT INTO users VALUES (1, 'Alice')",
        "CREATE PUBLICATION drasi_publication FOR TABLE users");
    framework = OsgiFramework.start(kind, folder.resolve("framework"));
    framework.startAllBut("drasi-bootstrap-postgres");
    Map<String, String> options = OsgiFramework.options(database, "shop");
    options.put("bootstrap_provider.kind", "postgres");
    framework.configure(OsgiFramework.SOURCE, "shop", options);
    streamed = sink("stream", false);
    framework.awaitStatus("shop", "RUNNING");
    database.run("INSERT INTO users VALUES (2, 'Bob')");
    streamed.await("users:2");
  }

  @AfterEach
  void stop() throws Exception {
    framework.close();
    database.close();
  }

  private LinesFile sink(String subscriber, boolean bootstrap) throws Exception {
    var file = new LinesFile(folder.resolve(subscriber + ".jsonl"));
    Map<String, Object> options = new HashMap<>(file.of("shop"));
    options.put("subscriber_id", subscriber);
    options.put("bootstrap", bootstrap);
    framework.configure(OsgiFramework.SINK, subscriber, options);
    return file;
  }

  @Test
  void aBootstrapWaitsForTheBundleOfItsKind() throws Exception {
    loaded = sink("loaded", true);
    framework.awaitStatus(
        "shop", "a bundle with the bootstrap provider postgres, for the bootstrap of loaded");
    database.run("INSERT INTO users VALUES (3, 'Carol')");
    streamed.await("users:3");
    assertThat(loaded.text()).doesNotContain("users:");

    framework.install("drasi-bootstrap-postgres").start();

    loaded.await(COMPLETED);
    database.run("INSERT INTO users VALUES (4, 'Dave')");
    loaded.await("users:4");
    assertThat(loaded.lines())
        .as("the beginning, three elements, the end, a change")
        .hasSize(6)
        .last()
        .asString()
        .doesNotContain("bootstrap");
  }

  @Test
  void aBootstrapWhoseBundleIsStoppedFailsAndTheSourceGoesOn() throws Exception {
    Bundle provider = framework.install("drasi-bootstrap-postgres");
    provider.start();
    try (Connection writer = database.connect();
        var log = new CapturedLog()) {
      writer.setAutoCommit(false);
      TestDatabase.run(writer, "INSERT INTO users VALUES (3, 'Carol')");
      loaded = sink("loaded", true);
      // The snapshot waits for the writer to end.
      framework.awaitStatus("shop", "for the bootstrap of loaded");
      eventually(
          "the bootstrap has begun", Duration.ofSeconds(20), () -> Bootstraps.slots(database) > 0);

      provider.stop();

      log.await("the bundle of the bootstrap provider postgres was stopped while it ran");
      framework.awaitStatus("shop", "a bundle with the bootstrap provider postgres");
      eventually(
          "nothing of the bootstrap is left",
          Duration.ofSeconds(20),
          () -> Bootstraps.slots(database) == 0);
      database.run("INSERT INTO users VALUES (4, 'Dave')");
      streamed.await("users:4");
      writer.commit();
    }

    provider.start();

    loaded.await(COMPLETED);
    assertThat(loaded.text()).contains("users:1", "users:2", "users:3", "users:4");
    streamed.await("users:3");
  }

  @Test
  void ofTwoVersionsTheHigherIsTaken() throws Exception {
    framework.installAs("9.8.7", "drasi-bootstrap-postgres", folder).start();
    framework.install("drasi-bootstrap-postgres").start();
    try (var log = new CapturedLog()) {
      loaded = sink("loaded", true);
      loaded.await(COMPLETED);
      assertThat(log.text())
          .contains("shop: loaded is bootstrapped by io.drasi.bootstrap.postgres 9.8.7");
    }
  }

  @Test
  void anUpdatedProviderDisturbsNoStream() throws Exception {
    Bundle provider = framework.install("drasi-bootstrap-postgres");
    provider.start();
    loaded = sink("loaded", true);
    loaded.await(COMPLETED);
    try (var log = new CapturedLog()) {
      provider.update();
      framework.refresh(provider);
      provider.stop();

      database.run("INSERT INTO users VALUES (3, 'Carol')");

      loaded.await("users:3");
      streamed.await("users:3");
      assertThat(log.text()).doesNotContain("streaming from");
    }
  }

  @Test
  void whoWasLoadedIsNotLoadedAgainWhenTheSourceIsUpdated() throws Exception {
    framework.install("drasi-bootstrap-postgres").start();
    loaded = sink("loaded", true);
    loaded.await(COMPLETED);

    Bundle source = framework.bundle("io.drasi.source.postgres");
    source.update();
    framework.refresh(source);
    database.run("INSERT INTO users VALUES (3, 'Carol')");

    loaded.await("users:3");
    assertThat(loaded.lines())
        .as("the beginning, two elements, the end, a change")
        .hasSize(5)
        .filteredOn(line -> line.contains("BootstrapStarted"))
        .hasSize(1);
  }

  @Test
  void aProviderOfSomebodyElseLoadsItsFiles() throws Exception {
    Path csv = Files.writeString(folder.resolve("users.csv"), "id,name\n71,Erin\n");
    Map<String, String> options = OsgiFramework.options(database, "files");
    options.put("slot_name", database.slot() + "_files");
    options.put("bootstrap_provider.kind", "csv");
    options.put("bootstrap_provider.files[0].label", "users");
    options.put("bootstrap_provider.files[0].file", csv.toString());
    options.put("bootstrap_provider.files[0].key_columns", "id");
    framework.configure(OsgiFramework.SOURCE, "files", options);
    var file = new LinesFile(folder.resolve("files.jsonl"));
    Map<String, Object> follow = new HashMap<>(file.of("files"));
    follow.put("bootstrap", true);
    framework.configure(OsgiFramework.SINK, "files", follow);
    framework.awaitStatus("files", "a bundle with the bootstrap provider csv");

    framework.install(BundleFile.csvExample()).start();

    file.await(COMPLETED);
    database.run("INSERT INTO users VALUES (3, 'Carol')");
    file.await("users:3");
    assertThat(file.lines()).as("the beginning, an element, the end, a change").hasSize(4);
    assertThat(file.lines().get(1)).contains("users:71", "Erin");
  }
}
