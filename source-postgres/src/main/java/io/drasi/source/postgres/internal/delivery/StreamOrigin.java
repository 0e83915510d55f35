package io.drasi.source.postgres.internal.delivery;

import io.drasi.postgres.decoder.position.PostgresPosition;
import io.drasi.postgres.decoder.position.TimelineHistory;
import io.drasi.postgres.protocol.message.Lsn;
import java.util.Optional;

/**
 * What a session has found before it streams.
 *
 * @param slot what the slot has confirmed, as a position of the server the session talks to
 * @param flushed up to where the server's log is on disk
 * @param history the timelines that led to the server's
 * @param asOf what {@link SubscriptionHub#revision} was before the server was asked
 */
public record StreamOrigin(PostgresPosition slot, Lsn flushed, TimelineHistory history, long asOf) {

  /** Why a position does not lie in the server's log; empty when it does. */
  Optional<String> whyForeign(PostgresPosition position) {
    Optional<String> other = whyOfAnotherLog(position);
    return other.isEmpty() && position.endLsn().isAfter(flushed)
        ? Optional.of("the server's log ends at " + flushed)
        : other;
  }

  /**
   * Why a position does not lie in the server's log, however far that has grown since the session
   * looked; empty when it does, or will.
   */
  Optional<String> whyOfAnotherLog(PostgresPosition position) {
    if (position.systemId() != slot.systemId()) {
      return Optional.of(
          "the server's system identifier is %s, and the position's is %s"
              .formatted(
                  Long.toUnsignedString(slot.systemId()),
                  Long.toUnsignedString(position.systemId())));
    }
    return history.whyForeign(position.timeline(), position.endLsn());
  }
}
