package io.drasi.source.postgres.internal.spill;

import java.io.IOException;
import java.nio.file.Path;

/** There is no more room for what does not fit into memory. */
public final class SpillLimitException extends IOException {
  private static final long serialVersionUID = 1L;

  private final boolean passing;

  SpillLimitException(Path directory, long limitBytes, boolean passing) {
    super(
        "the files in %s would hold more than %d MiB; raise spill_limit_mb, or see why the subscriber is slow"
            .formatted(directory, limitBytes >> 20));
    this.passing = passing;
  }

  /** Whether there will be room when others have done with theirs. */
  public boolean isPassing() {
    return passing;
  }
}
