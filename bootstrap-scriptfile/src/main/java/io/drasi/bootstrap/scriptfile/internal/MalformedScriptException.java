package io.drasi.bootstrap.scriptfile.internal;

import java.nio.file.Path;

/** A line of a script cannot be used. The message names file, line and reason. */
final class MalformedScriptException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Path file;

  MalformedScriptException(Path file, long line, MalformedRecordException reason) {
    super("%s, line %d: %s".formatted(file, line, reason.getMessage()), reason);
    this.file = file;
  }

  Path file() {
    return file;
  }
}
