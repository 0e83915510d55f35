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
 * What a suite has done, as a file in {@code it/target/reliability}.
 *
 * @param suite its name
 * @param server the server's version
 * @param cases what was survived, and what was not
 * @param lost how many transactions did not come
 * @param doubled how many came twice
 */
public record Summary(String suite, String server, List<Case> cases, long lost, long doubled) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /**
   * A case.
   *
   * @param kind what was done
   * @param place where, in a word or two
   * @param name all of it
   * @param transactions how many were compared
   */
  public record Case(
      String kind, String place, String name, boolean survived, long transactions, long millis) {}

  /** Writes its file. */
  public void write() throws IOException {
    Path folder = Files.createDirectories(folder());
    JSON.writeValue(folder.resolve("%s-%s.json".formatted(suite, server)).toFile(), this);
  }

  /** Reads the files of a folder. */
  public static List<Summary> read(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".json"))
          .sorted(Comparator.comparing(Path::toString))
          .map(Summary::parse)
          .toList();
    }
  }

  private static Summary parse(Path file) {
    try {
      return JSON.readValue(file.toFile(), Summary.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where the files are. */
  public static Path folder() {
    return Path.of(System.getProperty("drasi.root", ".."), "it", "target", "reliability");
  }
}
