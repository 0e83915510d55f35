package io.drasi.bootstrap.postgres.internal;

import io.drasi.postgres.protocol.Session;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for the commits that an exported snapshot shows before they have ended. The snapshot of a
 * slot goes by the commit records in the log. The status of a transaction is recorded after its
 * commit record was written, and a reader that comes between would take its rows for those of an
 * aborted one. A commit that waits for a synchronous standby is waited for, too.
 *
 * <p>Confined to the reading thread.
 */
final class CommitsUnderWay {
  private static final Logger log = LoggerFactory.getLogger(CommitsUnderWay.class);

  /** About a second. */
  private static final int LOOKS_BEFORE = 10;

  /** About half a minute. */
  private static final int LOOKS_BETWEEN = 64;

  /** Whether a transaction that a snapshot shows is still running by a new one. */
  private static final String QUERY =
      """
      SELECT 1
      FROM (
        SELECT pg_catalog.txid_snapshot_xip(pg_catalog.txid_current_snapshot()) AS xid
        UNION ALL
        SELECT pg_catalog.generate_series(
          pg_catalog.txid_snapshot_xmax(pg_catalog.txid_current_snapshot()),
          greatest(%1$d, %2$d) - 1)) running
      WHERE running.xid < %1$d OR running.xid < %2$d AND running.xid <> ALL ('{%3$s}'::bigint[])
      LIMIT 1""";

  private CommitsUnderWay() {}

  /**
   * Waits for their end.
   *
   * @param reader has taken the snapshot over, and read no table yet
   * @param other sees what has ended
   */
  static void await(String sourceId, Session reader, Session other, HandOver handOver)
      throws IOException, InterruptedException {
    String shown =
        reader
            .query("SELECT pg_catalog.txid_current_snapshot() AS shown")
            .get(0)
            .required(0, "shown");
    String query = queryFor(shown);
    for (int look = 0; !other.query(query).get(0).rows().isEmpty(); look++) {
      if (look % LOOKS_BETWEEN == LOOKS_BEFORE) {
        tell(sourceId, other, handOver);
      }
      TimeUnit.MILLISECONDS.sleep(1L << Math.min(look, 9));
    }
  }

  /**
   * The query for a snapshot as the server prints it. The server does not read back each one it
   * prints: xmin lies beyond xmax where the last transactions before the snapshot were rolled back.
   */
  private static String queryFor(String shown) {
    String[] parts = shown.split(":", -1);
    return QUERY.formatted(Long.parseLong(parts[0]), Long.parseLong(parts[1]), parts[2]);
  }

  private static void tell(String sourceId, Session session, HandOver handOver) throws IOException {
    String what =
        "commits that are under way: "
            + OpenTransactions.describe(session).orElse("they have just ended");
    log.warn("{}: bootstrap: waits for {}", sourceId, what);
    handOver.waitingFor(what);
  }
}
