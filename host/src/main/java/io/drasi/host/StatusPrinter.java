package io.drasi.host;

import io.drasi.api.source.Source;
import io.drasi.api.source.SourceException;
import io.drasi.api.source.SourceState;
import io.drasi.api.source.SourceStatus;
import io.drasi.api.source.SourceStatusListener;
import java.io.PrintWriter;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * Prints what becomes of a source, a line per change that matters to a person. An attempt to
 * reconnect that fails as the one before is no news. How it ends is for the command to say, once:
 * it alone stops the source, and it ends when the source has failed.
 *
 * <p>Confined to the source's event thread.
 */
final class StatusPrinter implements SourceStatusListener {
  private static final Set<SourceState> NEWS =
      EnumSet.of(SourceState.STARTING, SourceState.RUNNING, SourceState.RECONNECTING);

  private final PrintWriter err;
  private String last = "";

  StatusPrinter(PrintWriter err) {
    this.err = err;
  }

  @Override
  public void statusChanged(Source source, SourceStatus status) {
    String reason = status.error().map(SourceException::getMessage).orElse("");
    // While it runs, the wait for a subscriber comes and goes with every full queue.
    String waitingFor = status.state() == SourceState.RUNNING ? "" : status.waitingFor().orElse("");
    String news = status.state() + (reason.isEmpty() ? waitingFor : reason);
    if (!NEWS.contains(status.state()) || news.equals(last)) {
      return;
    }
    last = news;
    err.printf(
        "%s: %s%s%s%n",
        source.id(),
        status.state().name().toLowerCase(Locale.ROOT),
        reason.isEmpty() ? "" : ": " + reason,
        waitingFor.isEmpty() ? "" : "; waiting for " + waitingFor);
  }
}
