package io.drasi.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Inserts rows at a fixed rate, a row in a transaction. A row tells when it was due, not when it
 * was inserted: a writer that falls behind does not hide how long its rows take.
 */
final class DueRows {
  /** As fast as the server can: what a service has compiled after a while is compiled then. */
  private static final int BURST_ROWS = 20_000;

  private static final Duration WARM_UP = Duration.ofSeconds(3);
  private static final int RATE_OF_A_WRITER = 2_500;

  /** A sleeping thread wakes up late by about so much. */
  private static final long AWAKE_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

  /** For the writers to connect. */
  private static final long HEAD_START_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final BenchDatabase database;
  private final long rate;

  /** Rows at so many a second. */
  DueRows(BenchDatabase database, long rate) {
    this.database = database;
    this.rate = rate;
  }

  /**
   * Inserts for so long, after a time in which rows are not to be measured.
   *
   * @return how many rows were inserted
   */
  long insert(Duration measured) throws SQLException, InterruptedException {
    database.burst(BURST_ROWS);
    int writers = (int) Math.max(1, (rate + RATE_OF_A_WRITER - 1) / RATE_OF_A_WRITER);
    long warmUpRows = rate * WARM_UP.toMillis() / 1000;
    long rows = warmUpRows + rate * measured.toMillis() / 1000;
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    long begin = nanosOf(Instant.now()) + HEAD_START_NANOS;
    long begun = System.nanoTime() + HEAD_START_NANOS;
    List<Future<?>> done = new ArrayList<>();
    for (int writer = 0; writer < writers; writer++) {
      int first = writer;
      done.add(
          threads.submit(
              () -> {
                write(first, writers, rows, warmUpRows, begin, begun);
                return null;
              }));
    }
    try {
      for (Future<?> writer : done) {
        writer.get();
      }
      return BURST_ROWS + rows;
    } catch (ExecutionException e) {
      throw new SQLException("a writer failed", e);
    } finally {
      threads.shutdownNow();
    }
  }

  private void write(int first, int step, long rows, long warmUpRows, long begin, long begun)
      throws SQLException {
    try (Connection connection = database.connect();
        PreparedStatement insert =
            connection.prepareStatement("INSERT INTO due VALUES (?, ?, ?)")) {
      for (long row = first; row < rows; row += step) {
        long after = row * TimeUnit.SECONDS.toNanos(1) / rate;
        awaitNanoTime(begun + after);
        insert.setLong(1, row);
        insert.setLong(2, begin + after);
        insert.setBoolean(3, row >= warmUpRows);
        insert.executeUpdate();
      }
    }
  }

  private static void awaitNanoTime(long due) {
    long left = due - System.nanoTime();
    while (left > 0) {
      if (left > AWAKE_NANOS) {
        LockSupport.parkNanos(left - AWAKE_NANOS);
      } else {
        Thread.onSpinWait();
      }
      left = due - System.nanoTime();
    }
  }

  private static long nanosOf(Instant time) {
    return TimeUnit.SECONDS.toNanos(time.getEpochSecond()) + time.getNano();
  }
}
