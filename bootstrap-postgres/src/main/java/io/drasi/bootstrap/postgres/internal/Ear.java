package io.drasi.bootstrap.postgres.internal;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Tells whether a worker hears anything of its server: counts what has come, and is odd while the
 * worker does something with it.
 *
 * <p>Thread-safe: the worker's thread writes, another one reads, a little late.
 */
final class Ear {
  private final AtomicLong count = new AtomicLong();

  /** Something has come, and is being used. */
  void begin() {
    count.lazySet(count.getPlain() + 1);
  }

  /** It was used; now the worker waits for more. */
  void end() {
    count.lazySet(count.getPlain() + 1);
  }

  /**
   * The count; the worker has waited all the time between two calls that give the same even one.
   */
  long count() {
    return count.get();
  }
}
