package io.drasi.api.bootstrap;

import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/** Who asks for a bootstrap, and for what. */
@ProviderType
public interface BootstrapRequest {

  /** The id of the source, which is the {@code sourceId} of all elements. */
  String sourceId();

  /** The id of the subscriber. */
  String subscriberId();

  /** The labels of the nodes wanted. */
  Set<String> nodeLabels();

  /** The labels of the relations wanted. Both sets empty means everything. */
  Set<String> relationLabels();

  /** A request. */
  static BootstrapRequest of(
      String sourceId, String subscriberId, Set<String> nodeLabels, Set<String> relationLabels) {
    record Given(
        String sourceId, String subscriberId, Set<String> nodeLabels, Set<String> relationLabels)
        implements BootstrapRequest {}
    return new Given(sourceId, subscriberId, Set.copyOf(nodeLabels), Set.copyOf(relationLabels));
  }
}
