package io.drasi.source.postgres.internal.spill;

import java.io.IOException;
import java.nio.file.Path;

/** There is no more room for what does not fit into memory. */
public final class SpillLimitException extends IOException {
  private static final long serialVersionUID = 1L;

  SpillLimitException(Path directory, long limitBytes) {
    super(
        "the files in %s would hold more than %d MiB; raise spill_limit_mb, or see why the subscriber is slow"
            .formatted(directory, limitBytes >> 20));
  }
}
