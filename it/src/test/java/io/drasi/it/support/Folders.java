package io.drasi.it.support;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Copies folders of a server with their owners and permissions, which Java does not by itself. */
public final class Folders {
  private Folders() {}

  /** Copies a folder. */
  public static void copy(Path from, Path to) throws IOException, InterruptedException {
    run(List.of("cp", "-a", from.toString(), to.toString()));
  }

  /** Puts a copy in the place of a folder. */
  public static void replace(Path folder, Path copy) throws IOException, InterruptedException {
    run(List.of("rm", "-rf", folder.toString()));
    copy(copy, folder);
  }

  /** Gives a file the owner of another. */
  public static void copyOwner(Path from, Path to) throws IOException {
    java.nio.file.Files.setOwner(to, java.nio.file.Files.getOwner(from));
  }

  private static void run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).inheritIO().start();
    if (process.waitFor() != 0) {
      throw new IOException("%s ended with %d".formatted(command, process.exitValue()));
    }
  }
}
