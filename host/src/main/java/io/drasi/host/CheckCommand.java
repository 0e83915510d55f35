package io.drasi.host;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Looks whether all is in order for the sources that a file describes. */
@Command(
    name = "check",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Looks whether all is in order for your PostgreSQL to be streamed.",
      "Connects as \"drasi run\" would, tells item by item what it finds and what mends it, and"
          + " changes nothing."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  drasi check config.yaml                  item by item",
      "  drasi check --fix config.yaml | psql …   mends what statements mend",
      "  drasi check --json config.yaml | jq .    for machines",
      "",
      "Exit codes: 0 in order, 1 not, 2 a mistake in the command or the configuration."
    })
final class CheckCommand implements Callable<Integer> {
  private final OutputStream out;
  private final PrintWriter err;

  @Parameters(arity = "1", paramLabel = "config.yaml", description = "Describes the sources.")
  private Path file = Path.of("config.yaml");

  @ArgGroup private Form form = new Form();

  /** What is printed, when it is not for people. */
  private static final class Form {
    @Option(names = "--fix", description = "Print the statements that mend, and nothing else.")
    private boolean script;

    @Option(names = "--json", description = "Print a JSON object for each item, a line each.")
    private boolean json;
  }

  CheckCommand(OutputStream out, PrintWriter err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() throws IOException {
    String output = form.json ? "JSON" : form.script ? "SCRIPT" : "TEXT";
    var run = new HostRun(file, out, err, PrintedLines.UNLIMITED).asCheck(output);
    return StopSignal.guard(run::run);
  }
}
