package io.drasi.host;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Streams the changes of the sources that a file describes. */
@Command(
    name = "run",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Streams the changes of your PostgreSQL.",
      "Prints them as JSON lines on stdout, until Ctrl-C; what becomes of the connection is told"
          + " on stderr. When the file changes, so do the sources."
    },
    footerHeading = "%nA configuration:%n",
    footer = {
      "  source_type: postgres",
      "  id: orders-db                        # optional; the source_id of the changes",
      "  properties:",
      "    host: db.example.com               # localhost",
      "    port: 5432",
      "    database: production",
      "    user: drasi",
      "    password: $${DB_PASSWORD}           # from the environment",
      "    tables: [users, order_items]       # all of the publication",
      "    slot_name: drasi_slot              # is created when it is not there",
      "    publication_name: drasi_publication",
      "    table_keys:                        # the tables' own keys",
      "      - table: order_items",
      "        key_columns: [order_id, item_id]",
      "",
      "Several sources stand in a list under \"sources\", each with an id and a slot of its own.",
      "",
      "The server needs wal_level = logical, a role with LOGIN and REPLICATION, and",
      "  CREATE PUBLICATION drasi_publication FOR TABLE users, order_items;"
    })
final class RunCommand implements Callable<Integer> {
  private final OutputStream out;
  private final PrintWriter err;

  @Parameters(arity = "1", paramLabel = "config.yaml", description = "Describes the sources.")
  private Path file = Path.of("config.yaml");

  @Option(
      names = "--bundles",
      paramLabel = "DIR",
      description = {
        "A folder with more bundles, such as bootstrap providers of your own. What is put into it,"
            + " replaced or removed while this runs is installed, updated or uninstalled. By default"
            + " the folder bundles beside config.yaml, where there is one."
      })
  private @Nullable Path bundles;

  @Spec private CommandSpec spec = CommandSpec.create();

  RunCommand(OutputStream out, PrintWriter err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() throws IOException {
    var run = new HostRun(file, out, err, PrintedLines.UNLIMITED);
    bundleFolder().ifPresent(run::withBundles);
    return StopSignal.guard(run::run);
  }

  private Optional<Path> bundleFolder() {
    if (bundles == null) {
      return Optional.of(file.toAbsolutePath().resolveSibling("bundles"))
          .filter(Files::isDirectory);
    }
    if (!Files.isDirectory(bundles)) {
      throw new ParameterException(
          spec.commandLine(), "--bundles: %s is no folder".formatted(bundles));
    }
    return Optional.of(bundles);
  }
}
