package io.drasi.postgres.protocol.replication;

import io.drasi.postgres.protocol.message.Lsn;
import java.util.Optional;

/**
 * What {@code pg_replication_slots} tells of a slot.
 *
 * @param logical whether it is a logical slot
 * @param plugin its output plugin; empty for a physical slot
 * @param database its database; empty for a physical slot
 * @param temporary whether it goes with its session
 * @param activePid the server process that uses it
 * @param confirmedFlush up to where its client has confirmed
 * @param restart from where the log is kept for it
 * @param walStatus {@code reserved}, {@code extended}, {@code unreserved} or {@code lost}; empty
 *     before PostgreSQL 13
 * @param invalidation why the server gave it up (PostgreSQL 17+)
 * @param failover whether standbys are to have it (PostgreSQL 17+)
 * @param synced whether it is a standby's copy of its primary's, which cannot be used before the
 *     standby is promoted, or was one (PostgreSQL 17+)
 * @param twoPhase whether it sends prepared transactions when they are prepared (PostgreSQL 14+)
 */
public record SlotState(
    boolean logical,
    Optional<String> plugin,
    Optional<String> database,
    boolean temporary,
    Optional<Integer> activePid,
    Optional<Lsn> confirmedFlush,
    Optional<Lsn> restart,
    Optional<String> walStatus,
    Optional<String> invalidation,
    boolean failover,
    boolean synced,
    boolean twoPhase) {}
