package com.example.bootstrap.csv.internal;

import io.drasi.api.bootstrap.BootstrapException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/** What a file is like, as far as it shows without reading it. */
record FileState(Path file, long sizeBytes, FileTime modified) {

  static FileState now(Path file) {
    try {
      var attributes = Files.readAttributes(file, BasicFileAttributes.class);
      if (!attributes.isRegularFile()) {
        throw new BootstrapException(file + ": is not a regular file", null);
      }
      return new FileState(file, attributes.size(), attributes.lastModifiedTime());
    } catch (NoSuchFileException e) {
      throw new BootstrapException(file + ": there is no such file", e);
    } catch (IOException e) {
      throw new BootstrapException("%s: cannot be read: %s".formatted(file, e), e);
    }
  }

  void requireUnchanged() {
    if (!now(file).equals(this)) {
      throw new BootstrapException(
          file + ": changed while it was read; bootstrap again when it is not written to", null);
    }
  }
}
