package io.drasi.postgres.protocol;

import io.drasi.postgres.protocol.message.ServerReport;
import java.io.IOException;

/**
 * The server answered with ErrorResponse. Decide by {@link #sqlState}, never by the (localised)
 * text.
 */
public final class ServerErrorException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient ServerReport report;
  private final String sqlState;
  private final boolean atLogIn;

  /**
   * An error the server reported.
   *
   * @param doing what was asked of the server, without values: {@code START_REPLICATION}
   * @param report what it answered
   */
  public ServerErrorException(String doing, ServerReport report) {
    this(doing, report, false);
  }

  private ServerErrorException(String doing, ServerReport report, boolean atLogIn) {
    super("%s failed: %s [SQLSTATE %s]".formatted(doing, report.message(), report.sqlState()));
    this.report = report;
    this.sqlState = report.sqlState();
    this.atLogIn = atLogIn;
  }

  /**
   * The server has not let the session in.
   *
   * @param address where it is
   * @param report what it answered
   */
  public static ServerErrorException atLogIn(String address, ServerReport report) {
    return new ServerErrorException("connecting to " + address, report, true);
  }

  /** Whether the server has not let the session in; otherwise it was asked for something. */
  public boolean isAtLogIn() {
    return atLogIn;
  }

  /** The error's five-character code (manual, appendix "PostgreSQL Error Codes"). */
  public String sqlState() {
    return sqlState;
  }

  /** Whether the error is of a class, given by the code's first two characters. */
  public boolean isOfClass(String sqlStateClass) {
    return sqlState.startsWith(sqlStateClass);
  }

  /** Everything the server said. */
  public ServerReport report() {
    return report;
  }
}
