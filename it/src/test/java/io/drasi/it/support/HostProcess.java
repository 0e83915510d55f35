package io.drasi.it.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The packaged command, as {@code ./drasi} starts it, in a process of its own. */
public final class HostProcess implements AutoCloseable {
  private static final Path APP = Path.of(System.getProperty("drasi.root"), "host/target/app");

  private final Process process;
  private final Path output;
  private final Path errors;

  private HostProcess(Process process, Path output, Path errors) {
    this.process = process;
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
    Path output = Files.createTempFile(folder, "output", ".jsonl");
    Path errors = Files.createTempFile(folder, "errors", ".txt");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Djava.io.tmpdir=" + temporary(folder));
    command.add("-cp");
    command.add(APP.resolve("lib") + "/*");
    command.add("io.drasi.host.Main");
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile())
            .start();
    return new HostProcess(process, output, errors);
  }

  /**
   * Writes a configuration for a database.
   *
   * @param more further lines of {@code properties}, indented by two
   */
  public static Path configuration(Path folder, TestDatabase database, String password, String more)
      throws IOException {
    return Files.writeString(
        folder.resolve("config.yaml"),
        """
        source_type: postgres
        properties:
          host: %s
          port: %d
          database: %s
          user: %s
          password: '%s'
          slot_name: %s
        """
                .formatted(
                    database.server().host(),
                    database.server().port(),
                    database.name(),
                    TestDatabase.ROLE,
                    password,
                    database.slot())
            + more);
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

  /** Waits for its end, for a minute at most; gives the exit code. */
  public int exitCode() throws InterruptedException {
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("the command has ended").isTrue();
    return process.exitValue();
  }

  /** Ends it as {@code kill -9} does. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
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
  }
}
