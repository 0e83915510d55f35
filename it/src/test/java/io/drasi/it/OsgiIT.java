package io.drasi.it;

import static io.drasi.it.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.it.support.LinesFile;
import io.drasi.it.support.OsgiFramework;
import io.drasi.it.support.PrintedTransactions;
import io.drasi.it.support.Servers;
import io.drasi.it.support.ShopWriter;
import io.drasi.it.support.SubscriberCopy;
import io.drasi.it.support.Tables;
import io.drasi.it.support.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.osgi.framework.Bundle;

/** The bundles in a framework: whatever the order, they end up running. */
@ParameterizedClass
@EnumSource(OsgiFramework.Kind.class)
class OsgiIT {
  private static final int SEED = Integer.getInteger("osgi.seed", 1);
  private static final int ORDERS = Integer.getInteger("osgi.orders", 4);

  @Parameter OsgiFramework.Kind kind;

  @TempDir Path folder;

  private TestDatabase database;

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

  @Test
  void runsWhateverTheOrderOfInstallationAndStart() throws Exception {
    for (int seed = SEED; seed < SEED + ORDERS; seed++) {
      try (var framework = OsgiFramework.start(kind, folder.resolve("framework-" + seed))) {
        startInOrder(framework, seed);
      } catch (Exception | AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  private void startInOrder(OsgiFramework framework, int seed) throws Exception {
    var random = new Random(seed);
    var file = new LinesFile(folder.resolve("changes-%d.jsonl".formatted(seed)));
    List<String> artifacts = new ArrayList<>(OsgiFramework.allBundles());
    Collections.shuffle(artifacts, random);
    List<Bundle> bundles = new ArrayList<>();
    for (String artifact : artifacts) {
      bundles.add(framework.install(artifact));
    }
    Collections.shuffle(bundles, random);
    Bundle configurationAdmin = framework.bundle("org.apache.felix.configadmin");
    int configured = bundles.indexOf(configurationAdmin);
    configured += random.nextInt(bundles.size() - configured);
    for (Bundle bundle : bundles) {
      bundle.start();
      if (bundles.indexOf(bundle) == configured) {
        framework.configure(OsgiFramework.SINK, "file", file.of("shop"));
        framework.configure(OsgiFramework.SOURCE, "shop", OsgiFramework.options(database, "shop"));
      }
    }
    framework.awaitStatus("shop", "RUNNING");
    database.run("INSERT INTO users VALUES (%d, 'of order %d')".formatted(seed, seed));
    file.await("of order " + seed);
    assertThat(bundles).allSatisfy(b -> assertThat(b.getState()).isEqualTo(Bundle.ACTIVE));
  }

  private OsgiFramework start(String... absent) throws Exception {
    var framework = OsgiFramework.start(kind, folder.resolve("framework"));
    framework.startAllBut(absent);
    return framework;
  }

  private void configure(OsgiFramework framework, LinesFile file) throws Exception {
    framework.configure(OsgiFramework.SOURCE, "shop", OsgiFramework.options(database, "shop"));
    framework.configure(OsgiFramework.SINK, "file", file.of("shop"));
  }

  @Test
  void aSourceThatLacksItsLogInRunsWhenTheBundleForItComes() throws Exception {
    try (var framework = start("drasi-scram")) {
      framework.configure(OsgiFramework.SOURCE, "shop", OsgiFramework.options(database, "shop"));
      framework.configure(
          OsgiFramework.SINK, "file", new LinesFile(folder.resolve("changes.jsonl")).of("shop"));
      framework.awaitStatus("shop", "FAILED");

      framework.install("drasi-scram").start();

      framework.awaitStatus("shop", "RUNNING");
    }
  }

  @Test
  void theStoppedFrameworkLeavesNoThreadOfOurs() throws Exception {
    var file = new LinesFile(folder.resolve("changes.jsonl"));
    try (var framework = start();
        var writer = ShopWriter.start(shop(), 1)) {
      configure(framework, file);
      file.await("ledger:100");
      long begin = System.nanoTime();

      framework.stop();

      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
      assertThat(writer.lost()).isZero();
      awaitNothingLeft();
    }
  }

  private TestDatabase shop() throws Exception {
    database.run("DROP PUBLICATION drasi_publication");
    ShopWriter.createSchema(database);
    return database;
  }

  /** Of the connections and threads of the source "shop". */
  private void awaitNothingLeft() throws Exception {
    eventually(
        "the threads are gone",
        Duration.ofSeconds(1),
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("shop-")));
    eventually(
        "the server has no connection of ours",
        Duration.ofSeconds(10),
        () ->
            database
                .ask(
                    "SELECT count(*) FROM pg_stat_activity WHERE usename = '%s' AND datname = '%s'"
                        .formatted(TestDatabase.ROLE, database.name()))
                .equals("0"));
  }

  @Test
  void theStreamGoesOnWithTheUpdatedSourceAndNothingIsLostOrDoubled() throws Exception {
    var file = new LinesFile(folder.resolve("changes.jsonl"));
    TestDatabase shop = shop();
    try (var framework = start()) {
      configure(framework, file);
      framework.awaitStatus("shop", "RUNNING");
      try (var writer = ShopWriter.start(shop, 2)) {
        Bundle source = framework.bundle("io.drasi.source.postgres");
        for (int update = 1; update <= 3; update++) {
          file.await("\"ledger:%d\"".formatted(update * 100));
          source.update();
          framework.refresh(source);
        }
        file.await("\"ledger:400\"");
        Bundle protocol = framework.bundle("io.drasi.postgres.protocol");
        protocol.update();
        framework.refresh(protocol);
        file.await("\"ledger:500\"");
        assertThat(writer.lost()).isZero();
      }
      file.await("\"ledger:%s\"".formatted(shop.ask("SELECT max(id) FROM ledger")));
    }
    var printed = new PrintedTransactions();
    printed.add(file.lines());
    SubscriberCopy copy = printed.copy();
    assertThat(copy.mistakes()).isEmpty();
    assertThat(copy.elements()).isEqualTo(Tables.rows(shop));
  }

  @Test
  void twoSourcesOfOneDatabaseHaveASlotEach() throws Exception {
    var first = new LinesFile(folder.resolve("first.jsonl"));
    var second = new LinesFile(folder.resolve("second.jsonl"));
    Map<String, String> other = OsgiFramework.options(database, "other");
    other.put("slot_name", database.slot() + "_2");
    try (var framework = start()) {
      configure(framework, first);
      framework.configure(OsgiFramework.SOURCE, "other", other);
      framework.configure(OsgiFramework.SINK, "second", second.of("other"));
      framework.awaitStatus("shop", "RUNNING");
      framework.awaitStatus("other", "RUNNING");

      database.run("INSERT INTO users VALUES (1, 'Alice')");

      first.await("\"source_id\":\"shop\"");
      second.await("\"source_id\":\"other\"");
      assertThat(first.text()).contains("Alice").doesNotContain("other");
    }
  }
}
