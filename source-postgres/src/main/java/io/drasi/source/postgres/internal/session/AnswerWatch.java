package io.drasi.source.postgres.internal.session;

import io.drasi.postgres.protocol.Activity;
import io.drasi.postgres.protocol.ConnectionException;
import io.drasi.postgres.protocol.Session;
import io.drasi.source.postgres.internal.session.OpenConnections.Purpose;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches a command whose answer may take any time, such as the making of a slot, which waits for
 * open transactions. On another connection it is looked whether the server is at it; when it is not
 * any more, the answer was lost on the way, or the command, and the session is closed.
 *
 * <p>Thread-safe.
 */
final class AnswerWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AnswerWatch.class);
  private static final Duration INTERVAL = Duration.ofSeconds(10);

  /** An answer may be on its way. */
  private static final int MOST_IDLE_LOOKS = 3;

  private final OpenConnections connections;
  private final Session session;
  private final int processId;
  private final PeriodicLook looks;
  private int idleLooks;
  private volatile boolean gaveUp;

  /**
   * Watches until it is closed.
   *
   * @param sourceId names the thread
   * @param session where the command is run
   */
  AnswerWatch(String sourceId, OpenConnections connections, Session session) {
    this.connections = connections;
    this.session = session;
    this.processId = session.processId().orElse(0);
    this.looks = PeriodicLook.begin(sourceId + "-slot-watch", INTERVAL, this::look);
  }

  private boolean look() {
    idleLooks = isBusy() ? 0 : idleLooks + 1;
    if (idleLooks < MOST_IDLE_LOOKS) {
      return true;
    }
    if (!looks.isClosed()) {
      gaveUp = true;
      session.close();
    }
    return false;
  }

  /** Where the server cannot be asked, nothing is known. */
  private boolean isBusy() {
    try (Session look = connections.open(Purpose.PROBE)) {
      look.setReadTimeout(StreamSession.SILENCE);
      return processId == 0 || Activity.of(processId, look) != Activity.IDLE;
    } catch (IOException e) {
      log.debug("the server cannot be asked whether it is at it: {}", e.getMessage());
      return true;
    }
  }

  /** The error that a command has come to, in the light of what was seen. */
  IOException explain(ConnectionException error) {
    return gaveUp ? new ConnectionException("the server was silent for too long", error) : error;
  }

  /** Ends the watch. */
  @Override
  public void close() {
    looks.close();
  }
}
