package io.drasi.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.drasi.bench.client.Measurement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was measured, by the workload's name; the file that the document is made from.
 *
 * @param workloads in the order in which they were measured first
 */
public record Results(Map<String, Measured> workloads) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /**
   * One workload.
   *
   * @param title what it is, in words
   * @param kind what was measured
   * @param rows how many rows; for latency how many a second
   * @param environment where and when
   * @param rounds by the contestant's id, what it measured in each round
   */
  public record Measured(
      String title,
      String kind,
      long rows,
      Environment environment,
      Map<String, List<Measurement>> rounds) {}

  /** No results. */
  static Results none() {
    return new Results(new LinkedHashMap<>());
  }

  /** Reads a file; none if there is no such file. */
  static Results read(Path file) throws IOException {
    return Files.exists(file) ? JSON.readValue(file.toFile(), Results.class) : none();
  }

  /** Writes the file, whole or not at all. */
  void write(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Path written = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(written, JSON.writeValueAsString(this) + "\n", StandardCharsets.UTF_8);
    Files.move(written, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }
}
