package io.drasi.bootstrap.postgres.internal;

import static io.drasi.bootstrap.postgres.PostgresBootstrapProvider.MAX_BATCH_SIZE;
import static io.drasi.bootstrap.postgres.PostgresBootstrapProvider.MAX_PARALLELISM;

import io.drasi.api.bootstrap.BootstrapContext;
import io.drasi.api.bootstrap.BootstrapProvider;
import io.drasi.api.bootstrap.BootstrapProviderFactory;
import io.drasi.api.config.Options;
import io.drasi.bootstrap.postgres.PostgresBootstrapProvider;
import io.drasi.postgres.decoder.config.ConnectionOptions;
import io.drasi.postgres.decoder.row.ElementIdFormat;
import io.drasi.postgres.decoder.row.TableOptions;
import io.drasi.postgres.decoder.value.Codecs;
import io.drasi.postgres.protocol.Connector;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Makes {@link PostgresBootstrapProvider}s. What its own options do not set is as in the source's.
 */
@Component(property = "drasi.kind=" + PostgresBootstrapProviderFactory.KIND)
public final class PostgresBootstrapProviderFactory implements BootstrapProviderFactory {
  static final String KIND = "postgres";

  /** The source's options that count here too; all others are its own business. */
  private static final Set<String> INHERITED =
      Stream.concat(
              ConnectionOptions.keys().stream(),
              Stream.of("publication_name", "tables", "table_keys", "element_id_format"))
          .collect(Collectors.toUnmodifiableSet());

  private final Connector connector;
  private final Codecs codecs;

  /** For {@link java.util.ServiceLoader}. */
  public PostgresBootstrapProviderFactory() {
    this(Connector.create(), Codecs.create());
  }

  /** For Declarative Services. */
  @Activate
  public PostgresBootstrapProviderFactory(
      @Reference Connector connector, @Reference Codecs codecs) {
    this.connector = connector;
    this.codecs = codecs;
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public BootstrapProvider create(BootstrapContext context) {
    Options options = Options.of(withInherited(context));
    var builder = PostgresBootstrapProvider.builder().withConnector(connector).withCodecs(codecs);
    builder.withConnection(connection -> ConnectionOptions.read(options, connection));
    options.text("publication_name").ifPresent(builder::withPublicationName);
    TableOptions.tables(options, "tables").forEach(builder::addTable);
    TableOptions.tableKeys(options, "table_keys").forEach(builder::addTableKey);
    options
        .oneOf("element_id_format", ElementIdFormat.class)
        .ifPresent(builder::withElementIdFormat);
    options.integer("batch_size", 1, MAX_BATCH_SIZE).ifPresent(builder::withBatchSize);
    options.integer("parallelism", 1, MAX_PARALLELISM).ifPresent(builder::withParallelism);
    options.finish();
    return builder.build();
  }

  private static Map<String, Object> withInherited(BootstrapContext context) {
    Map<String, Object> merged = new LinkedHashMap<>(context.options());
    Set<String> own =
        context.options().entrySet().stream()
            .filter(option -> option.getValue() != null)
            .map(option -> snakeCase(option.getKey()))
            .collect(Collectors.toSet());
    boolean hasPassword = own.stream().anyMatch(ConnectionOptions.passwordKeys()::contains);
    context
        .sourceOptions()
        .forEach(
            (key, value) -> {
              String name = snakeCase(key);
              boolean replaced =
                  own.contains(name)
                      || (hasPassword && ConnectionOptions.passwordKeys().contains(name));
              if (INHERITED.contains(name) && !replaced) {
                merged.put(key, value);
              }
            });
    return merged;
  }

  /** As {@link Options} reads keys. */
  private static String snakeCase(String key) {
    return key.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
  }
}
