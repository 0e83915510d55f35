package io.drasi.it.support;

import static io.drasi.it.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * The packaged command, as {@code ./drasi} starts it, in a process of its own; its stdout is a pipe
 * to another.
 */
public final class HostProcess implements AutoCloseable {
  private static final Path APP = Path.of(System.getProperty("drasi.root"), "host/target/app");

  private final Process process;
  private final Process reader;
  private final Path output;
  private final Path errors;
  private boolean held;

  private HostProcess(List<Process> pipeline, Path output, Path errors) {
    this.process = pipeline.get(0);
    this.reader = pipeline.get(1);
    this.output = output;
    this.errors = errors;
  }

  /**
   * Starts the command.
   *
   * @param folder where its output goes, in new files
   * @param arguments its arguments
   */
  public static HostProcess start(Path folder, String... arguments) throws IOException {
    return startCopy(APP, folder, arguments);
  }

  /**
   * Copies the command, with its bundles; what the demo needs is left out.
   *
   * @param place where to
   */
  public static Path copyTo(Path place) throws IOException {
    for (String part : List.of("lib", "system", "bundles")) {
      Files.createDirectories(place.resolve(part));
      try (Stream<Path> files = Files.list(APP.resolve(part))) {
        for (Path file : files.toList()) {
          Files.copy(file, place.resolve(part).resolve(file.getFileName()));
        }
      }
    }
    return place;
  }

  /** Starts the command from a copy. */
  public static HostProcess startCopy(Path app, Path folder, String... arguments)
      throws IOException {
    Path output = Files.createTempFile(folder, "output", ".jsonl");
    Path errors = Files.createTempFile(folder, "errors", ".txt");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (Runtime.version().feature() >= 23) {
      command.add("--sun-misc-unsafe-memory-access=allow"); // as ./drasi does
    }
    command.add("-Djava.io.tmpdir=" + temporary(folder));
    command.add("-cp");
    command.add(app.resolve("lib") + "/*");
    command.add("io.drasi.host.Main");
    command.addAll(List.of(arguments));
    List<Process> pipeline =
        ProcessBuilder.startPipeline(
            List.of(
                new ProcessBuilder(command)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectError(errors.toFile()),
                new ProcessBuilder("cat").redirectOutput(output.toFile())));
    return new HostProcess(pipeline, output, errors);
  }

  /**
   * Writes a configuration.
   *
   * @param options its {@code properties}
   */
  public static Path configuration(Path folder, Map<String, String> options) throws IOException {
    var yaml = new StringBuilder("source_type: postgres\nproperties:\n");
    options.forEach((option, value) -> yaml.append("  %s: '%s'\n".formatted(option, value)));
    return Files.writeString(folder.resolve("config.yaml"), yaml);
  }

  /** The folder for its temporary files, which the unprivileged user of its server can reach. */
  public static Path temporary(Path folder) throws IOException {
    Path temporary = folder.resolve("tmp");
    if (!Files.exists(temporary)) {
      Set<PosixFilePermission> everybody = PosixFilePermissions.fromString("rwxrwxrwx");
      Files.setPosixFilePermissions(folder, everybody);
      Files.createDirectory(temporary);
      Files.setPosixFilePermissions(temporary, everybody);
    }
    return temporary;
  }

  /**
   * Waits for what it does, for a minute at most.
   *
   * @throws TimeoutException with what it says, when it does not do it in time
   * @throws AssertionError with what it says, when it has ended without having done it
   */
  public void await(String what, Callable<Boolean> condition) throws Exception {
    var met = new AtomicBoolean();
    try {
      eventually(
          what,
          Duration.ofSeconds(60),
          () -> {
            boolean ended = !process.isAlive() && !reader.isAlive();
            met.set(condition.call());
            return met.get() || ended;
          });
    } catch (TimeoutException e) {
      throw new TimeoutException("%s; the command says:%n%s".formatted(e.getMessage(), errors()));
    }
    assertThat(met.get())
        .as("%s, and not: the command has ended. It says:%n%s", what, errors())
        .isTrue();
  }

  /** Waits for its end, for a minute at most; gives the exit code. */
  public int exitCode() throws InterruptedException {
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("the command has ended").isTrue();
    assertThat(reader.waitFor(10, TimeUnit.SECONDS)).as("its output is read").isTrue();
    return process.exitValue();
  }

  /** From now on nobody reads what it prints on stdout, as with a pager, until it has ended. */
  public void holdOutput() throws IOException, InterruptedException {
    signalReader("STOP");
    held = true;
  }

  private void signalReader(String signal) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + signal, "" + reader.pid()).start();
    assertThat(kill.waitFor()).as("kill -%s", signal).isZero();
  }

  /** Ends it as {@code kill -9} does. */
  public void kill() throws IOException, InterruptedException {
    process.destroyForcibly().waitFor();
    if (held) {
      signalReader("CONT");
    }
    reader.waitFor();
  }

  /** Asks it to end as {@code kill} does. */
  public void terminate() {
    process.destroy();
  }

  /** What it has printed on stdout so far, its last line whole or not. */
  public String output() throws IOException {
    return Files.readString(output, StandardCharsets.UTF_8);
  }

  /** The whole lines it has printed on stdout so far. */
  public List<String> lines() throws IOException {
    String text = output();
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
  }

  /** What it has printed on stderr so far. */
  public String errors() throws IOException {
    return Files.readString(errors, StandardCharsets.UTF_8);
  }

  /** Its process and those it has started. */
  public List<ProcessHandle> processes() {
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(process.toHandle());
    return all;
  }

  @Override
  public void close() {
    process.destroyForcibly();
    reader.destroyForcibly();
  }
}
