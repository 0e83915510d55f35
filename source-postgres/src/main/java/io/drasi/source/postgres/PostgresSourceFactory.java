package io.drasi.source.postgres;

import io.drasi.api.bootstrap.BootstrapContext;
import io.drasi.api.bootstrap.BootstrapProvider;
import io.drasi.api.bootstrap.BootstrapProviderFactory;
import io.drasi.api.config.ConfigurationException;
import io.drasi.api.config.Options;
import io.drasi.api.source.Finding;
import io.drasi.api.source.ManagedSource;
import io.drasi.api.source.SourceFactory;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/** Makes PostgreSQL sources from options, with the bootstrap providers that are on the path. */
public final class PostgresSourceFactory implements SourceFactory {

  /** The factory; it has no state. */
  public PostgresSourceFactory() {}

  /** {@code postgres}. */
  @Override
  public String kind() {
    return PostgresReplicationSource.KIND;
  }

  @Override
  public ManagedSource create(Map<String, ?> options) {
    PostgresSourceConfig config = PostgresSourceConfig.parse(options);
    BootstrapProviderConfig wanted = config.bootstrapProvider();
    return wanted == null
        ? PostgresReplicationSource.create(config)
        : PostgresReplicationSource.create(config, provider(wanted, options));
  }

  @Override
  public Map<String, Object> toConfiguration(Map<String, ?> options) {
    Options read = Options.of(options);
    PostgresSourceConfig.parse(read);
    return read.asConfiguration();
  }

  @Override
  public List<Finding> check(Map<String, ?> options) {
    return PostgresSourceCheck.run(PostgresSourceConfig.parse(options));
  }

  private static BootstrapProvider provider(
      BootstrapProviderConfig wanted, Map<String, ?> sourceOptions) {
    BootstrapProviderFactory factory = factory(wanted.kind());
    try {
      return factory.create(BootstrapContext.of(wanted.options(), sourceOptions));
    } catch (ConfigurationException e) {
      throw e.within("bootstrap_provider");
    }
  }

  private static BootstrapProviderFactory factory(String kind) {
    List<BootstrapProviderFactory> factories =
        ServiceLoader.load(
                BootstrapProviderFactory.class, PostgresSourceFactory.class.getClassLoader())
            .stream()
            .map(ServiceLoader.Provider::get)
            .toList();
    return factories.stream()
        .filter(factory -> factory.kind().equals(kind))
        .findFirst()
        .orElseThrow(
            () ->
                new ConfigurationException(
                    List.of(
                        "bootstrap_provider.kind: \"%s\" is not allowed; allowed is what is installed: %s"
                            .formatted(
                                kind,
                                factories.stream().map(BootstrapProviderFactory::kind).toList()))));
  }
}
