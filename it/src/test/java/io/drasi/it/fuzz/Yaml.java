package io.drasi.it.fuzz;

import io.drasi.api.config.ConfigurationException;
import io.drasi.deployer.internal.ConfigurationFile;
import io.drasi.deployer.internal.SourceFactories;
import io.drasi.source.postgres.PostgresSourceFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A file of sources, as the host is given it. */
public final class Yaml {
  private static final SourceFactories FACTORIES = factories();

  private Yaml() {}

  private static SourceFactories factories() {
    var factories = new SourceFactories();
    factories.add(
        new PostgresSourceFactory(), Map.of("drasi.source.pid", "io.drasi.source.postgres"));
    return factories;
  }

  /** Makes configurations of it, or refuses it. */
  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    Path file = Files.createTempFile("fuzz", ".yaml");
    try {
      Files.write(file, input);
      ConfigurationFile.read(file, FACTORIES)
          .forEach(source -> Checks.requireText(source.configuration()));
    } catch (ConfigurationException e) {
      Checks.requireMessage(e);
    } finally {
      Files.delete(file);
    }
  }
}
