package io.drasi.api.bootstrap;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Makes bootstrap providers of one kind. Third parties implement it; found by hosts as an OSGi
 * service (property {@code drasi.kind}) and through {@link java.util.ServiceLoader}.
 */
@ConsumerType
public interface BootstrapProviderFactory {

  /** The kind of providers it makes, for example {@code scriptfile}. */
  String kind();

  /**
   * Makes a provider. Opens nothing yet.
   *
   * @param context the options it is made from
   * @throws io.drasi.api.config.ConfigurationException naming every mistake in the options
   */
  BootstrapProvider create(BootstrapContext context);
}
