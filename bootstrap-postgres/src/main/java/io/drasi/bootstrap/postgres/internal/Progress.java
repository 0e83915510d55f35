package io.drasi.bootstrap.postgres.internal;

import io.drasi.api.bootstrap.BootstrapSink;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the sink about every second how far a bootstrap is, and the log every ten. Confined to the
 * calling thread.
 */
final class Progress {
  private static final Logger log = LoggerFactory.getLogger(Progress.class);
  private static final long SINK_INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long LOG_INTERVAL_NANOS = Duration.ofSeconds(10).toNanos();

  private final String sourceId;
  private final BootstrapSink sink;
  private final LongSupplier nanoTime;
  private long began;
  private long told;
  private long logged;
  private long count;
  private long estimatedTotal;

  /**
   * Progress of nothing yet.
   *
   * @param nanoTime a clock as {@link System#nanoTime} is
   */
  Progress(String sourceId, BootstrapSink sink, LongSupplier nanoTime) {
    this.sourceId = sourceId;
    this.sink = sink;
    this.nanoTime = nanoTime;
  }

  /** Begins to count. */
  void begin(long estimatedTotal) {
    this.estimatedTotal = estimatedTotal;
    began = nanoTime.getAsLong();
    logged = began;
    tellSink(began);
  }

  private void tellSink(long now) {
    told = now;
    sink.progress(count, OptionalLong.of(total()));
  }

  /** A guess that has turned out too low is of no use to anybody. */
  private long total() {
    return Math.max(count, estimatedTotal);
  }

  /** So many elements more were handed over. */
  void add(int elements) {
    count += elements;
    long now = nanoTime.getAsLong();
    if (now - told >= SINK_INTERVAL_NANOS) {
      tellSink(now);
    }
    if (now - logged >= LOG_INTERVAL_NANOS) {
      logged = now;
      log.info(
          "{}: bootstrap: {} of about {} rows, {} rows/s",
          sourceId,
          count,
          total(),
          perSecond(now));
    }
  }

  /** All elements were handed over; gives their number. */
  long end() {
    long now = nanoTime.getAsLong();
    sink.progress(count, OptionalLong.of(count));
    log.info(
        "{}: bootstrap: {} rows in {} ms, {} rows/s",
        sourceId,
        count,
        (now - began) / 1_000_000,
        perSecond(now));
    return count;
  }

  private long perSecond(long now) {
    return Math.round(count * 1e9 / Math.max(now - began, 1));
  }
}
