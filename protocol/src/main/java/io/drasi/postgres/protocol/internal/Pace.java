package io.drasi.postgres.protocol.internal;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Reads a little later where a stream runs hot. A server that streams sends each message by itself;
 * a reader that keeps up with it gets one at a time, and both pay for waking it up, which costs
 * several times what the message itself does. With a nap before the read, one call takes many.
 *
 * <p>A stream is hot when reads have followed one another quickly and brought little, for some
 * time. Where reads take their time, since there is little to read, or bring much, nobody naps: the
 * latency of what comes now and then is not touched. What comes behind a quiet time is not delayed
 * either, as the nap is over then.
 *
 * <p>Confined to the thread that reads.
 */
final class Pace {
  /** So many reads are looked at together; so many naps are made before it is looked again. */
  static final int READS = 64;

  /** Reads that follow one another as quickly as this on average are of a hot stream. */
  static final long HOT_NANOS = TimeUnit.MICROSECONDS.toNanos(20);

  /** Reads that bring as much as this on average are large enough. */
  static final long LARGE_BYTES = 4096;

  static final long NAP_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

  private final LongSupplier nanoTime;
  private final LongConsumer sleeper;
  private int reads;
  private long bytes;
  private long sinceNanos;
  private boolean hot;

  Pace() {
    this(System::nanoTime, LockSupport::parkNanos);
  }

  /**
   * A pace by another clock.
   *
   * @param sleeper waits for so many nanoseconds; may come back early
   */
  Pace(LongSupplier nanoTime, LongConsumer sleeper) {
    this.nanoTime = nanoTime;
    this.sleeper = sleeper;
  }

  /** There is nothing left, and it is about to be read again. */
  void beforeRead() {
    if (reads == 0) {
      sinceNanos = nanoTime.getAsLong();
    }
    if (hot) {
      sleeper.accept(NAP_NANOS);
    }
  }

  /** So much has come. */
  void afterRead(int count) {
    reads++;
    bytes += count;
    if (reads == READS) {
      hot = !hot && isHot();
      reads = 0;
      bytes = 0;
    }
  }

  private boolean isHot() {
    return bytes < READS * LARGE_BYTES && nanoTime.getAsLong() - sinceNanos < READS * HOT_NANOS;
  }
}
