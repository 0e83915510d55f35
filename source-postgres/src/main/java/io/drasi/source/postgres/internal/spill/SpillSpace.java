package io.drasi.source.postgres.internal.spill;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The folder for what does not fit into memory, and how much may be put into it. Its files are
 * private to the user, and have no name while they are used, where the system allows that: a
 * process that is killed leaves nothing behind.
 *
 * <p>Thread-safe.
 */
public final class SpillSpace {
  private final Path directory;
  private final long limitBytes;
  private final AtomicLong usedBytes = new AtomicLong();

  /**
   * A space.
   *
   * @param directory the folder; has to be there when the first file is made
   * @param limitBytes how much all files may hold together
   */
  public SpillSpace(Path directory, long limitBytes) {
    this.directory = directory;
    this.limitBytes = limitBytes;
  }

  /** How much the files hold now. */
  public long usedBytes() {
    return usedBytes.get();
  }

  /** A new file. */
  TemporaryFile open() throws IOException {
    return new TemporaryFile(directory);
  }

  /** Takes some of the space. */
  void reserve(long bytes) throws SpillLimitException {
    if (usedBytes.addAndGet(bytes) > limitBytes) {
      usedBytes.addAndGet(-bytes);
      throw new SpillLimitException(directory, limitBytes);
    }
  }

  /** Gives some of the space back. */
  void release(long bytes) {
    usedBytes.addAndGet(-bytes);
  }
}
