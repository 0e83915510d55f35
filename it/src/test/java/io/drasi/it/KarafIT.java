package io.drasi.it;

import static io.drasi.it.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.drasi.it.support.Bootstraps;
import io.drasi.it.support.KarafProcess;
import io.drasi.it.support.LinesFile;
import io.drasi.it.support.OsgiFramework;
import io.drasi.it.support.Servers;
import io.drasi.it.support.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The features in a real Apache Karaf. */
class KarafIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;

  @Test
  void oneFeatureInstallsAllThatASourceAndASinkNeed() throws Exception {
    int java = Runtime.version().feature();
    assumeTrue(
        java <= KarafProcess.NEWEST_JAVA,
        () ->
            "Karaf does not start on Java %d; run the tests on 17 to %d to have it tested"
                .formatted(java, KarafProcess.NEWEST_JAVA));
    var file = new LinesFile(folder.resolve("changes.jsonl"));
    try (var database = TestDatabase.create(Servers.shared(Servers.newest()))) {
      Bootstraps.setUp(
          database,
          "CREATE TABLE users (id int PRIMARY KEY, name text)",
          "INSERT INTO users VALUES (1, 'Alice')",
          "CREATE PUBLICATION drasi_publication FOR TABLE users");
      try (var karaf =
          KarafProcess.start(
              folder.resolve("karaf"), configurations(database, file), TestDatabase.ROLE)) {
        installAndStream(karaf, database, file);
      }
    }
  }

  private static void installAndStream(KarafProcess karaf, TestDatabase database, LinesFile file)
      throws Exception {
    try {
      karaf.type("feature:repo-add " + KarafProcess.features());
      karaf.type("feature:install drasi");
      eventually("all is installed", PATIENCE, () -> karaf.log().contains("io.drasi.sink.jsonl/"));
      file.await("BootstrapCompleted");
      database.run("INSERT INTO users VALUES (2, 'Bob')");
      file.await("users:2");
      assertThat(file.text()).contains("users:1");

      karaf.type("feature:uninstall drasi");
      eventually("the source is gone", PATIENCE, () -> connections(database).equals("0"));
      assertThat(karaf.log()).doesNotContain("ERROR").doesNotContain(TestDatabase.PASSWORD);
    } catch (Exception | AssertionError e) {
      throw new AssertionError(karaf.log(), e);
    }
  }

  private static Map<String, Map<String, String>> configurations(
      TestDatabase database, LinesFile file) {
    Map<String, String> source = OsgiFramework.options(database, "shop");
    source.put("bootstrap_provider.kind", "postgres");
    source.put("user", "${env:%s}".formatted(KarafProcess.VARIABLE));
    Map<String, String> sink = new HashMap<>(file.of("shop"));
    sink.put("bootstrap", "true");
    return Map.of(OsgiFramework.SOURCE + "-shop", source, OsgiFramework.SINK + "-file", sink);
  }

  private static String connections(TestDatabase database) throws Exception {
    return database.ask(
        "SELECT count(*) FROM pg_stat_activity WHERE usename = '%s' AND datname = '%s'"
            .formatted(TestDatabase.ROLE, database.name()));
  }
}
