package io.drasi.source.postgres.internal.session;

import io.drasi.postgres.protocol.QueryResult;
import io.drasi.postgres.protocol.Session;
import io.drasi.postgres.protocol.Sql;
import io.drasi.postgres.protocol.replication.ReplicationCommands;
import io.drasi.postgres.protocol.replication.SlotState;
import io.drasi.source.postgres.PostgresSourceConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Looks at the replication slot, at the room for it, and at what would hold it up.
 *
 * <p>Confined to the session's thread.
 */
final class SlotCheckup {
  private static final String SLOTS = "max_replication_slots";
  private static final String SENDERS = "max_wal_senders";
  private static final int LIMIT_SINCE = 13;

  /** What a later server says of a slot, of one that does not say. */
  private static final String OWN_WAL_STATUS =
      "CASE WHEN kept > pg_catalog.pg_size_bytes(pg_catalog.current_setting('max_wal_size'))"
          + " THEN 'extended' END";

  private final PostgresSourceConfig config;
  private final Session session;
  private final Findings findings;
  private final Duration longTransaction;

  SlotCheckup(
      PostgresSourceConfig config, Session session, Findings findings, Duration longTransaction) {
    this.config = config;
    this.session = session;
    this.findings = findings;
    this.longTransaction = longTransaction;
  }

  void run() throws IOException {
    Optional<SlotState> slot = new ReplicationCommands(session).slot(config.slotName());
    if (slot.isPresent()) {
      checkSlot(slot.get());
      checkOpenTransactions(
          longTransaction, "the slot keeps the log since then, and a bootstrap waits for it");
    } else {
      findings.ok("slot", "%s is not there; the source creates it".formatted(config.slotName()));
      checkOpenTransactions(Duration.ZERO, "the creation of the slot waits for it");
    }
    int bootstrap = config.bootstrapProvider() == null ? 0 : 1; // makes its snapshot by one of each
    checkRoom(SLOTS, "pg_catalog.pg_replication_slots", (slot.isPresent() ? 0 : 1) + bootstrap);
    checkRoom(SENDERS, "pg_catalog.pg_stat_replication", 1 + bootstrap);
  }

  private void checkSlot(SlotState slot) throws IOException {
    Optional<Problem> unfit = SlotCheck.unfitness(config, slot);
    if (unfit.isPresent()) {
      findings.problem("slot", unfit.get());
    } else if (slot.activePid().isPresent()) {
      int pid = slot.activePid().get();
      findings.problem(
          "slot",
          "%s is in use by process %d%s; each source needs a slot of its own"
              .formatted(config.slotName(), pid, who(pid)),
          List.of());
    } else {
      findings.ok("slot", "%s is there, and free".formatted(config.slotName()));
    }
    checkRetained();
  }

  private String who(int pid) throws IOException {
    QueryResult answer =
        session
            .query(
                "SELECT application_name, client_addr FROM pg_catalog.pg_stat_activity WHERE pid = "
                    + pid)
            .get(0);
    return answer.rows().isEmpty()
        ? ""
        : " (%s from %s)"
            .formatted(
                answer.value(0, "application_name").orElse("?"),
                answer.value(0, "client_addr").orElse("this machine"));
  }

  /** How near the slot is to being given up by the server. */
  private void checkRetained() throws IOException {
    boolean hasLimit = session.serverVersion().isAtLeast(LIMIT_SINCE);
    QueryResult answer =
        session
            .query(
                """
                SELECT %s AS wal_status, %s AS left_over, pg_catalog.pg_size_pretty(kept) AS kept
                FROM (SELECT *, CASE WHEN NOT pg_catalog.pg_is_in_recovery() THEN
                    pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), restart_lsn)
                  END AS kept FROM pg_catalog.pg_replication_slots) slots
                WHERE slot_name = %s"""
                    .formatted(
                        hasLimit ? "wal_status" : OWN_WAL_STATUS,
                        hasLimit ? "pg_catalog.pg_size_pretty(safe_wal_size)" : "NULL",
                        Sql.literal(config.slotName().value())))
            .get(0);
    if (answer.rows().isEmpty()
        || answer.value(0, "wal_status").filter(SlotCheckup::isInDanger).isEmpty()) {
      return;
    }
    findings.warning(
        "slot",
        "it keeps %s of the log, more than max_wal_size; %s"
            .formatted(
                answer.value(0, "kept").orElse("much"),
                answer
                    .value(0, "left_over")
                    .map(
                        "after another %s the server gives it up (max_slot_wal_keep_size)"
                            ::formatted)
                    .orElse(
                        "there is no limit (%s), so that it can fill the disk"
                            .formatted(
                                hasLimit
                                    ? "max_slot_wal_keep_size"
                                    : "PostgreSQL has one since 13"))));
  }

  private static boolean isInDanger(String walStatus) {
    return walStatus.equals("extended") || walStatus.equals("unreserved");
  }

  /**
   * They hold the slot up. They are named, but to end them is not for a script.
   *
   * @param atLeast how long they have been open; the server tells only members of pg_read_all_stats
   *     how long those of others have
   */
  private void checkOpenTransactions(Duration atLeast, String why) throws IOException {
    QueryResult answer =
        session
            .query(
                """
                SELECT who, seconds FROM (
                  SELECT 'process ' || pid AS who,
                    (extract(epoch FROM pg_catalog.now() - xact_start))::bigint AS seconds
                  FROM pg_catalog.pg_stat_activity
                  WHERE backend_xid IS NOT NULL AND pid <> pg_catalog.pg_backend_pid()
                  UNION ALL
                  SELECT 'prepared transaction ' || pg_catalog.quote_literal(gid),
                    (extract(epoch FROM pg_catalog.now() - prepared))::bigint
                  FROM pg_catalog.pg_prepared_xacts) open
                WHERE coalesce(seconds, 0) >= %d
                ORDER BY seconds DESC LIMIT 5"""
                    .formatted(atLeast.toSeconds()))
            .get(0);
    for (int row = 0; row < answer.rows().size(); row++) {
      findings.warning(
          "open transactions",
          "%s has a transaction open for %s s: %s"
              .formatted(
                  answer.required(row, "who"), answer.value(row, "seconds").orElse("?"), why));
    }
    if (answer.rows().isEmpty()) {
      findings.ok("open transactions", "none that the slot would wait for");
    }
  }

  private void checkRoom(String setting, String used, int wanted) throws IOException {
    QueryResult answer =
        session
            .query(
                "SELECT pg_catalog.current_setting('%s')::int AS most, (SELECT count(*) FROM %s) AS used"
                    .formatted(setting, used))
            .get(0);
    int most = Integer.parseInt(answer.required(0, "most"));
    int inUse = Integer.parseInt(answer.required(0, "used"));
    if (most - inUse >= wanted) {
      findings.ok(setting, "%d of %d are free".formatted(most - inUse, most));
      return;
    }
    int enough = inUse + wanted + 4;
    String few = "%d of %d are free, %d needed: ".formatted(most - inUse, most, wanted);
    Optional<CloudService> cloud = CloudService.of(session);
    if (cloud.isPresent()) {
      findings.problem(setting, few + cloud.get().raise(setting, enough), List.of());
      return;
    }
    String raise = "ALTER SYSTEM SET %s = %d;".formatted(setting, enough);
    findings.problem(setting, few + "run " + raise + " and restart the server", List.of(raise));
  }
}
