package io.drasi.host;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Streams the changes of the source that a file describes. */
@Command(
    name = "run",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Streams the changes of your PostgreSQL.",
      "Prints them as JSON lines on stdout, until Ctrl-C; what becomes of the connection is told"
          + " on stderr."
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
      "The server needs wal_level = logical, a role with LOGIN and REPLICATION, and",
      "  CREATE PUBLICATION drasi_publication FOR TABLE users, order_items;"
    })
final class RunCommand implements Callable<Integer> {
  private final OutputStream out;
  private final PrintWriter err;

  @Parameters(arity = "1", paramLabel = "config.yaml", description = "Describes the source.")
  private Path file = Path.of("config.yaml");

  RunCommand(OutputStream out, PrintWriter err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() throws IOException {
    StopSignal.guard(
        () -> {
          try (var source = ConfigurationFile.createSource(file, SourceFactories.onThePath())) {
            source.addStatusListener(new StatusPrinter(err));
            var stream = new ChangeStream(source, out, ChangeStream.UNLIMITED);
            stream.run();
            err.printf("%s: %s streamed%n", source.id(), Count.of(stream.changes(), "change"));
          }
        });
    return 0;
  }
}
