package io.drasi.it.support;

import static io.drasi.it.support.Eventually.eventually;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The file of a sink. */
public final class LinesFile {
  private final Path path;

  /** A file that need not be there yet. */
  public LinesFile(Path path) {
    this.path = path;
  }

  /** The configuration of a sink that writes to it. */
  public Map<String, String> of(String sourceId) {
    return Map.of("source_id", sourceId, "output", path.toString());
  }

  /** What was written. */
  public String text() throws IOException {
    return Files.exists(path) ? Files.readString(path) : "";
  }

  /** The complete lines. */
  public List<String> lines() throws IOException {
    String text = text();
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
  }

  /** Waits for a text. */
  public void await(String text) throws Exception {
    eventually(
        "%s has %s".formatted(path, text), Duration.ofSeconds(30), () -> text().contains(text));
  }
}
