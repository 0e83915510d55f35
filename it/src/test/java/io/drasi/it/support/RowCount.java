package io.drasi.it.support;

import io.drasi.api.bootstrap.BootstrapRequest;
import io.drasi.bootstrap.postgres.PostgresBootstrapProvider;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Bootstraps in a JVM of its own, with as little memory as the test wants, and counts the rows. */
public final class RowCount {
  private RowCount() {}

  /**
   * Counts the rows that a bootstrap of a database hands over.
   *
   * @param maxHeap as {@code -Xmx} takes it
   */
  public static long of(TestDatabase database, int parallelism, String maxHeap)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + maxHeap,
                "-cp",
                System.getProperty("java.class.path"),
                RowCount.class.getName(),
                database.server().host(),
                Integer.toString(database.server().port()),
                database.name(),
                Integer.toString(parallelism))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (InputStream output = process.getInputStream()) {
      String printed = new String(output.readAllBytes(), StandardCharsets.UTF_8).strip();
      if (process.waitFor() != 0) {
        throw new IOException("the bootstrap ended with exit code " + process.exitValue());
      }
      return Long.parseLong(printed);
    } finally {
      process.destroyForcibly();
    }
  }

  /** What the process does. */
  public static void main(String[] arguments) throws InterruptedException {
    List<String> given = List.of(arguments);
    long count =
        PostgresBootstrapProvider.builder()
            .withHost(given.get(0))
            .withPort(Integer.parseInt(given.get(1)))
            .withDatabase(given.get(2))
            .withUser(TestDatabase.ROLE)
            .withPassword(TestDatabase.PASSWORD)
            .withParallelism(Integer.parseInt(given.get(3)))
            .build()
            .bootstrap(BootstrapRequest.of("large", "count", Set.of(), Set.of()), batch -> {})
            .count();
    System.out.println(count);
  }
}
