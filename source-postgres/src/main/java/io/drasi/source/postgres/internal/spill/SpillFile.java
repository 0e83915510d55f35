package io.drasi.source.postgres.internal.spill;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Bytes that are written at one end and read at the other, in order. The newest stay in memory; the
 * others are in files, each of which is gone as soon as it was read.
 *
 * <p>Not thread-safe; but others may take its space, and close its files, at any time.
 */
public final class SpillFile implements AutoCloseable {
  private static final int TAIL_BYTES = 128 * 1024;
  private static final long SEGMENT_BYTES = 64L << 20;

  private final SpillSpace space;
  private final SpillSpace.Share share = new SpillSpace.Share();
  private final Deque<Segment> segments = new ArrayDeque<>();
  private final ByteBuffer tail = ByteBuffer.allocate(TAIL_BYTES);
  private int readOfTail;
  private long remaining;

  /** A file with how much was written to it, and read from it. */
  private static final class Segment {
    private final TemporaryFile file;
    private long written;
    private long read;

    Segment(TemporaryFile file) {
      this.file = file;
    }
  }

  /** An empty one. */
  public SpillFile(SpillSpace space) {
    this.space = space;
  }

  /** Why nothing can be read any more; empty while it can. */
  public Optional<SpillLimitException> whyLost() {
    return space.whyLost(share);
  }

  /** How many bytes are still to be read. */
  public long remaining() {
    return remaining;
  }

  /**
   * Writes at the end.
   *
   * @throws SpillLimitException when there is no room; the file has to be closed then
   */
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int from = offset;
    int left = length;
    while (left > 0) {
      if (!tail.hasRemaining()) {
        writeTail();
      }
      int part = Math.min(left, tail.remaining());
      tail.put(bytes, from, part);
      remaining += part;
      from += part;
      left -= part;
    }
  }

  private void writeTail() throws IOException {
    int length = tail.position();
    space.reserve(share, length);
    boolean written = false;
    try {
      Segment last = segmentToWrite();
      last.file.write(last.written, tail.array(), length);
      last.written += length;
      written = true;
    } catch (IOException e) {
      throw space.why(share, e);
    } finally {
      if (!written) {
        space.release(share, length);
      }
    }
    tail.clear();
    readOfTail = 0;
  }

  private Segment segmentToWrite() throws IOException {
    Segment last = segments.peekLast();
    if (last == null || last.written >= SEGMENT_BYTES) {
      last = new Segment(space.open(share));
      last.read = readOfTail; // of the tail something is read only when there is no segment
      segments.add(last);
    }
    return last;
  }

  /**
   * Reads the next bytes.
   *
   * @throws EOFException when there are not so many
   * @throws SpillLimitException when the space was needed by others; the file has to be closed then
   */
  public byte[] read(int length) throws IOException {
    Optional<SpillLimitException> lost = whyLost();
    if (lost.isPresent()) {
      throw lost.get();
    }
    if (length > remaining) {
      throw new EOFException("%d bytes wanted, %d are left".formatted(length, remaining));
    }
    byte[] bytes = new byte[length];
    int done = 0;
    while (done < length && !segments.isEmpty()) {
      done += readSegment(segments.getFirst(), bytes, done);
    }
    tail.get(readOfTail, bytes, done, length - done);
    readOfTail += length - done;
    remaining -= length;
    if (remaining == 0) {
      forgetTail();
    }
    return bytes;
  }

  private int readSegment(Segment first, byte[] bytes, int from) throws IOException {
    int part = (int) Math.min(bytes.length - from, first.written - first.read);
    try {
      first.file.read(first.read, bytes, from, part);
    } catch (IOException e) {
      throw space.why(share, e);
    }
    first.read += part;
    if (first.read == first.written) {
      segments.removeFirst();
      drop(first);
    }
    return part;
  }

  private void drop(Segment segment) throws IOException {
    space.close(share, segment.file, segment.written);
  }

  private void forgetTail() {
    tail.clear();
    readOfTail = 0;
  }

  /** Drops what was not read, and the files. */
  @Override
  public void close() throws IOException {
    forgetTail();
    remaining = 0;
    IOException failure = null;
    while (!segments.isEmpty()) {
      try {
        drop(segments.removeFirst());
      } catch (IOException e) {
        failure = failure == null ? e : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
