package io.drasi.source.postgres.internal.session;

import io.drasi.postgres.protocol.ConnectionConfig;
import io.drasi.postgres.protocol.Connector;
import io.drasi.postgres.protocol.Session;
import io.drasi.postgres.protocol.SessionMode;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The connections that a replication thread opens: one for each {@link Purpose} at a time. That of
 * the stream looks for the server, the others go where it is. They can be closed from another
 * thread whatever the thread that uses them waits for, a connection that is being opened included.
 *
 * <p>Thread-safe: guarded by {@code lock}; never held while a connection is opened.
 */
public final class OpenConnections implements AutoCloseable {
  private final Connector connector;
  private final ConnectionConfig config;

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Purpose, Runnable> open = new EnumMap<>(Purpose.class);
  private @Nullable ConnectionConfig streamsServer;
  private boolean closed;

  /** What a connection is for. */
  enum Purpose {
    /** The stream; opened first. */
    STREAM(SessionMode.REPLICATION),

    /** To ask the catalog beside the stream. */
    LOOKUP(SessionMode.QUERY),

    /** To see whether the server is there. */
    PROBE(SessionMode.QUERY),

    /** To see how much log the slot keeps. */
    WATCH(SessionMode.QUERY);

    private final SessionMode mode;

    Purpose(SessionMode mode) {
      this.mode = mode;
    }
  }

  /** No connection yet. */
  public OpenConnections(Connector connector, ConnectionConfig config) {
    this.connector = connector;
    this.config = config;
  }

  /** Opens a connection; the one before for the same purpose has been closed. */
  Session open(Purpose purpose) throws IOException {
    Session session =
        connector.connect(place(purpose), purpose.mode, giveUp -> note(purpose, giveUp));
    if (purpose == Purpose.STREAM) {
      noteServer(session.here());
    }
    return session;
  }

  private ConnectionConfig place(Purpose purpose) {
    lock.lock();
    try {
      ConnectionConfig found = streamsServer;
      return purpose == Purpose.STREAM || found == null ? config : found;
    } finally {
      lock.unlock();
    }
  }

  private void noteServer(ConnectionConfig found) {
    lock.lock();
    try {
      streamsServer = found;
    } finally {
      lock.unlock();
    }
  }

  private void note(Purpose purpose, Runnable giveUp) {
    lock.lock();
    try {
      open.put(purpose, giveUp);
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
