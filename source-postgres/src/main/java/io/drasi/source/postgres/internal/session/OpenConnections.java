package io.drasi.source.postgres.internal.session;

import io.drasi.postgres.protocol.ConnectionConfig;
import io.drasi.postgres.protocol.Connector;
import io.drasi.postgres.protocol.Session;
import io.drasi.postgres.protocol.SessionMode;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The connections that a replication thread opens: one of each {@link SessionMode} at a time. They
 * can be closed from another thread whatever the thread that uses them waits for, a connection that
 * is being opened included.
 *
 * <p>Thread-safe: guarded by {@code lock}; never held while a connection is opened.
 */
public final class OpenConnections implements AutoCloseable {
  private final Connector connector;
  private final ConnectionConfig config;

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<SessionMode, Runnable> open = new EnumMap<>(SessionMode.class);
  private boolean closed;

  /** No connection yet. */
  public OpenConnections(Connector connector, ConnectionConfig config) {
    this.connector = connector;
    this.config = config;
  }

  /** Opens a connection; the one before of the same mode has been closed. */
  Session open(SessionMode mode) throws IOException {
    return connector.connect(config, mode, giveUp -> note(mode, giveUp));
  }

  private void note(SessionMode mode, Runnable giveUp) {
    lock.lock();
    try {
      open.put(mode, giveUp);
      if (closed) {
        giveUp.run();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Closes what is open, and whatever is opened from now on. Never waits. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      open.values().forEach(Runnable::run);
    } finally {
      lock.unlock();
    }
  }
}
