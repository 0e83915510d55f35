package io.drasi.host;

import io.drasi.host.framework.Host;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;

/** Runs the host on a configuration file, until it ends by itself or is told to. */
final class HostRun {
  private final Path configuration;
  private final List<Path> folders = new ArrayList<>();
  private final Map<String, String> settings = new HashMap<>();
  private final PrintWriter err;
  private final PrintedLines lines;
  private final CompletableFuture<Integer> exit = new CompletableFuture<>();

  /**
   * A run to come.
   *
   * @param out where the changes go
   * @param err where the words for people go
   * @param limit after how many lines it ends
   */
  HostRun(Path configuration, OutputStream out, PrintWriter err, long limit) {
    this.configuration = configuration.toAbsolutePath().normalize();
    this.err = err;
    this.lines = new PrintedLines(out, limit, this::endOutput);
  }

  /** Watches this folder for bundles too. */
  HostRun withBundles(Path folder) {
    folders.add(folder.toAbsolutePath().normalize());
    return this;
  }

  /** Checks the sources instead of running them, and prints what is found in this form. */
  HostRun asCheck(String output) {
    settings.put("drasi.host.check", output);
    return this;
  }

  /** How many lines were printed. */
  long printed() {
    return lines.count();
  }

  /**
   * Runs it on this thread.
   *
   * @return the exit code; 0 when it was interrupted
   */
  int run() throws IOException {
    Installation installation = Installation.find();
    List<Path> all = new ArrayList<>(List.of(installation.bundles()));
    all.addAll(folders);
    PrintStream before = System.out;
    // The sink prints there; what is left in its buffer when the output ends is not wanted.
    System.setOut(new PrintStream(lines, false, StandardCharsets.UTF_8));
    try (var host =
        new Host(
            installation.system(), all, configuration, settings, err::println, exit::complete)) {
      host.start();
      return exit.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      return ExitCode.OK; // Told to stop, which has happened.
    } finally {
      System.setOut(before);
    }
  }

  private void endOutput(@Nullable IOException failure) {
    if (failure == null || failure instanceof StandardOutput.ReaderGoneException) {
      exit.complete(ExitCode.OK);
    } else {
      err.println("drasi: " + failure.getMessage());
      exit.complete(ExitCode.SOFTWARE);
    }
  }
}
