package io.drasi.source.postgres.internal.session;

import io.drasi.postgres.protocol.QueryResult;
import io.drasi.postgres.protocol.Session;
import io.drasi.postgres.protocol.Sql;
import io.drasi.postgres.protocol.replication.SlotName;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns before the log that a slot keeps fills the server's disk, or the server gives the slot up.
 *
 * <p>Confined to one thread at a time.
 */
final class RetainedWal {
  private static final Logger log = LoggerFactory.getLogger(RetainedWal.class);
  private static final long FIRST_WARNING_BYTES = 256L << 20;

  /** With so small a part of the limit left it is warned whatever the amount. */
  private static final int SMALL_PART = 5;

  private static final int LIMIT_SINCE = 13;

  private final String sourceId;
  private final SlotName slot;
  private long warnAtBytes = FIRST_WARNING_BYTES;
  private long warnAtLeft = Long.MAX_VALUE;

  RetainedWal(String sourceId, SlotName slot) {
    this.sourceId = sourceId;
    this.slot = slot;
  }

  /**
   * Looks, and warns when there is much or little is left, and again when it has doubled or halved.
   *
   * @param session where it is looked
   * @param why who or what it is kept for, and what to do about it, in words
   */
  void look(Session session, String why) throws IOException {
    QueryResult answer = session.query(query(session)).get(0);
    Optional<Long> kept =
        answer.rows().isEmpty() ? Optional.empty() : answer.value(0, "kept").map(Long::valueOf);
    if (kept.isPresent()) {
      judge(kept.get(), answer.value(0, "left_over").map(Long::valueOf), why);
    }
  }

  private String query(Session session) {
    return """
        SELECT pg_catalog.pg_wal_lsn_diff(
            CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn()
              ELSE pg_catalog.pg_current_wal_lsn() END, restart_lsn)::bigint AS kept,
          %s AS left_over
        FROM pg_catalog.pg_replication_slots WHERE slot_name = %s"""
        .formatted(
            session.serverVersion().isAtLeast(LIMIT_SINCE) ? "safe_wal_size" : "NULL",
            Sql.literal(slot.value()));
  }

  private void judge(long keptBytes, Optional<Long> leftBytes, String why) {
    long left = leftBytes.orElse(Long.MAX_VALUE);
    boolean isLittle = left < keptBytes / (SMALL_PART - 1) && left <= warnAtLeft;
    if (keptBytes >= warnAtBytes || isLittle) {
      log.warn(
          "{}: the slot {} keeps {} MiB of the server's write-ahead log{}, since {}",
          sourceId,
          slot,
          keptBytes >> 20,
          leftBytes
              .map(
                  bytes ->
                      ", and is lost after another %d MiB (max_slot_wal_keep_size)"
                          .formatted(Math.max(0, bytes) >> 20))
              .orElse(""),
          why);
      warnAtBytes = Math.max(FIRST_WARNING_BYTES, 2 * keptBytes);
      warnAtLeft = left / 2;
    }
  }
}
