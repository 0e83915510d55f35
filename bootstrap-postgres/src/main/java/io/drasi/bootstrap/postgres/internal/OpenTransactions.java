package io.drasi.bootstrap.postgres.internal;

import io.drasi.postgres.protocol.QueryResult;
import io.drasi.postgres.protocol.Session;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The transactions that are open on the server, in words. */
final class OpenTransactions {
  private static final int MOST_NAMED = 10;

  /**
   * Who holds a transaction id, in any database, the oldest first. That much everybody may see; the
   * rest shows to a role with pg_monitor, and of one's own sessions. A commit that waits for a
   * synchronous standby still holds its id.
   */
  private static final String QUERY =
      """
      SELECT holder, count(*) OVER () AS holders FROM (
        SELECT x.age, 'pid ' || x.pid || ' (' || concat_ws(', ',
          s.datname, s.usename, nullif(s.application_name, ''), s.state,
          CASE WHEN s.wait_event = 'SyncRep' THEN 'its commit waits for a synchronous standby' END,
          coalesce('open for ' || %s, 'for how long, pg_monitor may see'),
          'last query began ' || %s || ' ago') || ')' AS holder
        FROM (SELECT pid, max(pg_catalog.age(transactionid)) AS age FROM pg_catalog.pg_locks
          WHERE locktype = 'transactionid' AND granted AND pid IS NOT NULL GROUP BY pid) x
        LEFT JOIN pg_catalog.pg_stat_activity s ON s.pid = x.pid
        UNION ALL
        SELECT pg_catalog.age(transaction), 'prepared transaction ' || quote_literal(gid)
          || ' (' || concat_ws(', ', database, owner, 'prepared ' || %s || ' ago') || ')'
        FROM pg_catalog.pg_prepared_xacts) h
      ORDER BY age DESC, holder LIMIT %d"""
          .formatted(since("s.xact_start"), since("s.query_start"), since("prepared"), MOST_NAMED);

  private OpenTransactions() {}

  /** The time since then, as {@code 93 s}; null where it is not known. */
  private static String since(String then) {
    return "extract(epoch FROM pg_catalog.clock_timestamp() - %s)::bigint || ' s'".formatted(then);
  }

  /** Names them; empty when there are none. */
  static Optional<String> describe(Session session) throws IOException {
    QueryResult answer = session.query(QUERY).get(0);
    List<String> holders =
        IntStream.range(0, answer.rows().size())
            .mapToObj(row -> answer.required(row, "holder"))
            .toList();
    if (holders.isEmpty()) {
      return Optional.empty();
    }
    int unnamed = Integer.parseInt(answer.required(0, "holders")) - holders.size();
    return Optional.of(
        String.join(", ", holders) + (unnamed == 0 ? "" : " and %d more".formatted(unnamed)));
  }
}
