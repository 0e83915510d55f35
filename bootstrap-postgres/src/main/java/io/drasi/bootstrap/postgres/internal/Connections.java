package io.drasi.bootstrap.postgres.internal;

import io.drasi.postgres.protocol.ConnectionConfig;
import io.drasi.postgres.protocol.ConnectionException;
import io.drasi.postgres.protocol.Connector;
import io.drasi.postgres.protocol.Session;
import io.drasi.postgres.protocol.SessionMode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of one bootstrap, so that all of them are gone at its end.
 *
 * <p>Thread-safe: guarded by {@code lock}; never held over I/O.
 */
final class Connections implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Connections.class);

  private final Connector connector;
  private final ConnectionConfig config;
  private final Object lock = new Object();
  private final List<Session> sessions = new ArrayList<>();
  private boolean closed;

  Connections(Connector connector, ConnectionConfig config) {
    this.connector = connector;
    this.config = config;
  }

  /** Opens a session, which the caller may close before the others are. */
  Session open(SessionMode mode) throws IOException {
    requireOpen();
    Session session = connector.connect(config, mode);
    synchronized (lock) {
      if (!closed) {
        sessions.add(session);
        return session;
      }
    }
    session.close();
    throw cancelled();
  }

  /** Closes a session that is needed no more. */
  void close(Session session) {
    session.close();
    synchronized (lock) {
      sessions.remove(session);
    }
  }

  private void requireOpen() throws ConnectionException {
    synchronized (lock) {
      if (closed) {
        throw cancelled();
      }
    }
  }

  private static ConnectionException cancelled() {
    return new ConnectionException("the bootstrap was cancelled", null);
  }

  /** Closes all sessions, and those that are just being opened. Never waits. */
  @Override
  public void close() {
    snapshot(true).forEach(Session::close);
  }

  /**
   * Makes the server give up what the sessions were doing. It would go on after they are closed: a
   * backend that waits for a lock or another transaction does not look at its client.
   */
  void cancel() {
    for (Session session : snapshot(false)) {
      try {
        session.cancel();
      } catch (IOException e) {
        log.debug("could not cancel what the server is doing: {}", e.getMessage());
      }
    }
  }

  private List<Session> snapshot(boolean close) {
    synchronized (lock) {
      closed |= close;
      return List.copyOf(sessions);
    }
  }
}
