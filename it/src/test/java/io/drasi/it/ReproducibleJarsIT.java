package io.drasi.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a jar must not hold, if another build is to give the same bytes. */
class ReproducibleJarsIT {
  private static final Path ROOT = Path.of(System.getProperty("drasi.root"));
  private static final String VERSION = System.getProperty("drasi.version");
  private static final LocalDateTime BUILD_TIME =
      LocalDateTime.ofInstant(
          Instant.parse(System.getProperty("drasi.outputTimestamp")), ZoneOffset.UTC);

  static List<Path> jars() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(Path::of)
        .filter(path -> path.startsWith(ROOT) && path.toString().endsWith(".jar"))
        .toList();
  }

  @Test
  void everyModuleHasItsJar() {
    assertThat(jars()).hasSize(12);
  }

  @ParameterizedTest
  @MethodSource("jars")
  void entriesBearTheFixedTime(Path jar) throws IOException {
    try (var file = new JarFile(jar.toFile())) {
      assertThat(file.stream().toList())
          .isNotEmpty()
          .allSatisfy(entry -> assertThat(entry.getTimeLocal()).isEqualTo(BUILD_TIME));
    }
  }

  @ParameterizedTest
  @MethodSource("jars")
  void theManifestTellsNeitherTimeNorPlaceOfTheBuild(Path jar) throws IOException {
    try (var file = new JarFile(jar.toFile())) {
      Attributes manifest = file.getManifest().getMainAttributes();

      assertThat(manifest.keySet())
          .extracting(Object::toString)
          .isNotEmpty()
          .doesNotContain("Bnd-LastModified", "Build-Jdk", "Build-Time", "Built-By", "Tool");
      // Read as attributes, since the lines of the file are broken.
      assertThat(manifest.values()).noneMatch(value -> value.toString().contains(ROOT.toString()));
      if (manifest.getValue("Bundle-SymbolicName") != null) {
        assertThat(manifest.getValue("Bundle-Version")).isEqualTo(VERSION.replace('-', '.'));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("jars")
  void nothingTellsTheFolderOfTheBuild(Path jar) throws IOException {
    try (var file = new JarFile(jar.toFile())) {
      for (JarEntry entry : file.stream().toList()) {
        try (var content = file.getInputStream(entry)) {
          assertThat(new String(content.readAllBytes(), StandardCharsets.UTF_8))
              .as(entry.getName())
              .doesNotContain(ROOT.toString());
        }
      }
    }
  }
}
