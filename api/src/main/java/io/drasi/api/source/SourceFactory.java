package io.drasi.api.source;

import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Makes sources of one kind from options. Found by hosts as an OSGi service (property {@code
 * drasi.kind}) and through {@link java.util.ServiceLoader}.
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
}
