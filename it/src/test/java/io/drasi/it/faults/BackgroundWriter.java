package io.drasi.it.faults;

import io.drasi.it.support.Threads;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Writes all the time, on a thread of its own, until it is closed. */
final class BackgroundWriter implements AutoCloseable {
  private final Work work;
  private final @Nullable Connection connection;
  private final Thread thread = new Thread(this::run, "writer");
  private volatile boolean ending;
  private volatile @Nullable SQLException failure;

  /** What is written, again and again. */
  interface Work {
    void write() throws SQLException;
  }

  private BackgroundWriter(Work work, @Nullable Connection connection) {
    this.work = work;
    this.connection = connection;
  }

  /** Begins. */
  static BackgroundWriter start(Work work) {
    return start(work, null);
  }

  /**
   * Begins.
   *
   * @param connection is closed in the end, so that what is open on it is rolled back
   */
  static BackgroundWriter start(Work work, @Nullable Connection connection) {
    var writer = new BackgroundWriter(work, connection);
    writer.thread.start();
    return writer;
  }

  private void run() {
    try {
      while (!ending) {
        work.write();
      }
    } catch (SQLException e) {
      failure = e;
    }
  }

  @Override
  public String toString() {
    return thread.getName();
  }

  /** Waits until what is being written is written; throws what has gone wrong, if anything. */
  @Override
  public void close() throws SQLException {
    ending = true;
    Threads.join(thread);
    if (connection != null) {
      connection.close();
    }
    SQLException failed = failure;
    if (failed != null) {
      throw failed;
    }
  }
}
