package io.drasi.it.oracle;

import static io.drasi.it.support.Eventually.eventually;

import io.drasi.it.support.NamelessFiles;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds a subscriber in the middle of its bootstrap while the writers write large rows, until what
 * waits for it on disk is more than one file holds.
 */
final class Hold {
  private static final Logger log = LoggerFactory.getLogger(Hold.class);
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final long ENOUGH_BYTES = 70L << 20; // a file has 64 MiB

  private final Writers writers;
  private final Path spillDir;
  private volatile boolean over;

  /**
   * A hold that has not begun.
   *
   * @param spillDir where the source keeps what waits
   */
  Hold(Writers writers, Path spillDir) {
    this.writers = writers;
    this.spillDir = spillDir;
  }

  /** Holds the subscriber's thread; once. */
  void hold() throws Exception {
    if (over) {
      return;
    }
    log.info("a bootstrap is held");
    writers.writeLargeRows(true);
    try {
      eventually("enough is on disk", LONG, () -> NamelessFiles.bytesIn(spillDir) >= ENOUGH_BYTES);
    } finally {
      writers.writeLargeRows(false);
    }
    over = true;
    log.info("the bootstrap goes on");
  }

  /** Whether it is over. */
  boolean isOver() {
    return over;
  }
}
