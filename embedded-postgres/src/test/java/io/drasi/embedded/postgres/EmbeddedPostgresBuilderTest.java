package io.drasi.embedded.postgres;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EmbeddedPostgresBuilderTest {
  @ParameterizedTest
  @MethodSource("badInput")
  void refusesWhatWouldEndUpAsAnotherSetting(Consumer<EmbeddedPostgres.Builder> input) {
    var builder = EmbeddedPostgres.builder(Path.of("unused.jar"));

    assertThatThrownBy(() -> input.accept(builder)).isInstanceOf(IllegalArgumentException.class);
  }

  static Stream<Named<Consumer<EmbeddedPostgres.Builder>>> badInput() {
    return Stream.of(
        Named.of("empty setting name", b -> b.withSetting("", "on")),
        Named.of("setting name with an assignment", b -> b.withSetting("a = b", "on")),
        Named.of("setting value of two lines", b -> b.withSetting("wal_level", "a\nfsync = on")),
        Named.of("the port", b -> b.withSetting("Port", "5432")),
        Named.of("access rule of two lines", b -> b.withHba(List.of("host all\nlocal all"))),
        Named.of("empty password", b -> b.withPassword("")),
        Named.of("password of two lines", b -> b.withPassword("a\nb")),
        Named.of("file outside the data directory", b -> b.withFile("../server.key", new byte[0])),
        Named.of("file without a name", b -> b.withFile(" ", new byte[0])));
  }

  @Test
  void namesTheJarThatIsMissing(@TempDir Path folder) {
    Path jar = folder.resolve("missing.jar");

    assertThatThrownBy(() -> EmbeddedPostgres.builder(jar).start())
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("cannot use the PostgreSQL programs of " + jar);
  }

  @Test
  void namesTheJarThatHoldsNoPrograms(@TempDir Path folder) throws Exception {
    Path jar = jarWith(folder, "README", new byte[0]);

    assertThatThrownBy(() -> EmbeddedPostgres.builder(jar).start())
        .isInstanceOf(IOException.class)
        .hasMessage(
            "cannot use the PostgreSQL programs of %s: there is no .txz archive in it", jar);
  }

  @Test
  void namesTheJarWhoseArchiveIsBroken(@TempDir Path folder) throws Exception {
    Path jar = jarWith(folder, "postgres.txz", new byte[] {1, 2, 3});

    assertThatThrownBy(() -> EmbeddedPostgres.builder(jar).start())
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("cannot use the PostgreSQL programs of " + jar);
  }

  private static Path jarWith(Path folder, String entry, byte[] content) throws IOException {
    Path jar = folder.resolve("programs.jar");
    try (var zip = new ZipOutputStream(Files.newOutputStream(jar))) {
      zip.putNextEntry(new ZipEntry(entry));
      zip.write(content);
    }
    return jar;
  }
}
