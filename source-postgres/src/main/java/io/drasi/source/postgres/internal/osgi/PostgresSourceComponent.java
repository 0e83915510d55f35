package io.drasi.source.postgres.internal.osgi;

import io.drasi.api.config.Options;
import io.drasi.api.source.ManagedSource;
import io.drasi.api.source.Source;
import io.drasi.postgres.decoder.value.Codecs;
import io.drasi.postgres.protocol.Connector;
import io.drasi.source.postgres.PostgresReplicationSource;
import io.drasi.source.postgres.PostgresSourceConfig;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A source, for each factory configuration of {@value #PID}. It registers the source itself, as
 * {@link Source} and {@link ManagedSource}, when that is made: a configuration with a mistake
 * registers nothing, and the mistake is in the log and the component's failure.
 */
@Component(
    configurationPid = PostgresSourceComponent.PID,
    configurationPolicy = ConfigurationPolicy.REQUIRE,
    service = {})
@Capability(
    namespace = "osgi.service",
    attribute =
        "objectClass:List<String>='io.drasi.api.source.Source,io.drasi.api.source.ManagedSource'",
    uses = Source.class)
public final class PostgresSourceComponent {
  /** The factory PID. */
  static final String PID = "io.drasi.source.postgres";

  private static final Logger log = LoggerFactory.getLogger(PostgresSourceComponent.class);

  private final BundleContext context;
  private final Map<String, ?> properties;
  private final Connector connector;
  private final Codecs codecs;
  private final BootstrapFactories factories;
  private final StatusListeners listeners;
  private @Nullable Running running;

  private record Running(PostgresReplicationSource source, ServiceRegistration<?> registration) {}

  /**
   * For Declarative Services. It does nothing yet: where a dependency leaves at that moment, an
   * instance is dropped after its construction, and is not told.
   */
  @Activate
  public PostgresSourceComponent(
      BundleContext context,
      Map<String, ?> properties,
      @Reference Connector connector,
      @Reference Codecs codecs,
      @Reference BootstrapFactories factories,
      @Reference StatusListeners listeners) {
    this.context = context;
    this.properties = properties;
    this.connector = connector;
    this.codecs = codecs;
    this.factories = factories;
    this.listeners = listeners;
  }

  /** Makes the source and registers it. It connects on its own threads. */
  @Activate
  public void open() {
    PostgresReplicationSource source = make(properties, connector, codecs, factories);
    try {
      source.addStatusListener(listeners);
      ServiceRegistration<?> registration =
          context.registerService(
              new String[] {Source.class.getName(), ManagedSource.class.getName()},
              new SourcePerBundle(source),
              published(source));
      running = new Running(source, registration);
      if (source.autoStart()) {
        source.start();
      }
    } catch (RuntimeException | Error e) {
      source.close();
      throw e;
    }
  }

  private static PostgresReplicationSource make(
      Map<String, ?> properties, Connector connector, Codecs codecs, BootstrapFactories factories) {
    try {
      Options options = Options.ofComponent(properties);
      PostgresSourceConfig config = PostgresSourceConfig.parse(options);
      return SourceFactoryComponent.create(config, options.asMap(), connector, codecs, factories);
    } catch (RuntimeException e) {
      log.error(
          "the configuration {} makes no source: {}",
          properties.get("service.pid"),
          e.getMessage());
      throw e;
    }
  }

  private static Dictionary<String, Object> published(PostgresReplicationSource source) {
    PostgresSourceConfig config = source.config();
    Map<String, Object> properties = new HashMap<>();
    properties.put("drasi.source.id", config.id());
    properties.put("drasi.kind", source.kind());
    properties.put("drasi.postgres.address", config.connection().address());
    properties.put("drasi.postgres.database", config.connection().database());
    properties.put("drasi.postgres.publication", config.publicationName());
    properties.put("drasi.postgres.slot", config.slotName().value());
    return FrameworkUtil.asDictionary(properties);
  }

  /** The configuration has changed or is gone, or the bundle stops. */
  @Deactivate
  public void close() {
    if (running != null) {
      running.registration().unregister();
      running.source().close();
    }
  }
}
