package io.drasi.it.support;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM of its own, with as little memory as the test wants, on the class path of the test. */
final class SmallJvm {
  private SmallJvm() {}

  /**
   * Runs a main class to its end.
   *
   * @param maxHeap as {@code -Xmx} takes it
   * @return what it has printed
   * @throws IOException when it has failed
   */
  static String run(String maxHeap, Class<?> main, String... arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + maxHeap,
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (InputStream output = process.getInputStream()) {
      String printed = new String(output.readAllBytes(), StandardCharsets.UTF_8).strip();
      if (process.waitFor() != 0) {
        throw new IOException(
            "%s ended with exit code %d".formatted(main.getName(), process.exitValue()));
      }
      return printed;
    } finally {
      process.destroyForcibly();
    }
  }
}
