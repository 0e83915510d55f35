package io.drasi.bootstrap.postgres.internal;

import io.drasi.postgres.protocol.ConnectionConfig;
import io.drasi.postgres.protocol.Connector;
import io.drasi.postgres.protocol.Session;
import io.drasi.postgres.protocol.SessionMode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of one bootstrap, so that all of them are gone at its end. The first looks for
 * the server, and the others go where it is: the snapshot is nowhere else.
 *
 * <p>Thread-safe: guarded by {@code lock}; never held over I/O.
 */
final class Connections implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Connections.class);

  /** After so much silence a server that owes an answer is taken for gone. */
  static final Duration SILENCE = Duration.ofSeconds(60);

  private final Connector connector;
  private final ConnectionConfig config;
  private final ReentrantLock lock = new ReentrantLock();

  /** The sessions, and what closes their sockets. */
  private final Map<Session, Runnable> sessions = new HashMap<>();

  /** What closes the sockets, of connections that are just being opened too. */
  private final Set<Runnable> sockets = new HashSet<>();

  private @Nullable ConnectionConfig server;
  private boolean closed;

  Connections(Connector connector, ConnectionConfig config) {
    this.connector = connector;
    this.config = config;
  }

  /**
   * Opens a session, which the caller may close before the others are. It bears no more than {@link
   * #SILENCE}, unless it is told to.
   */
  Session open(SessionMode mode) throws IOException {
    List<Runnable> opening = new ArrayList<>();
    Session session =
        connector.connect(
            place(),
            mode,
            socket -> {
              opening.add(socket);
              note(socket);
            });
    lock.lock();
    try {
      sessions.put(session, opening.get(0));
      if (server == null) {
        server = session.here();
      }
    } finally {
      lock.unlock();
    }
    session.setReadTimeout(SILENCE);
    return session;
  }

  private ConnectionConfig place() {
    lock.lock();
    try {
      ConnectionConfig found = server;
      return found == null ? config : found;
    } finally {
      lock.unlock();
    }
  }

  private void note(Runnable socket) {
    lock.lock();
    try {
      sockets.add(socket);
      if (closed) {
        socket.run(); // never waits
      }
    } finally {
      lock.unlock();
    }
  }

  /** Closes a session that is needed no more. */
  void close(Session session) {
    session.close();
    lock.lock();
    try {
      sockets.remove(sessions.remove(session));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Closes a session in the middle of what it does, and makes the server give that up. It would go
   * on: a backend that waits for a lock or another transaction does not look at its client.
   */
  void abort(Session session) {
    close(session);
    try {
      session.cancel();
    } catch (IOException e) {
      log.debug("could not cancel what the server is doing: {}", e.getMessage());
    }
  }

  /** {@linkplain #abort(Session) Aborts} all sessions. */
  void abort() {
    close();
    opened().forEach(this::abort);
  }

  private List<Session> opened() {
    lock.lock();
    try {
      return List.copyOf(sessions.keySet());
    } finally {
      lock.unlock();
    }
  }

  /** Closes all sessions, and those that are just being opened. Never waits. */
  @Override
  public void close() {
    opened().forEach(Session::close);
    lock.lock();
    try {
      closed = true;
      sockets.forEach(Runnable::run);
    } finally {
      lock.unlock();
    }
  }
}
