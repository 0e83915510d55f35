package io.drasi.embedded.postgres;

import java.util.Locale;

/**
 * How a server is stopped.
 *
 * @see <a href="https://www.postgresql.org/docs/current/app-pg-ctl.html">pg_ctl</a>
 */
public enum ShutdownMode {
  /** Rolls back what is open, disconnects clients, and ends cleanly. */
  FAST,
  /** Ends at once, as a crash would: the next start recovers. */
  IMMEDIATE;

  String optionName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
