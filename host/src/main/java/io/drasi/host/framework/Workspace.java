package io.drasi.host.framework;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder in which a framework keeps its bundles and configurations: private, since there are
 * passwords among them, and gone with the process. What killed processes left is removed by the
 * next.
 */
final class Workspace implements AutoCloseable {
  private static final String PREFIX = "drasi-host-";

  private final Path folder;

  private Workspace(Path folder) {
    this.folder = folder;
  }

  /** Makes one. */
  static Workspace create() throws IOException {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    try (Stream<Path> files = Files.list(temporary)) {
      for (Path left : files.filter(Workspace::isLeft).toList()) {
        delete(left);
      }
    }
    return new Workspace(Files.createTempDirectory(PREFIX + ProcessHandle.current().pid() + "-"));
  }

  /** Whether it is of a process of this user that has ended. */
  private static boolean isLeft(Path file) {
    String name = String.valueOf(file.getFileName());
    if (!name.startsWith(PREFIX)) {
      return false;
    }
    List<String> parts = List.of(name.substring(PREFIX.length()).split("-"));
    try {
      return isMine(file) && ProcessHandle.of(Long.parseLong(parts.get(0))).isEmpty();
    } catch (IOException | NumberFormatException e) {
      return false; // It is not ours to remove.
    }
  }

  private static boolean isMine(Path file) throws IOException {
    Optional<String> me = ProcessHandle.current().info().user();
    return me.isPresent() && Files.getOwner(file).getName().equals(me.get());
  }

  /** A place in it. */
  Path resolve(String name) {
    return folder.resolve(name);
  }

  @Override
  public void close() {
    try {
      delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + folder, e);
    }
  }

  private static void delete(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException e)
              throws IOException {
            Files.deleteIfExists(dir);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
