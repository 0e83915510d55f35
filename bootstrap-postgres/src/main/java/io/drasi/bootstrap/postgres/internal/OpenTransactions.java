package io.drasi.bootstrap.postgres.internal;

import io.drasi.postgres.protocol.QueryResult;
import io.drasi.postgres.protocol.Session;
import io.drasi.postgres.protocol.SessionMode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the log which open transactions the making of a slot waits for, when it takes long. Looks
 * from a thread and a connection of its own, since those of the slot are the ones that wait.
 */
final class OpenTransactions {
  private static final Logger log = LoggerFactory.getLogger(OpenTransactions.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration INTERVAL = Duration.ofSeconds(30);

  /** Who holds a transaction id, in any database: everybody may see that much. */
  private static final String QUERY =
      """
      SELECT DISTINCT 'pid ' || l.pid || ' (' || coalesce(
          nullif(concat_ws(', ', s.datname, s.usename, nullif(s.application_name, ''), s.state), ''),
          'unknown') || ')' AS holder
      FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity s ON s.pid = l.pid
      WHERE l.locktype = 'transactionid' AND l.granted AND l.pid IS NOT NULL
      UNION ALL
      SELECT 'prepared transaction ' || quote_literal(gid) || ' (' || database || ', ' || owner || ')'
      FROM pg_catalog.pg_prepared_xacts
      ORDER BY 1""";

  private final String sourceId;
  private final Connections connections;
  private final CountDownLatch ended = new CountDownLatch(1);

  private OpenTransactions(String sourceId, Connections connections) {
    this.sourceId = sourceId;
    this.connections = connections;
  }

  /** Watches until {@link #end}. */
  static OpenTransactions watch(String sourceId, Connections connections) {
    var watch = new OpenTransactions(sourceId, connections);
    var thread = new Thread(watch::run, sourceId + "-bootstrap-watch");
    thread.setDaemon(true);
    thread.start();
    return watch;
  }

  private void run() {
    try {
      Duration wait = PATIENCE;
      while (!ended.await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
        look();
        wait = INTERVAL;
      }
    } catch (IOException e) {
      log.debug("{}: could not look for open transactions: {}", sourceId, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() throws IOException {
    Session session = connections.open(SessionMode.QUERY);
    try {
      QueryResult answer = session.query(QUERY).get(0);
      List<String> holders =
          IntStream.range(0, answer.rows().size())
              .mapToObj(row -> answer.required(row, "holder"))
              .toList();
      if (ended.getCount() > 0) {
        log.warn(
            "{}: bootstrap: the snapshot waits for transactions that were open before it: {}; end"
                + " them if they are not needed",
            sourceId,
            String.join(", ", holders));
      }
    } finally {
      connections.close(session);
    }
  }

  /** Ends the watch. Never waits. */
  void end() {
    ended.countDown();
  }
}
