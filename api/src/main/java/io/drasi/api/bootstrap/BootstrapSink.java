package io.drasi.api.bootstrap;

import io.drasi.api.change.SourceChange;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** Takes what a provider loads. */
@ProviderType
public interface BootstrapSink {

  /**
   * Hands over elements, as inserts; waits while the subscriber is slow.
   *
   * @param batch the elements in order; not empty
   * @throws InterruptedException when the bootstrap is cancelled
   */
  void accept(List<SourceChange.Insert> batch) throws InterruptedException;
}
