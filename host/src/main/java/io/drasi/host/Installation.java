package io.drasi.host;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder the application was put together in: {@code lib} with the launcher's jars, {@code
 * system} with the bundles that a framework needs, {@code bundles} with those of the product, and
 * {@code postgres} with the PostgreSQL programs for the demo.
 */
record Installation(Path folder) {

  /** The folder of the running application. */
  static Installation find() throws IOException {
    try {
      Path code = Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      // From the jar in app/lib, or from the compiler's target/classes beside app.
      Path folder =
          Files.isDirectory(code)
              ? code.resolveSibling("app")
              : code.resolveSibling("..").normalize();
      return new Installation(folder);
    } catch (URISyntaxException e) {
      throw new IOException("cannot find the folder of the application", e);
    }
  }

  /** The bundles that stay as they are while the host runs. */
  Path system() {
    return folder.resolve("system");
  }

  /** The bundles that may be replaced while the host runs. */
  Path bundles() {
    return folder.resolve("bundles");
  }

  /**
   * The jar with the PostgreSQL programs.
   *
   * @throws IOException when it is not there
   */
  Path postgresBinaries() throws IOException {
    Path place = folder.resolve("postgres");
    if (Files.isDirectory(place)) {
      try (Stream<Path> files = Files.list(place)) {
        List<Path> jars = files.filter(file -> file.toString().endsWith(".jar")).toList();
        if (jars.size() == 1) {
          return jars.get(0);
        }
      }
    }
    throw new IOException(
        "the PostgreSQL programs for the demo are not in %s; start by ./drasi, or name their jar with --postgres-binaries"
            .formatted(place));
  }

  /** Where the unpacked programs are kept. */
  Path unpackedPostgres() {
    return folder.resolve("postgres").resolve("unpacked");
  }
}
