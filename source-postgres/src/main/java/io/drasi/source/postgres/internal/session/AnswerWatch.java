package io.drasi.source.postgres.internal.session;

import io.drasi.postgres.protocol.ConnectionException;
import io.drasi.postgres.protocol.Session;
import io.drasi.source.postgres.internal.session.OpenConnections.Purpose;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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

  /** A stop has to return within a second. */
  private static final Duration PATIENCE = Duration.ofMillis(300);

  /** An answer may be on its way. */
  private static final int MOST_IDLE_LOOKS = 3;

  private final OpenConnections connections;
  private final Session session;
  private final int processId;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread thread;
  private volatile boolean gaveUp;

  private AnswerWatch(
      String sourceId, OpenConnections connections, Session session, int processId) {
    this.connections = connections;
    this.session = session;
    this.processId = processId;
    this.thread = new Thread(this::run, sourceId + "-slot-watch");
    thread.setDaemon(true);
  }

  /**
   * Watches until it is closed. No other connection for queries is needed meanwhile.
   *
   * @param sourceId names the thread
   * @param session where the command is run
   */
  static AnswerWatch begin(String sourceId, OpenConnections connections, Session session) {
    var watch = new AnswerWatch(sourceId, connections, session, session.processId().orElse(0));
    watch.thread.start();
    return watch;
  }

  private void run() {
    int idleLooks = 0;
    try {
      while (!ended.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS) && !gaveUp) {
        idleLooks = isBusy() ? 0 : idleLooks + 1;
        if (idleLooks == MOST_IDLE_LOOKS && ended.getCount() > 0) {
          gaveUp = true;
          session.close();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Where the server cannot be asked, nothing is known. */
  private boolean isBusy() {
    try (Session look = connections.open(Purpose.PROBE)) {
      look.setReadTimeout(StreamSession.SILENCE);
      return processId == 0
          || !look.query(
                  "SELECT 1 FROM pg_catalog.pg_stat_activity WHERE state = 'active' AND pid = "
                      + processId)
              .get(0)
              .rows()
              .isEmpty();
    } catch (IOException e) {
      log.debug("the server cannot be asked whether it is at it: {}", e.getMessage());
      return true;
    }
  }

  /** The error that a command has come to, in the light of what was seen. */
  IOException explain(ConnectionException error) {
    return gaveUp ? new ConnectionException("the server was silent for too long", error) : error;
  }

  /** Ends the watch; waits for a look that is being taken, but not for long. */
  @Override
  public void close() {
    ended.countDown();
    boolean interrupted = Thread.interrupted();
    try {
      thread.join(PATIENCE.toMillis());
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
