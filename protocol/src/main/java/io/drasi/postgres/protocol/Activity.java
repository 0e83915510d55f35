package io.drasi.postgres.protocol;

import java.io.IOException;
import java.util.Optional;

/**
 * What a server process is at, so that one who waits for its answer can tell whether it will come.
 * What the server does not tell counts as {@link #AT_WORK}: with {@code track_activities = off} it
 * never tells.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ACTIVITY-VIEW">
 *     Manual, pg_stat_activity</a>
 */
public enum Activity {
  /** It executes a command, as far as is known. */
  AT_WORK,
  /** It waits until the client reads. */
  WAITS_FOR_CLIENT,
  /** It has answered all commands, or it is gone. */
  IDLE;

  /**
   * Asks.
   *
   * @param asked another session with the same server
   * @param processId the process, of the same role
   */
  public static Activity of(int processId, Session asked) throws IOException {
    QueryResult answer =
        asked
            .query(
                "SELECT state, wait_event FROM pg_catalog.pg_stat_activity WHERE pid = "
                    + processId)
            .get(0);
    if (answer.rows().isEmpty() || isIdle(answer.value(0, "state"))) {
      return IDLE;
    }
    return answer.value(0, "wait_event").filter("ClientWrite"::equals).isPresent()
        ? WAITS_FOR_CLIENT
        : AT_WORK;
  }

  /** {@code idle}, and with more words in a transaction. */
  private static boolean isIdle(Optional<String> state) {
    return state.filter(told -> told.startsWith("idle")).isPresent();
  }
}
