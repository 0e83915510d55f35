package io.drasi.source.postgres.internal.spill;

import java.io.EOFException;
import java.io.IOException;
import java.util.Optional;

/**
 * Bytes in a file that are written once, in order, and may then be read at any place, any number of
 * times, by several threads at once. It counts for the stream itself: its space is not needed by
 * others, unless it is {@linkplain #setExpendable expendable}.
 *
 * <p>Written by one thread; the rest is thread-safe, guarded by {@code lock}, which is held over
 * the I/O of this file and no other.
 */
public final class SharedSpill implements AutoCloseable {
  private final Object lock = new Object();
  private final SpillSpace space;
  private final SpillSpace.Share share = new SpillSpace.Share(false);
  private final TemporaryFile file;
  private volatile long size;
  private boolean closed;

  /** An empty one. */
  public SharedSpill(SpillSpace space) throws IOException {
    this.space = space;
    this.file = space.open(share);
  }

  /**
   * Writes at the end, all or nothing.
   *
   * @throws SpillLimitException when there is no room
   */
  public void append(byte[] bytes, int length) throws IOException {
    space.reserve(share, length);
    boolean written = false;
    try {
      long end = size;
      synchronized (lock) {
        file.write(end, bytes, length);
      }
      size = end + length;
      written = true;
    } finally {
      if (!written) {
        space.release(share, length);
      }
    }
  }

  /** Drops what is behind so many bytes. Nobody reads yet. */
  public void truncate(long newSize) throws IOException {
    synchronized (lock) {
      file.truncate(newSize);
    }
    space.release(share, size - newSize);
    size = newSize;
  }

  /** How many bytes there are. */
  public long size() {
    return size;
  }

  /**
   * Reads so many bytes.
   *
   * @throws EOFException when there are not so many
   * @throws SpillLimitException when the space was needed by others
   * @throws IOException when it is closed, too
   */
  public void read(long position, byte[] bytes, int offset, int length) throws IOException {
    Optional<SpillLimitException> lost = whyLost();
    if (lost.isPresent()) {
      throw lost.get();
    }
    try {
      synchronized (lock) {
        file.read(position, bytes, offset, length);
      }
    } catch (IOException e) {
      throw space.why(share, e);
    }
  }

  /** Whether its space may be taken for what the stream needs more. */
  public void setExpendable(boolean expendable) {
    space.setExpendable(share, expendable);
  }

  /** Why nothing can be read any more; empty while it can. */
  public Optional<SpillLimitException> whyLost() {
    return space.whyLost(share);
  }

  /** Removes the file. */
  @Override
  public void close() throws IOException {
    synchronized (lock) {
      if (!closed) {
        closed = true;
        space.close(share, file, size);
      }
    }
  }
}
