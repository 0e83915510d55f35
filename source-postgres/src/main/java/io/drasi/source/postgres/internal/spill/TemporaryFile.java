package io.drasi.source.postgres.internal.spill;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that is gone when it is closed. It has no name while it is used, where the system allows
 * that.
 *
 * <p>Thread-safe: guarded by the object's own monitor, which is held over the I/O of this file. Who
 * reads or writes when it is closed gets an {@link IOException}.
 */
final class TemporaryFile implements AutoCloseable {
  /** How the names end. */
  static final String END = ".spill";

  private static final Logger log = LoggerFactory.getLogger(TemporaryFile.class);

  private final Path name;

  /** Not a FileChannel: the interrupt of whoever takes or offers an event would close it. */
  private final RandomAccessFile file;

  private boolean named = true;

  /**
   * A new file, private to the user.
   *
   * @param prefix how its name begins; a number follows
   */
  TemporaryFile(Path directory, String prefix) throws IOException {
    name = Files.createTempFile(directory, prefix, END);
    try {
      file = new RandomAccessFile(name.toFile(), "rw");
    } catch (IOException e) {
      Files.delete(name);
      throw e;
    }
    try {
      deleteName();
    } catch (IOException e) {
      log.debug("{} keeps its name until it is closed", name, e);
    }
  }

  private void deleteName() throws IOException {
    if (named) {
      Files.deleteIfExists(name);
      named = false;
    }
  }

  synchronized void write(long position, byte[] bytes, int length) throws IOException {
    file.seek(position);
    file.write(bytes, 0, length);
  }

  synchronized void truncate(long length) throws IOException {
    file.setLength(length);
  }

  /**
   * Reads so many bytes.
   *
   * @throws EOFException when the file ends before
   */
  synchronized void read(long position, byte[] bytes, int offset, int length) throws IOException {
    if (position + length > file.length()) {
      throw new EOFException(
          "a file has %d bytes where %d were written".formatted(file.length(), position + length));
    }
    file.seek(position);
    file.readFully(bytes, offset, length);
  }

  @Override
  public synchronized void close() throws IOException {
    file.close();
    deleteName();
  }
}
