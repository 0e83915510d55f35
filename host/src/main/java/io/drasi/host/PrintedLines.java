package io.drasi.host;

import java.io.IOException;
import java.io.OutputStream;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The lines that go to the standard output: counted, up to a limit, after which all is dropped.
 * Guarded by itself: the sinks of several sources write to it.
 */
final class PrintedLines extends OutputStream {
  /** As many lines as come. */
  static final long UNLIMITED = Long.MAX_VALUE;

  private final OutputStream out;
  private final long limit;
  private final Consumer<@Nullable IOException> onEnd;
  private long lines;

  /**
   * Lines to be printed.
   *
   * @param limit after how many lines there are enough
   * @param onEnd told once that no more is printed: because of an error, or null when there are
   *     enough
   */
  PrintedLines(OutputStream out, long limit, Consumer<@Nullable IOException> onEnd) {
    this.out = out;
    this.limit = limit;
    this.onEnd = onEnd;
  }

  /** How many whole lines were printed. */
  synchronized long count() {
    return lines;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int start, int length) throws IOException {
    if (lines >= limit) {
      return;
    }
    int end = start;
    while (end < start + length && lines < limit) {
      lines += bytes[end++] == '\n' ? 1 : 0;
    }
    try {
      out.write(bytes, start, end - start);
    } catch (IOException e) {
      onEnd.accept(e);
      throw e;
    }
    if (lines >= limit) {
      onEnd.accept(null);
    }
  }

  @Override
  public synchronized void flush() throws IOException {
    out.flush();
  }
}
