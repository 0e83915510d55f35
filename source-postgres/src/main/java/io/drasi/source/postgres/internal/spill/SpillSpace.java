package io.drasi.source.postgres.internal.spill;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder for what does not fit into memory, and how much may be put into it. Its files are
 * private to the user, and have no name while they are used, where the system allows that: a
 * process that is killed leaves nothing behind, or what {@link #removeLeftovers} removes.
 *
 * <p>Where there is no room, what the stream needs goes first; then whoever has most of it goes
 * without. Its files are closed before others write into the space.
 *
 * <p>Thread-safe: guarded by the object's own monitor, which is held over no I/O.
 */
public final class SpillSpace {
  private static final Logger log = LoggerFactory.getLogger(SpillSpace.class);

  private final String prefix;
  private final Path directory;
  private final long limitBytes;
  private final Set<Share> shares = new HashSet<>();
  private long usedBytes;

  /** What one file has of the space. Guarded by the space. */
  static final class Share {
    private final Set<TemporaryFile> files = new HashSet<>();
    private long bytes;
    private boolean lost;
    private boolean expendable;

    /** The share of one who may go without. */
    Share() {
      this(true);
    }

    Share(boolean expendable) {
      this.expendable = expendable;
    }
  }

  /**
   * A space.
   *
   * @param owner whose files they are: the id of the source
   * @param directory the folder; has to be there when the first file is made
   * @param limitBytes how much all files may hold together
   */
  public SpillSpace(String owner, Path directory, long limitBytes) {
    this.prefix = "drasi-%s-".formatted(URLEncoder.encode(owner, StandardCharsets.UTF_8));
    this.directory = directory;
    this.limitBytes = limitBytes;
  }

  /** How much the files hold now. */
  public synchronized long usedBytes() {
    return usedBytes;
  }

  /** How the names of the files begin; a number follows. */
  String prefix() {
    return prefix;
  }

  /**
   * A new file, which is closed when its share is lost.
   *
   * @throws SpillLimitException when the share is lost already
   */
  TemporaryFile open(Share share) throws IOException {
    var file = new TemporaryFile(directory, prefix);
    if (!isAdded(share, file)) {
      file.close();
      throw lost();
    }
    return file;
  }

  private synchronized boolean isAdded(Share share, TemporaryFile file) {
    return !share.lost && share.files.add(file);
  }

  /** Closes a file with so many bytes, and gives their space back. */
  void close(Share share, TemporaryFile file, long bytes) throws IOException {
    release(share, bytes);
    forget(share, file);
    file.close();
  }

  private synchronized void forget(Share share, TemporaryFile file) {
    share.files.remove(file);
  }

  /**
   * Removes the files of the same owner that a killed process has left. Those of a living process
   * have no name, or cannot be removed.
   */
  public void removeLeftovers() {
    if (!Files.isDirectory(directory)) {
      return;
    }
    Pattern own =
        Pattern.compile(Pattern.quote(prefix) + "\\d+" + Pattern.quote(TemporaryFile.END));
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(
            directory, file -> own.matcher(file.getFileName().toString()).matches())) {
      for (Path file : files) {
        remove(file);
      }
    } catch (IOException e) {
      log.warn("{} cannot be searched for files of a process that was killed", directory, e);
    }
  }

  private static void remove(Path file) {
    try {
      if (Files.deleteIfExists(file)) {
        log.info("{} was removed: a process that was killed has left it", file);
      }
    } catch (IOException e) {
      log.warn("{} cannot be removed", file, e);
    }
  }

  /**
   * Takes some of the space, if need be from others.
   *
   * @throws SpillLimitException when nobody can go without, or when that was taken from
   */
  void reserve(Share share, long bytes) throws SpillLimitException {
    List<TemporaryFile> lost = new ArrayList<>();
    try {
      reserve(share, bytes, lost);
    } finally {
      lost.forEach(SpillSpace::close);
    }
  }

  private synchronized void reserve(Share share, long bytes, List<TemporaryFile> lost)
      throws SpillLimitException {
    boolean possible = !share.lost && (share.expendable || needed() + bytes <= limitBytes);
    while (possible && usedBytes + bytes > limitBytes) {
      possible = takeFromLargest(share, lost);
    }
    if (!possible) {
      throw new SpillLimitException(
          directory, limitBytes, !share.lost && share.bytes + bytes <= limitBytes);
    }
    usedBytes += bytes;
    share.bytes += bytes;
    shares.add(share);
  }

  /** What nobody can go without. */
  private long needed() {
    return shares.stream().filter(share -> !share.expendable).mapToLong(share -> share.bytes).sum();
  }

  private boolean takeFromLargest(Share share, List<TemporaryFile> lost) {
    Optional<Share> largest =
        shares.stream()
            .filter(other -> other.expendable)
            .max(Comparator.comparingLong(other -> other.bytes))
            .filter(other -> !share.expendable || other.bytes > share.bytes);
    largest.ifPresent(
        other -> {
          release(other, other.bytes);
          other.lost = true;
          lost.addAll(other.files);
          other.files.clear();
        });
    return largest.isPresent();
  }

  private static void close(TemporaryFile lost) {
    try {
      lost.close();
    } catch (IOException e) {
      log.warn("a file whose space was needed by others could not be closed", e);
    }
  }

  /** Whether it may go without from now on. */
  synchronized void setExpendable(Share share, boolean expendable) {
    share.expendable = expendable;
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
    return share.lost ? Optional.of(lost()) : Optional.empty();
  }

  /** Why a file of a share cannot be read or written: it may have been closed meanwhile. */
  IOException why(Share share, IOException failure) {
    Optional<SpillLimitException> lost = whyLost(share);
    return lost.isPresent() ? lost.get() : failure;
  }

  private SpillLimitException lost() {
    return new SpillLimitException(directory, limitBytes, false);
  }
}
