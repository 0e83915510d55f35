package io.drasi.host;

import java.io.PrintWriter;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Says what went wrong, in words for people: a stack trace only where it was asked for. */
final class ErrorPrinter implements IParameterExceptionHandler, IExecutionExceptionHandler {
  private final PrintWriter err;
  private final BooleanSupplier debug;

  ErrorPrinter(PrintWriter err, BooleanSupplier debug) {
    this.err = err;
    this.debug = debug;
  }

  /** A mistake on the command line. */
  @Override
  public int handleParseException(ParameterException e, String[] args) {
    String command = e.getCommandLine().getCommandSpec().qualifiedName();
    err.printf("%s: %s%n", command, e.getMessage());
    err.printf("\"%s --help\" tells more.%n", command);
    return ExitCode.USAGE;
  }

  /** A failure. */
  @Override
  public int handleExecutionException(Exception e, CommandLine commandLine, ParseResult parsed) {
    err.println("drasi: " + messageOf(e));
    if (debug.getAsBoolean()) {
      e.printStackTrace(err);
    }
    return ExitCode.SOFTWARE;
  }

  private static String messageOf(Exception e) {
    String message = e.getMessage();
    return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
  }
}
