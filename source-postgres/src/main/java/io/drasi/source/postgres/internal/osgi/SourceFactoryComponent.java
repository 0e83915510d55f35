package io.drasi.source.postgres.internal.osgi;

import io.drasi.api.bootstrap.BootstrapContext;
import io.drasi.api.config.ConfigurationException;
import io.drasi.api.source.Finding;
import io.drasi.api.source.ManagedSource;
import io.drasi.api.source.SourceFactory;
import io.drasi.postgres.decoder.value.Codecs;
import io.drasi.postgres.protocol.Connector;
import io.drasi.source.postgres.BootstrapProviderConfig;
import io.drasi.source.postgres.PostgresReplicationSource;
import io.drasi.source.postgres.PostgresSourceCheck;
import io.drasi.source.postgres.PostgresSourceConfig;
import io.drasi.source.postgres.PostgresSourceFactory;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes sources in a framework, where bundles with bootstrap providers come and go. */
@Component(
    property = {
      "drasi.kind=" + PostgresReplicationSource.KIND,
      "drasi.source.pid=" + PostgresSourceComponent.PID
    })
public final class SourceFactoryComponent implements SourceFactory {
  private static final Logger log = LoggerFactory.getLogger(SourceFactoryComponent.class);

  private final PostgresSourceFactory plain = new PostgresSourceFactory();
  private final Connector connector;
  private final Codecs codecs;
  private final BootstrapFactories factories;

  /** For Declarative Services. */
  @Activate
  public SourceFactoryComponent(
      @Reference Connector connector,
      @Reference Codecs codecs,
      @Reference BootstrapFactories factories) {
    this.connector = connector;
    this.codecs = codecs;
    this.factories = factories;
  }

  @Override
  public String kind() {
    return plain.kind();
  }

  @Override
  public Map<String, Object> toConfiguration(Map<String, ?> options) {
    return plain.toConfiguration(options);
  }

  @Override
  public List<Finding> check(Map<String, ?> options) {
    return PostgresSourceCheck.run(PostgresSourceConfig.parse(options), connector);
  }

  /** Checks the options of the bootstrap provider too, where its bundle is there. */
  @Override
  public ManagedSource create(Map<String, ?> options) {
    PostgresSourceConfig config = PostgresSourceConfig.parse(options);
    BootstrapProviderConfig wanted = config.bootstrapProvider();
    if (wanted != null) {
      check(config.id(), wanted, options);
    }
    return create(config, options, connector, codecs, factories);
  }

  /** A source whose bootstraps take the provider that is there then. */
  static PostgresReplicationSource create(
      PostgresSourceConfig config,
      Map<String, ?> options,
      Connector connector,
      Codecs codecs,
      BootstrapFactories factories) {
    BootstrapProviderConfig wanted = config.bootstrapProvider();
    return wanted == null
        ? PostgresReplicationSource.create(config, connector, codecs)
        : PostgresReplicationSource.create(
            config, connector, codecs, new ProviderByKind(wanted, options, factories));
  }

  private void check(String id, BootstrapProviderConfig wanted, Map<String, ?> options) {
    var factory = factories.find(wanted.kind());
    if (factory.isEmpty()) {
      log.warn(
          "{}: no bundle has the bootstrap provider {} (there are {}); a bootstrap waits for it",
          id,
          wanted.kind(),
          factories.kinds());
      return;
    }
    try {
      factory.get().factory().create(BootstrapContext.of(wanted.options(), options));
    } catch (ConfigurationException e) {
      throw e.within("bootstrap_provider");
    }
  }
}
