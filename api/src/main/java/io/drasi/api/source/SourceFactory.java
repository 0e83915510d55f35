package io.drasi.api.source;

import io.drasi.api.config.Options;
import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Makes sources of one kind from options. Found by hosts through {@link java.util.ServiceLoader},
 * and as an OSGi service with the properties {@code drasi.kind} and {@code drasi.source.pid}, the
 * factory PID whose configurations make such sources.
 */
@ConsumerType
public interface SourceFactory {

  /** The kind of sources it makes, for example {@code postgres}. */
  String kind();

  /**
   * Makes a source. It connects to nothing and is not started.
   *
   * @param options the options by name, {@code id} among them
   * @throws io.drasi.api.config.ConfigurationException naming every mistake in the options
   */
  ManagedSource create(Map<String, ?> options);

  /**
   * The same options as they stand in a configuration of OSGi's Configuration Admin. One with
   * secrets overrides this, and returns {@link Options#asConfiguration} after reading them.
   *
   * @param options options from which {@link #create} makes a source
   */
  default Map<String, Object> toConfiguration(Map<String, ?> options) {
    return Options.of(options).asConfiguration();
  }

  /**
   * Looks whether all is in order for a source that would be made from these options: connects as
   * the source would, and changes nothing. Takes as long as its answers take.
   *
   * @param options the options by name, {@code id} among them
   * @return what was found, item by item; empty where there is nothing to look at
   * @throws io.drasi.api.config.ConfigurationException naming every mistake in the options
   */
  default List<Finding> check(Map<String, ?> options) {
    return List.of();
  }
}
