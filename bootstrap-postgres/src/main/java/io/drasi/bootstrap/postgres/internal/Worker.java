package io.drasi.bootstrap.postgres.internal;

import io.drasi.postgres.protocol.ServerErrorException;
import io.drasi.postgres.protocol.Session;
import io.drasi.postgres.protocol.SessionMode;
import io.drasi.postgres.protocol.Sql;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * A connection that reads tables in one transaction: it locks them, takes a snapshot over, copies.
 * Confined to one thread at a time.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-lock.html">Manual, LOCK</a>
 * @see <a href="https://www.postgresql.org/docs/current/sql-set-transaction.html">Manual, SET
 *     TRANSACTION</a>
 */
final class Worker {
  private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(30);
  private static final String LOCK_NOT_AVAILABLE = "55P03";
  private static final String DEADLOCK_DETECTED = "40P01";

  private final Session session;
  private final int pid;
  private final Remedies remedies;
  private final Ear ear = new Ear();
  private volatile boolean copying;

  private Worker(Session session, int pid, Remedies remedies) {
    this.session = session;
    this.pid = pid;
    this.remedies = remedies;
  }

  /** Connects. */
  static Worker open(Connections connections, Remedies remedies) throws IOException {
    Session session = connections.open(SessionMode.QUERY);
    quieten(session);
    // For LOCK, and for the catalog's views, which lock too.
    session.query("SET lock_timeout = " + LOCK_TIMEOUT.toMillis());
    String pid =
        session.query("SELECT pg_catalog.pg_backend_pid() AS pid").get(0).required(0, "pid");
    return new Worker(session, Integer.parseInt(pid), remedies);
  }

  /** Time-outs that are meant for people must not end a session that waits its turn. */
  static void quieten(Session session) throws IOException {
    session.query("SET statement_timeout = 0");
    session.query("SET idle_in_transaction_session_timeout = 0");
    if (session.serverVersion().isAtLeast(14)) {
      session.query("SET idle_session_timeout = 0");
    }
    if (session.serverVersion().isAtLeast(17)) {
      session.query("SET transaction_timeout = 0");
    }
  }

  Session session() {
    return session;
  }

  /** What is heard of a COPY. */
  Ear ear() {
    return ear;
  }

  /** Whether it copies, or waits for a lock to do so: then any silence may be right. */
  boolean isCopying() {
    return copying;
  }

  /** The process that serves it. */
  int pid() {
    return pid;
  }

  /**
   * Begins the transaction and locks the tables; waits for others' locks.
   *
   * @return whether it has them; not where others wait for what it had already
   */
  boolean lock(List<PublishedTable> tables) throws IOException {
    return lock(tables, "", DEADLOCK_DETECTED);
  }

  /**
   * Begins the transaction and locks the tables, if that can be done at once.
   *
   * @return whether it could
   */
  boolean tryLock(List<PublishedTable> tables) throws IOException {
    return lock(tables, " NOWAIT", LOCK_NOT_AVAILABLE);
  }

  private boolean lock(List<PublishedTable> tables, String option, String refusal)
      throws IOException {
    session.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    for (PublishedTable table : tables) {
      try {
        session.queryPatiently(table.lockStatement() + option);
      } catch (ServerErrorException e) {
        if (e.sqlState().equals(refusal)) {
          return false;
        }
        throw remedies.failure(table.name(), e);
      }
    }
    return true;
  }

  /** Sees from now on what a snapshot shows. */
  void enter(String snapshotName) throws IOException {
    session.query("SET TRANSACTION SNAPSHOT " + Sql.literal(snapshotName));
    session.query("SET LOCAL row_security = off");
  }

  /**
   * Waits from now on as long as it takes. The locks on tables are there; those that may still be
   * waited for are a REINDEX's on an index, and no worker keeps its own until another has ended.
   */
  void waitForLocks() throws IOException {
    session.query("SET LOCAL lock_timeout = 0");
    session.setReadTimeout(Duration.ZERO);
    copying = true;
  }

  /** Ends the transaction. */
  void end() throws IOException {
    copying = false;
    session.setReadTimeout(Connections.SILENCE);
    session.query("COMMIT");
  }
}
