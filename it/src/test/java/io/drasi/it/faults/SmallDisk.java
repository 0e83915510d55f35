package io.drasi.it.faults;

import io.drasi.it.support.Folders;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/** A file system of a few mebibytes in the place of a folder, which nobody uses meanwhile. */
final class SmallDisk implements AutoCloseable {
  private final Path folder;

  private SmallDisk(Path folder) {
    this.folder = folder;
  }

  /** Mounts one, with what is in the folder; aborts the test where that is not permitted. */
  static SmallDisk inPlaceOf(Path folder, int mebibytes) throws IOException, InterruptedException {
    Path copy = folder.resolveSibling(folder.getFileName() + ".before");
    Folders.copy(folder, copy);
    String error = run("mount", "-t", "tmpfs", "-o", size(mebibytes), "tmpfs", folder.toString());
    if (!error.isEmpty()) {
      throw new TestAbortedException("a small disk needs mount: " + error);
    }
    var disk = new SmallDisk(folder);
    Folders.copyOwner(copy, folder);
    Files.setPosixFilePermissions(folder, Files.getPosixFilePermissions(copy));
    try (Stream<Path> all = Files.list(copy)) {
      for (Path each : all.toList()) {
        Folders.copy(each, folder.resolve(each.getFileName()));
      }
    }
    return disk;
  }

  private static String size(int mebibytes) {
    return "size=%dm".formatted(mebibytes);
  }

  /** Has room for more from now on. */
  void resize(int mebibytes) throws IOException, InterruptedException {
    require(run("mount", "-o", "remount," + size(mebibytes), folder.toString()));
  }

  private static void require(String error) throws IOException {
    if (!error.isEmpty()) {
      throw new IOException(error);
    }
  }

  /** Gives what it says of an error; nothing when there is none. */
  private static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
    try (InputStream output = process.getInputStream()) {
      String said = new String(output.readAllBytes(), StandardCharsets.UTF_8).strip();
      return process.waitFor() == 0 ? "" : command[0] + " failed: " + said;
    }
  }

  /** Takes it away, with what is on it. */
  @Override
  public void close() throws IOException {
    try {
      require(run("umount", "--lazy", folder.toString()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("umount " + folder);
    }
  }
}
