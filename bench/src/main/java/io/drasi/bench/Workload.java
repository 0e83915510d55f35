package io.drasi.bench;

import java.util.List;

/**
 * Something to be measured. In the statements {@code :rows} stands for the number of rows.
 *
 * @param name what it is called in options and results
 * @param title what it is called in the document
 * @param kind what is measured
 * @param rows how many rows by default; for {@link Kind#LATENCY} how many a second
 * @param tables the published tables
 * @param schema statements that create them
 * @param before statements that are run before the slots are made, and so are in no stream
 * @param load statements that make what is streamed
 * @param contestants who is measured by default; the others in the table are compared with the raw
 *     one
 * @param sources how many sources there are in the process
 * @param subscribers how many subscribers each source has
 */
record Workload(
    String name,
    String title,
    Kind kind,
    long rows,
    List<String> tables,
    List<String> schema,
    List<String> before,
    List<String> load,
    List<Contestant> contestants,
    int sources,
    int subscribers) {

  /** What is measured. */
  enum Kind {
    /** How long changes that are in the log already take. */
    STREAM,
    /** How long rows that are in a table already take. */
    LOAD,
    /** How long after its insert a row comes. */
    LATENCY
  }

  /** The same with another number of rows. */
  Workload withRows(long newRows) {
    return new Workload(
        name,
        title,
        kind,
        newRows,
        tables,
        schema,
        before,
        load,
        contestants,
        sources,
        subscribers);
  }
}
