package io.drasi.bootstrap.postgres.internal;

import io.drasi.api.change.SourceChange;
import java.util.List;

/** Takes batches of what was read; waits while they are not wanted yet. */
@FunctionalInterface
interface BatchConsumer {
  void accept(List<SourceChange.Insert> batch) throws InterruptedException;
}
