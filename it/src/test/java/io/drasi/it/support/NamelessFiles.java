package io.drasi.it.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files that this process has open though they have no name any more, as Linux tells of them.
 */
public final class NamelessFiles {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  private NamelessFiles() {}

  /** How many bytes those hold together that had their names in a folder. */
  public static long bytesIn(Path folder) throws IOException {
    long bytes = 0;
    for (Path descriptor : descriptors()) {
      try {
        if (Files.readSymbolicLink(descriptor).startsWith(folder)) {
          bytes += Files.size(descriptor);
        }
      } catch (NoSuchFileException e) {
        // It was closed just now.
      }
    }
    return bytes;
  }

  private static List<Path> descriptors() throws IOException {
    try (Stream<Path> all = Files.list(DESCRIPTORS)) {
      return all.toList();
    }
  }
}
