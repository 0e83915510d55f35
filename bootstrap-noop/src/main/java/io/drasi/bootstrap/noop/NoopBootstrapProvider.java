package io.drasi.bootstrap.noop;

import io.drasi.api.bootstrap.BootstrapProvider;
import io.drasi.api.bootstrap.BootstrapRequest;
import io.drasi.api.bootstrap.BootstrapResult;
import io.drasi.api.bootstrap.BootstrapSink;

/**
 * Loads nothing: a subscriber that asks for a bootstrap gets an empty one, and then the changes.
 *
 * <p>Hosts find it by the kind {@code noop}, which takes no options.
 */
public final class NoopBootstrapProvider implements BootstrapProvider {

  /** A provider. It has no state: one serves any number of sources. */
  public NoopBootstrapProvider() {}

  /** Ends at once, with no elements and no position. */
  @Override
  public BootstrapResult bootstrap(BootstrapRequest request, BootstrapSink sink) {
    return BootstrapResult.of(0, null);
  }
}
