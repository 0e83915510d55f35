package io.drasi.embedded.postgres;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The account under which the server's programs run. PostgreSQL refuses to run as root, so root
 * gives up its rights by a command put in front.
 */
final class Account {
  private static final List<List<String>> PREFIXES =
      List.of(
          List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"),
          List.of("runuser", "-u", "nobody", "--"),
          List.of("unshare", "-U", "--"));

  private final List<String> prefix;

  private Account(List<String> prefix) {
    this.prefix = prefix;
  }

  /** What a program printed on both its outputs, and its exit code. */
  record Outcome(int exitCode, String output) {
    boolean successful() {
      return exitCode == 0;
    }
  }

  /**
   * The first account that works: this one, or for root one without its rights.
   *
   * @throws IOException when root has no way to give up its rights
   */
  static Account find() throws IOException {
    var own = new Account(List.of());
    if (own.isUnprivileged()) {
      return own;
    }
    for (List<String> prefix : PREFIXES) {
      var account = new Account(prefix);
      if (account.isUnprivileged()) {
        return account;
      }
    }
    throw new IOException(
        "PostgreSQL does not run as root, and neither setpriv nor runuser nor unshare gives up"
            + " root's rights here; start it as an ordinary user");
  }

  /** The command as it is run under this account. */
  List<String> commandLine(List<String> command) {
    return Stream.concat(prefix.stream(), command.stream()).toList();
  }

  /**
   * Runs a program to its end. An interrupt is kept for later: a half-run step cannot be undone.
   */
  Outcome run(Duration timeout, List<String> command) throws IOException {
    return run(timeout, new byte[0], command);
  }

  /** Runs a program to its end, with input. */
  Outcome run(Duration timeout, byte[] input, List<String> command) throws IOException {
    Process process = start(command);
    CompletableFuture<Process> end =
        process
            .onExit()
            .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
            .exceptionally(late -> process.destroyForcibly());
    try (var stdin = process.getOutputStream()) {
      stdin.write(input);
    } catch (IOException e) {
      // It ended without reading all of its input; its exit code tells whether that is an error.
    }
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    end.join();
    return new Outcome(process.onExit().join().exitValue(), output);
  }

  /**
   * Runs a program that must succeed.
   *
   * @return what it printed
   * @throws IOException when it fails, with what it printed
   */
  String succeed(Duration timeout, List<String> command) throws IOException {
    Outcome outcome = run(timeout, command);
    if (!outcome.successful()) {
      throw new IOException(
          "%s ended with exit code %d: %s"
              .formatted(command.get(0), outcome.exitCode(), outcome.output()));
    }
    return outcome.output();
  }

  private Process start(List<String> command) throws IOException {
    var builder = new ProcessBuilder(new ArrayList<>(commandLine(command)));
    builder.directory(new File("/"));
    builder.redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
    builder.environment().put("LC_ALL", "C");
    return builder.start();
  }

  private boolean isUnprivileged() {
    try {
      return run(Duration.ofSeconds(10), List.of("sh", "-c", "test \"$(id -u)\" != 0"))
          .successful();
    } catch (IOException e) {
      return false; // The command in front is not installed.
    }
  }
}
