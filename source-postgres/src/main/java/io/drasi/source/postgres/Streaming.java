package io.drasi.source.postgres;

/**
 * Whether the server sends large transactions before they commit. Subscribers get them when they
 * have committed, all the same; what differs is whose disk they wait on, and how long a commit
 * takes to arrive.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-logical-replication.html">Manual,
 *     Logical Streaming Replication Parameters, streaming</a>
 */
public enum Streaming {
  /** They wait on the server's disk. Any server. */
  OFF,

  /** Those beyond {@code logical_decoding_work_mem}. PostgreSQL 14 and later; others send none. */
  ON,

  /**
   * As {@link #ON}, and of a rollback it is told more. PostgreSQL 16 and later; 14 and 15 as on.
   */
  PARALLEL
}
