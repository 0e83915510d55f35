package io.drasi.deployer.internal;

import java.util.Map;

/**
 * A source that a file describes. Its options are valid.
 *
 * @param pid the factory PID whose configurations make such sources
 * @param id its id
 * @param canBootstrap whether it has a bootstrap provider
 * @param configuration its options as Configuration Admin takes them
 */
record WantedSource(
    String pid, String id, boolean canBootstrap, Map<String, Object> configuration) {

  /** Its id alone: among the options may be a password. */
  @Override
  public String toString() {
    return "WantedSource[" + id + "]";
  }
}
