package io.drasi.source.postgres.internal.spill;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The folder for what does not fit into memory, and how much may be put into it. Its files are
 * private to the user, and have no name while they are used, where the system allows that: a
 * process that is killed leaves nothing behind.
 *
 * <p>Where there is no room, whoever has most of it goes without.
 *
 * <p>Thread-safe: guarded by the object's own monitor.
 */
public final class SpillSpace {
  private final Path directory;
  private final long limitBytes;
  private final Set<Share> shares = new HashSet<>();
  private long usedBytes;

  /** What one file has of the space. Guarded by the space. */
  static final class Share {
    private long bytes;
    private boolean lost;
  }

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
  public synchronized long usedBytes() {
    return usedBytes;
  }

  /** A new file. */
  TemporaryFile open() throws IOException {
    return new TemporaryFile(directory);
  }

  /**
   * Takes some of the space, if need be from whoever has most of it.
   *
   * @throws SpillLimitException when nobody has more than the one who asks, or when that was taken
   *     from
   */
  synchronized void reserve(Share share, long bytes) throws SpillLimitException {
    boolean possible = !share.lost;
    while (possible && usedBytes + bytes > limitBytes) {
      possible = takeFromLargest(share);
    }
    if (!possible) {
      throw new SpillLimitException(directory, limitBytes);
    }
    usedBytes += bytes;
    share.bytes += bytes;
    shares.add(share);
  }

  private boolean takeFromLargest(Share share) {
    Optional<Share> largest =
        shares.stream()
            .max(Comparator.comparingLong(other -> other.bytes))
            .filter(other -> other.bytes > share.bytes);
    largest.ifPresent(
        other -> {
          release(other, other.bytes);
          other.lost = true;
        });
    return largest.isPresent();
  }

  /** Gives some of the space back. */
  synchronized void release(Share share, long bytes) {
    if (!share.lost) {
      usedBytes -= bytes;
      share.bytes -= bytes;
    }
    if (share.bytes == 0) {
      shares.remove(share);
    }
  }

  /** Why a share is lost; empty while it is not. */
  synchronized Optional<SpillLimitException> whyLost(Share share) {
    return share.lost
        ? Optional.of(new SpillLimitException(directory, limitBytes))
        : Optional.empty();
  }
}
