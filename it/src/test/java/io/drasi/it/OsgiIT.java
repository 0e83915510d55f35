package io.drasi.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.it.support.LinesFile;
import io.drasi.it.support.OsgiFramework;
import io.drasi.it.support.Servers;
import io.drasi.it.support.TestDatabase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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
  private static final int ORDERS = 4;

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
    for (int seed = 1; seed <= ORDERS; seed++) {
      try (var framework = OsgiFramework.start(kind, folder.resolve("felix" + seed))) {
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
}
