package io.drasi.source.postgres.internal.session;

import io.drasi.postgres.protocol.Session;
import io.drasi.postgres.protocol.Sql;
import java.io.IOException;
import java.time.Duration;

/**
 * The server's {@code wal_sender_timeout}: after so much silence of the client it gives the
 * connection up. It is shortened for this session, so that a connection that was cut soon frees the
 * slot; a server that never gives up would hold it until it is restarted.
 */
final class WalSenderTimeout {
  /** Not longer than this, where the server allows a session to say so (PostgreSQL 12+). */
  static final Duration LONGEST = Duration.ofSeconds(30);

  private final Session session;

  WalSenderTimeout(Session session) {
    this.session = session;
  }

  /**
   * Shortens it.
   *
   * @return what is in force; zero is never
   */
  Duration establish() throws IOException {
    Duration current = read();
    boolean tooLong = current.isZero() || current.compareTo(LONGEST) > 0;
    if (!tooLong || !session.serverVersion().isAtLeast(12)) {
      return current;
    }
    session.query("SET wal_sender_timeout = " + LONGEST.toMillis());
    return LONGEST;
  }

  private Duration read() throws IOException {
    String millis =
        session
            .query(
                "SELECT setting FROM pg_catalog.pg_settings WHERE name = "
                    + Sql.literal("wal_sender_timeout"))
            .get(0)
            .required(0, "setting");
    return Duration.ofMillis(Long.parseLong(millis));
  }
}
