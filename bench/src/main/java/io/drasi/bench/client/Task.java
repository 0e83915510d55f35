package io.drasi.bench.client;

import java.util.List;

/**
 * What one contestant is to do once, as the benchmark tells its process.
 *
 * @param kind what does it
 * @param variant how it does it; each kind knows its own
 * @param host where the server listens
 * @param slots the slots to read, each from where it stands; more than one for a process with
 *     several sources
 * @param publication what the slots' changes are read through
 * @param subscribers how many take the changes of each source
 * @param table the table whose rows are loaded, for a bootstrap; the rest reads a stream
 * @param rows how many rows there are
 * @param endLsn where the changes end, for who cannot see the marker
 * @param latency whether the rows tell when they were due, and their delay is wanted
 */
public record Task(
    Kind kind,
    String variant,
    String host,
    int port,
    String database,
    String user,
    String password,
    List<String> slots,
    String publication,
    int subscribers,
    String table,
    long rows,
    String endLsn,
    boolean latency) {

  /** The table whose one row comes behind all others. */
  public static final String MARKER = "bench_marker";

  /** What is printed when a stream has begun. */
  public static final String READY = "ready";

  /** The programs that are compared. */
  public enum Kind {
    /** This source. */
    DRASI,
    /** A client that reads the stream and does nothing with it. */
    RAW,
    /** PostgreSQL's own client, which writes the stream to nowhere. */
    RECVLOGICAL,
    /** The replication stream of the JDBC driver. */
    JDBC,
    /** Debezium's embedded engine. */
    DEBEZIUM
  }

  /** The slot, where there is one. */
  String slot() {
    return slots.get(0);
  }
}
