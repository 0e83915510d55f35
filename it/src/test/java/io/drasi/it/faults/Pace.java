package io.drasi.it.faults;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;

/**
 * Writes bytes as they come, or in small pieces for a while.
 *
 * <p>Confined to the thread of its direction.
 */
final class Pace {
  private final OutputStream out;
  private int chunkBytes;
  private int left;
  private int pauseMillis;

  Pace(OutputStream out) {
    this.out = out;
  }

  /** The next bytes go in pieces, with a pause after each. */
  void set(int newChunkBytes, int bytes, int newPauseMillis) {
    chunkBytes = newChunkBytes;
    left = bytes;
    pauseMillis = newPauseMillis;
  }

  void write(byte[] bytes, int offset, int length) throws IOException, InterruptedException {
    int position = offset;
    int end = offset + length;
    while (position < end) {
      int count = left > 0 ? Math.min(chunkBytes, end - position) : end - position;
      out.write(bytes, position, count);
      out.flush();
      position += count;
      if (left > 0) {
        left -= count;
        TimeUnit.MILLISECONDS.sleep(pauseMillis);
      }
    }
  }
}
