package io.drasi.deployer.internal;

import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;

/** Where people read what happens, and the way to end the host. Thread-safe. */
@Component(service = Console.class)
public final class Console {
  /** What was asked for is done. */
  static final int DONE = 0;

  /** Something asked for has failed. */
  static final int FAILED = 1;

  /** The configuration has a mistake. */
  static final int MISTAKE = 2;

  private final PrintWriter err;
  private final @Nullable IntConsumer exit;

  /**
   * For Declarative Services.
   *
   * @param exit ends the host with an exit code; null where nobody is to end it
   */
  @Activate
  public Console(
      @Reference(target = "(drasi.host=exit)", cardinality = ReferenceCardinality.OPTIONAL)
          @Nullable IntConsumer exit) {
    this(new PrintWriter(System.err, true, Charset.defaultCharset()), exit);
  }

  Console(PrintWriter err, @Nullable IntConsumer exit) {
    this.err = err;
    this.exit = exit;
  }

  /** Prints a line. */
  void say(String line) {
    err.println(line);
  }

  /** Ends the host. */
  void exit(int code) {
    if (exit != null) {
      exit.accept(code);
    }
  }
}
