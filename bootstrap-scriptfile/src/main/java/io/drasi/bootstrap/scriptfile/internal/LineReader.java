package io.drasi.bootstrap.scriptfile.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Reads lines of bounded length, strictly as UTF-8. Confined to one thread. */
final class LineReader implements Closeable {
  private final InputStream in;
  private final int maxLineBytes;
  private final byte[] buffer = new byte[64 * 1024];
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final CRC32C checksum = new CRC32C();
  private int position;
  private int limit;
  private long number;

  LineReader(InputStream in, int maxLineBytes) {
    this.in = in;
    this.maxLineBytes = maxLineBytes;
  }

  /** The number of the line read last, from 1. */
  long number() {
    return number;
  }

  /** A checksum of all lines read so far. */
  long checksum() {
    return checksum.getValue();
  }

  /** The next line without its line feed, or null at the end. */
  @Nullable String next() throws IOException, MalformedRecordException {
    line.reset();
    boolean ended = false;
    while (!ended && (position < limit || fill())) {
      if (line.size() == 0) {
        number++;
      }
      int end = endOfLine();
      ended = end < limit;
      append(end);
      position = ended ? end + 1 : end;
    }
    return ended || line.size() > 0 ? decode() : null;
  }

  private boolean fill() throws IOException {
    position = 0;
    limit = Math.max(0, in.read(buffer));
    return limit > 0;
  }

  private int endOfLine() {
    int end = position;
    while (end < limit && buffer[end] != '\n') {
      end++;
    }
    return end;
  }

  private void append(int end) throws MalformedRecordException {
    line.write(buffer, position, end - position);
    checksum.update(buffer, position, Math.min(end + 1, limit) - position);
    if (line.size() > maxLineBytes) {
      throw new MalformedRecordException("is longer than %d bytes".formatted(maxLineBytes));
    }
  }

  private String decode() throws MalformedRecordException {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(line.toByteArray())).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedRecordException("is not UTF-8", e);
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
