package io.drasi.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.drasi.bench.client.Client;
import io.drasi.bench.client.Measurement;
import io.drasi.bench.client.Task;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** A process with one contestant. */
final class ClientProcess implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final CompletableFuture<Process> watch;
  private final BufferedReader out;
  private final Path log;

  private ClientProcess(Process process, CompletableFuture<Process> watch, Path log) {
    this.process = process;
    this.watch = watch;
    this.out = process.inputReader(StandardCharsets.UTF_8);
    this.log = log;
  }

  /**
   * Starts it.
   *
   * @param jvmOptions the same for all contestants
   * @param patience after what time it is ended
   * @param log takes what it says about errors
   */
  static ClientProcess start(Task task, List<String> jvmOptions, Duration patience, Path log)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions);
    // Debezium warns for each record when the queue of its statistics is full.
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=error");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Client.class.getName());
    Process process =
        new ProcessBuilder(command).redirectError(Redirect.appendTo(log.toFile())).start();
    CompletableFuture<Process> watch =
        process
            .onExit()
            .orTimeout(patience.toSeconds(), TimeUnit.SECONDS)
            .whenComplete((ended, late) -> process.destroyForcibly());
    try (OutputStream in = process.getOutputStream()) {
      in.write(JSON.writeValueAsBytes(task));
    }
    return new ClientProcess(process, watch, log);
  }

  /** Waits until its stream has begun. */
  void awaitReady() throws IOException {
    await(Task.READY::equals);
  }

  /** Waits until it is done. */
  Measurement await() throws IOException {
    return JSON.readValue(await(line -> line.startsWith("{")), Measurement.class);
  }

  /** The JVM may say something of its own between. */
  private String await(Predicate<String> wanted) throws IOException {
    String line = out.readLine();
    while (line != null && !wanted.test(line)) {
      line = out.readLine();
    }
    if (line == null) {
      throw failure();
    }
    return line;
  }

  private IOException failure() {
    return new IOException("it failed, or took too long; see " + log);
  }

  @Override
  public void close() {
    try {
      watch.get(2, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
