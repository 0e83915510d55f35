package io.drasi.api.source;

import io.drasi.api.config.FlatOptions;
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
   * The same options as they stand in a configuration of OSGi's Configuration Admin, which has only
   * simple values and arrays and lists of them. Secrets get a name that begins with a dot, which
   * Declarative Services keeps private; references to the environment stay as they are.
   *
   * @param options options from which {@link #create} makes a source
   */
  default Map<String, Object> toConfiguration(Map<String, ?> options) {
    return FlatOptions.of(options);
  }
}
