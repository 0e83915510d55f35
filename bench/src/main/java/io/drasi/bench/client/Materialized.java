package io.drasi.bench.client;

import io.drasi.api.change.ElementPropertyMap;
import io.drasi.api.change.ElementValue;

/** Looks at values, so that nobody can say they were not there. */
final class Materialized {
  private Materialized() {}

  static void look(ElementPropertyMap properties) {
    int seen = 0;
    for (ElementValue value : properties.values()) {
      if (value != null) {
        seen++;
      }
    }
    if (seen != properties.size()) {
      throw new IllegalStateException("%d values of %d".formatted(seen, properties.size()));
    }
  }
}
