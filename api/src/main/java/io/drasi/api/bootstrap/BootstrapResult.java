package io.drasi.api.bootstrap;

import io.drasi.api.source.SourcePosition;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/** How much a provider has loaded, and as of when. */
@ProviderType
public interface BootstrapResult {

  /** How many elements were handed over. */
  long count();

  /** The position the elements belong to; empty where the provider knows none. */
  Optional<SourcePosition> position();

  /**
   * A result.
   *
   * @param count how many elements were handed over
   * @param position the position they belong to, or null
   */
  static BootstrapResult of(long count, @Nullable SourcePosition position) {
    record Given(long count, Optional<SourcePosition> position) implements BootstrapResult {}
    return new Given(count, Optional.ofNullable(position));
  }
}
