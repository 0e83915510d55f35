package io.drasi.it.faults;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * How long something took, each time it was done, as a file in {@code
 * it/target/reliability/moments}. No test fails by it: other machines are slower.
 *
 * @param suite what was done
 * @param server the server's version
 */
public record Moments(String suite, String server, List<Moment> moments) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /**
   * What was done in one and the same state.
   *
   * @param millis how long it took, each time
   */
  public record Moment(String state, List<Double> millis) {
    /** The middle of them, the upper one of two. */
    public double median() {
      return millis.stream().sorted().skip(millis.size() / 2).findFirst().orElseThrow();
    }

    /** The longest. */
    public double worst() {
      return millis.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    }
  }

  /** Writes its file. */
  public void write() throws IOException {
    Path folder = Files.createDirectories(folder(Summary.folder()));
    JSON.writeValue(folder.resolve("%s-%s.json".formatted(suite, server)).toFile(), this);
  }

  /**
   * Reads what was written.
   *
   * @param summaries the folder of the summaries
   */
  public static List<Moments> read(Path summaries) throws IOException {
    if (!Files.isDirectory(folder(summaries))) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder(summaries))) {
      return files.sorted(Comparator.comparing(Path::toString)).map(Moments::parse).toList();
    }
  }

  private static Moments parse(Path file) {
    try {
      return JSON.readValue(file.toFile(), Moments.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path folder(Path summaries) {
    return summaries.resolve("moments");
  }
}
