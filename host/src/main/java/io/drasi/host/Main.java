package io.drasi.host;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The {@code drasi} command. Changes go to the standard output, words for people to the standard
 * error.
 */
@Command(
    name = "drasi",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    sortOptions = false,
    synopsisSubcommandLabel = "(demo | run | check)",
    description = "Streams the changes of a PostgreSQL database as JSON lines.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  drasi demo                     changes of a throw-away database, until Ctrl-C",
      "  drasi demo --changes 50        ends after 50 changes",
      "  drasi run config.yaml          changes of your database",
      "  drasi check config.yaml        whether all is in order for that",
      "  drasi run config.yaml | jq .   changes go to stdout, all else to stderr",
      "",
      "Exit codes: 0 done, 1 failed, 2 a mistake in the command or the configuration,",
      "130 and 143 ended by Ctrl-C and by SIGTERM."
    })
public final class Main implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Log what an operator would ask about.")
  private boolean verbose;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Log everything, and print stack traces.")
  private boolean debug;

  Main() {}

  /**
   * Runs the command and ends the JVM with its exit code.
   *
   * @param args the command line
   */
  public static void main(String[] args) {
    var err = new PrintWriter(System.err, true, Charset.defaultCharset());
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, e) -> err.printf("drasi: thread %s ended by %s%n", thread.getName(), e));
    var out = new StandardOutput(new FileOutputStream(FileDescriptor.out));
    int exitCode = ExitCode.SOFTWARE;
    try {
      exitCode = execute(out, err, args);
    } catch (Error e) {
      err.println("drasi: " + e); // A thread of a source must not keep the JVM after this.
    }
    System.exit(exitCode);
  }

  /** Runs a command line; returns the exit code. */
  static int execute(OutputStream out, PrintWriter err, String... args) {
    var main = new Main();
    var errors = new ErrorPrinter(err, main::isDebug);
    var commandLine =
        new CommandLine(main)
            .addSubcommand(new DemoCommand(out, err))
            .addSubcommand(new RunCommand(out, err))
            .addSubcommand(new CheckCommand(out, err))
            .setErr(err)
            .setOut(new PrintWriter(out, true, Charset.defaultCharset()))
            .setParameterExceptionHandler(errors)
            .setExecutionExceptionHandler(errors);
    commandLine.setExecutionStrategy(
        parsed -> {
          Logging.configure(main.verbose, main.debug);
          return new RunLast().execute(parsed);
        });
    return commandLine.execute(args);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say what to do: demo, run or check");
  }

  private boolean isDebug() {
    return debug;
  }
}
