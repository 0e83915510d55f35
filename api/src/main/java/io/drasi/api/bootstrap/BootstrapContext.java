package io.drasi.api.bootstrap;

import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/** What a provider is made from. */
@ProviderType
public interface BootstrapContext {

  /** The provider's own options by name. */
  Map<String, ?> options();

  /**
   * The options of the source it serves, so that a provider for the same database need not be told
   * twice.
   */
  Map<String, ?> sourceOptions();

  /** A context of these options. */
  static BootstrapContext of(Map<String, ?> options, Map<String, ?> sourceOptions) {
    record Given(Map<String, ?> options, Map<String, ?> sourceOptions) implements BootstrapContext {

      /** The names alone: a value may be a password. */
      @Override
      public String toString() {
        return "BootstrapContext[options=%s, sourceOptions=%s]"
            .formatted(options.keySet(), sourceOptions.keySet());
      }
    }
    return new Given(options, sourceOptions);
  }
}
