package io.drasi.source.postgres.internal.transaction;

import io.drasi.api.change.SourceChange;
import java.util.HashMap;
import java.util.Map;

/**
 * How many changes a transaction has about what.
 *
 * <p>Confined to the replication thread while it grows; immutable from then on.
 */
final class ChangeCensus {
  private final Map<ChangeSubject, Long> counts = new HashMap<>();

  void add(SourceChange change) {
    counts.merge(ChangeSubject.of(change), 1L, Long::sum);
  }

  /** How many of them somebody wants. */
  long count(ChangeFilter filter) {
    return counts.entrySet().stream()
        .filter(entry -> filter.wants(entry.getKey()))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }
}
