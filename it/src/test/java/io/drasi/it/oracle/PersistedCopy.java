package io.drasi.it.oracle;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.drasi.postgres.decoder.position.PostgresPosition;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a subscriber has in its file, which is whole whenever its process ends.
 *
 * @param rows its copy
 * @param position the position of the copy
 * @param bootstraps how many bootstraps it has had
 * @param applied the positions of all transactions that it has applied, in that order
 */
public record PersistedCopy(
    Map<String, Map<String, String>> rows, String position, int bootstraps, List<String> applied) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The copy. */
  public PositionedCopy copy() {
    return new PositionedCopy(OracleTables.ALL, rows, PostgresPosition.parse(position));
  }

  /** Reads a file; empty when there is none yet. */
  public static Optional<PersistedCopy> read(Path file) throws IOException {
    return Files.exists(file)
        ? Optional.of(JSON.readValue(file.toFile(), PersistedCopy.class))
        : Optional.empty();
  }

  /** Writes a file in place of the one before, whole or not at all. */
  void write(Path file) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".next");
    try (var out = new FileOutputStream(next.toFile())) {
      out.write(JSON.writeValueAsBytes(this));
      out.getFD().sync();
    }
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
