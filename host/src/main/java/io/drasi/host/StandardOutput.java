package io.drasi.host;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The standard output, which tells a reader that has gone ({@code | head -3}) from a write that
 * failed (a full disk): only a pipe or a socket has a reader. The text of the error would not tell:
 * it is in the user's language.
 *
 * @see <a
 *     href="https://pubs.opengroup.org/onlinepubs/9699919799/basedefs/sys_stat.h.html">sys/stat.h</a>
 */
final class StandardOutput extends FilterOutputStream {
  private static final Path DESCRIPTOR = Path.of("/dev/fd/1");
  private static final int TYPE_MASK = 0170000;
  private static final int PIPE = 0010000;
  private static final int SOCKET = 0140000;

  StandardOutput(OutputStream out) {
    super(out);
  }

  /** Nobody reads the standard output any more. */
  static final class ReaderGoneException extends IOException {
    private static final long serialVersionUID = 1L;

    ReaderGoneException(IOException cause) {
      super("nobody reads the standard output any more", cause);
    }
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      throw hasReader()
          ? new ReaderGoneException(e)
          : new IOException("cannot write to the standard output: " + e.getMessage(), e);
    }
  }

  private static boolean hasReader() {
    try {
      int type = (Integer) Files.getAttribute(DESCRIPTOR, "unix:mode") & TYPE_MASK;
      return type == PIPE || type == SOCKET;
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
