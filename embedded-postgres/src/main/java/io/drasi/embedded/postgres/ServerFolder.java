package io.drasi.embedded.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The temporary folder of one server, which belongs to the server's account, and which nobody else
 * may read. Closing it ends the server in it and removes everything.
 *
 * <p>Whoever changes something in the folder holds its monitor, so that a shutdown hook removes
 * nothing under a step that is under way.
 */
final class ServerFolder implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final long POLL_MILLIS = 20;

  private final Account account;
  private final Path path;
  private final Watchdog watchdog;
  private final @Nullable Thread shutdownHook;

  // Guarded by this.
  private boolean closed;

  private ServerFolder(Account account, Path path, boolean withShutdownHook) throws IOException {
    this.account = account;
    this.path = path;
    this.watchdog = Watchdog.start(path, pidFile());
    this.shutdownHook =
        withShutdownHook ? new Thread(this::close, "embedded-postgres-close") : null;
  }

  /**
   * Creates a folder where the account may write.
   *
   * @param withShutdownHook whether it is closed when the JVM ends
   * @throws IOException when there is no such place
   */
  static ServerFolder create(Account account, boolean withShutdownHook) throws IOException {
    var folder = new ServerFolder(account, makeFolder(account), withShutdownHook);
    if (folder.shutdownHook != null) {
      try {
        Runtime.getRuntime().addShutdownHook(folder.shutdownHook);
      } catch (IllegalStateException e) {
        folder.close();
        throw new IOException("the JVM is ending", e);
      }
    }
    return folder;
  }

  Account account() {
    return account;
  }

  Path path() {
    return path;
  }

  Path data() {
    return path.resolve("data");
  }

  Path log() {
    return path.resolve("server.log");
  }

  /** Writes a file that only the account (and root) may read. */
  void write(Path file, byte[] content) throws IOException {
    Account.Outcome written = account.run(TIMEOUT, content, shell("cat > \"$1\"", file.toString()));
    if (!written.successful()) {
      throw new IOException("cannot write %s: %s".formatted(file, written.output()));
    }
  }

  /** Whether it is closed; nothing is there any more then. */
  synchronized boolean isClosed() {
    return closed;
  }

  /**
   * Ends the server at once, if there is one, and removes the folder. Idempotent.
   *
   * @throws UncheckedIOException when something of it stays
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      endServer();
      deleteTree(path);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + path, e);
    } finally {
      watchdog.close();
      removeShutdownHook();
    }
  }

  /** Removes a folder and all that is in it. */
  static void deleteTree(Path folder) throws IOException {
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path file : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException e) {
      // Gone already.
    }
  }

  private static Path makeFolder(Account account) throws IOException {
    Set<String> places = new LinkedHashSet<>();
    places.add(System.getProperty("java.io.tmpdir"));
    places.add("/tmp");
    places.add("/var/tmp");
    for (String place : places) {
      List<String> command = shell("mktemp -d \"$1/drasi-postgres-XXXXXX\"", place);
      Account.Outcome made = account.run(TIMEOUT, command);
      if (made.successful()) {
        return Path.of(made.output());
      }
    }
    throw new IOException(
        "the server's account may write in none of the folders " + String.join(", ", places));
  }

  /** Written by the server as long as it lives: its first line is the server's process id. */
  private Path pidFile() {
    return data().resolve("postmaster.pid");
  }

  /** By signal, not by pg_ctl, so that it serves at every stage of a start that failed. */
  private void endServer() throws IOException {
    if (!Files.exists(pidFile())) {
      return;
    }
    String pid = Files.readAllLines(pidFile()).stream().findFirst().orElse("").strip();
    account.run(TIMEOUT, shell("kill -QUIT \"$1\"", pid));
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    boolean interrupted = Thread.interrupted();
    while (Files.exists(pidFile()) && System.nanoTime() < deadline) {
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (Files.exists(pidFile())) {
      account.run(TIMEOUT, shell("kill -KILL \"$1\"", pid));
    }
  }

  private void removeShutdownHook() {
    if (shutdownHook == null) {
      return;
    }
    try {
      Runtime.getRuntime().removeShutdownHook(shutdownHook);
    } catch (IllegalStateException e) {
      // The JVM is ending; the hook finds nothing left to do.
    }
  }

  private static List<String> shell(String script, String argument) {
    return List.of("sh", "-c", "umask 077; " + script, "sh", argument);
  }
}
