package io.drasi.bootstrap.scriptfile;

import static io.drasi.bootstrap.scriptfile.ScriptFiles.HEADER;
import static io.drasi.bootstrap.scriptfile.ScriptFiles.everything;
import static io.drasi.bootstrap.scriptfile.ScriptFiles.node;
import static io.drasi.bootstrap.scriptfile.ScriptFiles.provider;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drasi.api.bootstrap.BootstrapException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first batch is handed over in the second pass: what changes there changed in between. */
class ChangingScriptTest {
  @TempDir Path folder;
  private ScriptFiles files;

  @FunctionalInterface
  private interface Change {
    void make() throws IOException;
  }

  @BeforeEach
  void useFolder() {
    files = new ScriptFiles(folder);
  }

  @Test
  void failsWhenAFileGrows() throws IOException {
    Path file = files.write("a.jsonl", ScriptFileBootstrapProviderTest.lines(2500));

    assertThat(batchesUntilFailure(file, () -> append(file, node("new")), file)).isEqualTo(1);
  }

  @Test
  void failsWhenAFileShrinks() throws IOException {
    Path file = files.write("a.jsonl", ScriptFileBootstrapProviderTest.lines(2500));

    assertThat(batchesUntilFailure(file, () -> files.write("a.jsonl", HEADER), file)).isEqualTo(1);
  }

  @Test
  void failsWhenALaterFileChanges() throws IOException {
    Path a = files.write("a.jsonl", ScriptFileBootstrapProviderTest.lines(1000));
    Path b = files.write("b.jsonl", node("b"));

    assertThat(batchesUntilFailure(b, () -> files.write("b.jsonl", "nonsense"), a, b)).isEqualTo(1);
  }

  @Test
  void failsWhenTheContentChangesBehindTheSameSizeAndTime() throws IOException {
    Path a = files.write("a.jsonl", ScriptFileBootstrapProviderTest.lines(1000));
    Path b = files.write("b.jsonl", node("b"));
    var modified = Files.getLastModifiedTime(b);

    Change change =
        () -> {
          files.write("b.jsonl", node("c"));
          Files.setLastModifiedTime(b, modified);
        };

    assertThat(batchesUntilFailure(b, change, a, b)).isEqualTo(1);
  }

  /** How many batches came before the failure that names the changed file. */
  private int batchesUntilFailure(Path changed, Change change, Path... scripts) {
    List<Integer> batches = new ArrayList<>();
    assertThatThrownBy(
            () ->
                provider(scripts)
                    .bootstrap(
                        everything(),
                        batch -> {
                          batches.add(batch.size());
                          make(change);
                        }))
        .isInstanceOf(BootstrapException.class)
        .hasMessage(
            changed + ": changed while it was read; bootstrap again when it is not written to");
    return batches.size();
  }

  private static void make(Change change) {
    try {
      change.make();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void append(Path file, String line) throws IOException {
    Files.writeString(file, line + "\n", StandardOpenOption.APPEND);
  }
}
