package io.drasi.source.postgres;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Which bootstrap provider a source has.
 *
 * @param kind the kind, as its factory calls it
 * @param options the provider's own options
 */
public record BootstrapProviderConfig(String kind, Map<String, ?> options) {
  public BootstrapProviderConfig {
    Objects.requireNonNull(kind, "kind");
    options = new LinkedHashMap<>(options);
  }

  /** The names of the options alone: a value may be a password. */
  @Override
  public String toString() {
    return "BootstrapProviderConfig[kind=%s, options=%s]".formatted(kind, options.keySet());
  }
}
