package io.drasi.it.fuzz;

import io.drasi.api.bootstrap.BootstrapException;
import io.drasi.api.bootstrap.BootstrapRequest;
import io.drasi.bootstrap.scriptfile.ScriptFileBootstrapProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** A file of elements as JSON lines. */
public final class ScriptFile {
  private ScriptFile() {}

  /** Replays it, or refuses it. */
  public static void fuzzerTestOneInput(byte[] input) throws IOException, InterruptedException {
    Path file = Files.createTempFile("fuzz", ".jsonl");
    try {
      Files.write(file, input);
      ScriptFileBootstrapProvider.builder()
          .withFilePaths(List.of(file))
          .build()
          .bootstrap(
              BootstrapRequest.of("fuzz", "query", Set.of(), Set.of()),
              batch -> batch.forEach(Checks::requireText));
    } catch (BootstrapException e) {
      Checks.requireMessage(e);
    } finally {
      Files.delete(file);
    }
  }
}
