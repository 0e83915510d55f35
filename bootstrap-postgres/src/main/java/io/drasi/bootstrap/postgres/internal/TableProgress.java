package io.drasi.bootstrap.postgres.internal;

import io.drasi.postgres.decoder.row.TableName;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the log how far the reading of a table has come. Confined to the reading thread. */
final class TableProgress {
  private static final Logger log = LoggerFactory.getLogger(TableProgress.class);
  private static final long INTERVAL_NANOS = Duration.ofSeconds(10).toNanos();

  private final String sourceId;
  private final TableName table;
  private final long started = System.nanoTime();
  private long told = started;

  TableProgress(String sourceId, TableName table, int number, int of) {
    this.sourceId = sourceId;
    this.table = table;
    log.info("{}: bootstrap: reading {}, table {} of {}", sourceId, table, number, of);
  }

  /** Tells, if the last time is long enough ago. */
  void at(long rows) {
    long now = System.nanoTime();
    if (now - told >= INTERVAL_NANOS) {
      told = now;
      log.info(
          "{}: bootstrap: {} rows of {} so far, {} rows/s",
          sourceId,
          rows,
          table,
          perSecond(rows, now));
    }
  }

  /** Tells the end. */
  void end(long rows) {
    long now = System.nanoTime();
    log.info(
        "{}: bootstrap: read {} rows of {} in {} ms, {} rows/s",
        sourceId,
        rows,
        table,
        (now - started) / 1_000_000,
        perSecond(rows, now));
  }

  private long perSecond(long rows, long now) {
    double seconds = Math.max(now - started, 1) / 1e9;
    return Math.round(rows / seconds);
  }
}
