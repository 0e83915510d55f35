package io.drasi.source.postgres.internal.spill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpillSpaceTest {
  @TempDir Path folder;

  private final SpillSpace.Share share = new SpillSpace.Share();

  @Test
  void holdsAsMuchAsItsLimitAndNoMore() throws Exception {
    var space = new SpillSpace("source", folder, 100);
    space.reserve(share, 60);
    space.reserve(share, 40);
    assertThatExceptionOfType(SpillLimitException.class).isThrownBy(() -> space.reserve(share, 1));
    assertThat(space.usedBytes()).as("what was refused is not used").isEqualTo(100);
    space.release(share, 40);
    space.reserve(share, 40);
    assertThat(space.usedBytes()).isEqualTo(100);
  }

  @Test
  void withALimitOfZeroNothingIsPutIntoIt() throws Exception {
    var space = new SpillSpace("source", folder, 0);
    space.reserve(share, 0);
    assertThatExceptionOfType(SpillLimitException.class)
        .isThrownBy(() -> space.reserve(share, 1))
        .withMessage(
            "the files in %s would hold more than 0 MiB; raise spill_limit_mb, or see why the"
                    .formatted(folder)
                + " subscriber is slow");
  }

  @Test
  void whoHasMostGoesWithoutWhereThereIsNoRoom() throws Exception {
    var space = new SpillSpace("source", folder, 100);
    var large = new SpillSpace.Share();
    space.reserve(share, 30);
    space.reserve(large, 60);
    space.reserve(share, 25);
    assertThat(space.usedBytes()).isEqualTo(55);
    assertThat(space.whyLost(share)).isEmpty();
    assertThat(space.whyLost(large)).isPresent();
    assertThatExceptionOfType(SpillLimitException.class).isThrownBy(() -> space.reserve(large, 1));
    space.release(large, 60);
    assertThat(space.usedBytes()).as("it has given everything back").isEqualTo(55);
  }

  @Test
  void whatTheStreamNeedsIsTakenFromOthersButNotInVain() throws Exception {
    var space = new SpillSpace("source", folder, 100);
    var needed = new SpillSpace.Share(false);
    space.reserve(share, 30);
    space.reserve(needed, 60);
    assertThatExceptionOfType(SpillLimitException.class)
        .isThrownBy(() -> space.reserve(needed, 41))
        .matches(e -> !e.isPassing(), "it alone is too large");
    assertThat(space.whyLost(share)).isEmpty();
    assertThatExceptionOfType(SpillLimitException.class)
        .as("from what the stream needs nothing is taken")
        .isThrownBy(() -> space.reserve(share, 11));
    space.reserve(needed, 40);
    assertThat(space.whyLost(share)).isPresent();
    assertThatExceptionOfType(SpillLimitException.class)
        .isThrownBy(() -> space.reserve(new SpillSpace.Share(false), 1))
        .matches(SpillLimitException::isPassing, "there will be room");
    space.setExpendable(needed, true);
    space.reserve(new SpillSpace.Share(false), 1);
    assertThat(space.whyLost(needed)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"shop", "a/b: c", "shop-1"})
  void removesWhatAKilledProcessHasLeftOfItsOwnOnly(String owner) throws Exception {
    var space = new SpillSpace(owner, folder, 0);
    Files.createTempFile(folder, space.prefix(), TemporaryFile.END); // it had no time for more
    List<String> others =
        List.of(
            "drasi-shop-2-17.spill",
            "drasi-shop-17.spill.txt",
            "drasi-shop-x17.spill",
            "drasi-sho-17.spill",
            "drasi-17.spill",
            "shop.spill");
    for (String other : others) {
      Files.createFile(folder.resolve(other));
    }
    assertThat(folder).isDirectoryContaining(file -> !others.contains(fileName(file)));
    space.removeLeftovers();
    assertThat(files()).containsExactlyInAnyOrderElementsOf(others);
  }

  private static String fileName(Path file) {
    return file.getFileName().toString();
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(SpillSpaceTest::fileName).toList();
    }
  }

  @Test
  void aFolderThatIsNotThereHasNothingToBeRemoved() {
    new SpillSpace("source", folder.resolve("nowhere"), 0).removeLeftovers();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void theFolderHasToBeThere() {
    var space = new SpillSpace("source", folder.resolve("nowhere"), 100);
    assertThatIOException().isThrownBy(() -> space.open(share)).withMessageContaining("nowhere");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aFileIsPrivateToTheUser() throws Exception {
    try (var file = new TemporaryFile(folder, "drasi-")) {
      file.write(0, new byte[] {1}, 1);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(openFile())))
          .isEqualTo("rw-------");
    }
  }

  /** The file of this process that was in the folder, by its number: it has no name. */
  private Path openFile() throws IOException {
    try (Stream<Path> numbers = Files.list(Path.of("/proc/self/fd"))) {
      return numbers.filter(this::isInFolder).findFirst().orElseThrow();
    }
  }

  private boolean isInFolder(Path number) {
    try {
      return Files.readSymbolicLink(number).startsWith(folder);
    } catch (IOException e) {
      return false; // closed meanwhile
    }
  }
}
