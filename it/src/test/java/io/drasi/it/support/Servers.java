package io.drasi.it.support;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.drasi.embedded.postgres.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The PostgreSQL servers of the test run, by major version. They end with the JVM. */
public final class Servers {
  private static final Map<String, EmbeddedPostgres> SHARED = new ConcurrentHashMap<>();

  private Servers() {}

  /** The major versions to be tested, oldest first. */
  public static List<String> versions() {
    return List.of(System.getProperty("pg.versions").split(","));
  }

  /** All versions to be tested in the profile matrix, else the newest: for what takes long. */
  public static List<String> newestUnlessMatrix() {
    return versions().size() > 2 ? versions() : List.of(newest());
  }

  /** The newest of the versions to be tested, for what does not depend on the version. */
  public static String newest() {
    return versions().get(versions().size() - 1);
  }

  /** Whether a version is a major version or a later one. */
  public static boolean isAtLeast(int major, String version) {
    return Integer.parseInt(version) >= major;
  }

  /** Skips a test on servers that have not what it is about. */
  public static void assumeSince(int major, String version, String what) {
    assumeTrue(isAtLeast(major, version), () -> what + " since PostgreSQL " + major);
  }

  /** A server that all tests share; nobody stops it or changes its settings. */
  public static EmbeddedPostgres shared(String version) {
    return SHARED.computeIfAbsent(version, v -> start(builder(v)));
  }

  /** A builder of a server of one's own. */
  public static EmbeddedPostgres.Builder builder(String version) {
    return EmbeddedPostgres.builder(binaries(version))
        .withUnpackedIn(folder().resolve("unpacked"))
        .withSetting("wal_level", "logical")
        .withSetting("max_wal_senders", "20")
        .withSetting("max_replication_slots", "20")
        .withSetting("max_prepared_transactions", "10");
  }

  /** Starts a server. */
  public static EmbeddedPostgres start(EmbeddedPostgres.Builder builder) {
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path binaries(String version) {
    try (Stream<Path> jars = Files.list(folder())) {
      return jars.filter(jar -> jar.getFileName().toString().contains("-" + version + "."))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("no binaries of " + version));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path folder() {
    return Path.of(System.getProperty("pg.jars"));
  }
}
