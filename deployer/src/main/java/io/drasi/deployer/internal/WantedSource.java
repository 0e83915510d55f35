package io.drasi.deployer.internal;

import io.drasi.api.source.Finding;
import io.drasi.api.source.SourceFactory;
import java.util.List;
import java.util.Map;

/**
 * A source that a file describes. Its options are valid.
 *
 * @param factory what makes such sources
 * @param pid the factory PID whose configurations make them
 * @param options its options as the file has them, and its id
 * @param canBootstrap whether it has a bootstrap provider
 */
public record WantedSource(
    SourceFactory factory, String pid, Map<String, Object> options, boolean canBootstrap) {

  /** Its id. */
  String id() {
    return String.valueOf(options.get("id"));
  }

  /** Its options as Configuration Admin takes them. */
  public Map<String, Object> configuration() {
    return factory.toConfiguration(options);
  }

  /** Looks whether all is in order for it. */
  List<Finding> check() {
    return factory.check(options);
  }

  /** Its id alone: among the options may be a password. */
  @Override
  public String toString() {
    return "WantedSource[" + id() + "]";
  }
}
