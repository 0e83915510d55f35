package io.drasi.api.bootstrap;

import org.osgi.annotation.versioning.ConsumerType;

/** Loads the elements that exist before the first change a subscriber sees. */
@ConsumerType
public interface BootstrapProvider {

  /**
   * Loads what a subscriber asked for. Called on a thread of its own for each bootstrap, and for
   * several subscribers at once.
   *
   * @param request who asks, and for what
   * @param sink takes the elements; holds the provider back when the subscriber is slow
   * @return how much was loaded
   * @throws BootstrapException when it cannot be done
   * @throws InterruptedException when the bootstrap is cancelled: the provider ends at once
   */
  BootstrapResult bootstrap(BootstrapRequest request, BootstrapSink sink)
      throws InterruptedException;
}
