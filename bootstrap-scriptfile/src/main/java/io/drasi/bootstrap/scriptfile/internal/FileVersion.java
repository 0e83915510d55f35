package io.drasi.bootstrap.scriptfile.internal;

import io.drasi.api.bootstrap.BootstrapException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/**
 * What a file was like when it was read.
 *
 * @param checksum over the lines that were read; 0 before
 */
record FileVersion(Path file, long size, FileTime modified, long checksum) {

  /** The file as it is now, not read yet. */
  static FileVersion now(Path file) {
    try {
      var attributes = Files.readAttributes(file, BasicFileAttributes.class);
      if (!attributes.isRegularFile()) {
        throw new BootstrapException(file + ": is not a regular file", null);
      }
      return new FileVersion(file, attributes.size(), attributes.lastModifiedTime(), 0);
    } catch (NoSuchFileException e) {
      throw new BootstrapException(file + ": there is no such file", e);
    } catch (IOException e) {
      throw new BootstrapException("%s: cannot be read: %s".formatted(file, e), e);
    }
  }

  FileVersion withChecksum(long checksum) {
    return new FileVersion(file, size, modified, checksum);
  }

  /** Whether size and time are still the same; cheap, and not proof that the content is. */
  boolean looksUnchanged() {
    return now(file).equals(withChecksum(0));
  }
}
