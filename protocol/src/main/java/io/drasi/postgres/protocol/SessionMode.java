package io.drasi.postgres.protocol;

/** What a session is for. */
public enum SessionMode {
  /** SQL alone. */
  QUERY,
  /**
   * A walsender connected to a database ({@code replication=database}): replication commands, and
   * SQL by the simple query protocol. Needs a role with REPLICATION.
   */
  REPLICATION
}
