package io.drasi.source.postgres;

import io.drasi.api.config.ConfigurationException;
import io.drasi.api.config.Options;
import io.drasi.api.source.DispatchMode;
import io.drasi.postgres.decoder.config.ConnectionOptions;
import io.drasi.postgres.decoder.row.ElementIdFormat;
import io.drasi.postgres.decoder.row.KeyResolver;
import io.drasi.postgres.decoder.row.TableKeyConfig;
import io.drasi.postgres.decoder.row.TableName;
import io.drasi.postgres.decoder.row.TableOptions;
import io.drasi.postgres.protocol.ConnectionConfig;
import io.drasi.postgres.protocol.replication.SlotName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a PostgreSQL source is made from. Valid by construction; defaults live in the {@link
 * #builder}.
 *
 * @param id the source's id, unique in its host
 * @param connection where the server is, and who connects
 * @param tables the tables to stream; empty means all of the publication
 * @param slotName the replication slot; created when it does not exist
 * @param publicationName the publication
 * @param tableKeys columns that identify a row, where they are not what the database says
 * @param elementIdFormat how element ids begin
 * @param slotFailover whether standbys are to have the replication slot, so that it survives a
 *     failover
 * @param onSlotLoss what to do when the replication slot is lost
 * @param streaming whether the server sends large transactions before they commit
 * @param dispatchMode what becomes of a subscriber that is slower than the stream
 * @param dispatchBufferCapacity how many changes are queued for one subscriber
 * @param subscriberTimeout after so long a subscriber that holds the stream back is ended; zero is
 *     never
 * @param memoryLimitBytes how much memory transactions may take, those in queues included; a larger
 *     one is put to disk
 * @param spillDir the folder for what does not fit into memory
 * @param spillLimitBytes how much may be in that folder
 * @param stateDir the folder in which it is kept who acknowledges by itself, or null: then it is
 *     forgotten with the process
 * @param autoStart whether the owner is to start the source at once
 * @param bootstrapProvider what loads the elements that exist already, or null
 */
public record PostgresSourceConfig(
    String id,
    ConnectionConfig connection,
    List<TableName> tables,
    SlotName slotName,
    String publicationName,
    List<TableKeyConfig> tableKeys,
    ElementIdFormat elementIdFormat,
    boolean slotFailover,
    SlotLossPolicy onSlotLoss,
    Streaming streaming,
    DispatchMode dispatchMode,
    int dispatchBufferCapacity,
    Duration subscriberTimeout,
    long memoryLimitBytes,
    Path spillDir,
    long spillLimitBytes,
    @Nullable Path stateDir,
    boolean autoStart,
    @Nullable BootstrapProviderConfig bootstrapProvider) {
  public PostgresSourceConfig {
    Objects.requireNonNull(connection, "connection");
    Objects.requireNonNull(slotName, "slotName");
    Objects.requireNonNull(elementIdFormat, "elementIdFormat");
    Objects.requireNonNull(onSlotLoss, "onSlotLoss");
    Objects.requireNonNull(streaming, "streaming");
    Objects.requireNonNull(dispatchMode, "dispatchMode");
    tables = List.copyOf(tables);
    tableKeys = List.copyOf(tableKeys);
    new KeyResolver(tableKeys); // refuses a table that comes twice
    if (id.isBlank()) {
      throw new IllegalArgumentException("id must not be blank");
    }
    if (publicationName.isBlank()) {
      throw new IllegalArgumentException("publicationName must not be blank");
    }
    if (dispatchBufferCapacity < 1) {
      throw new IllegalArgumentException(
          "dispatchBufferCapacity must be positive, was " + dispatchBufferCapacity);
    }
    if (subscriberTimeout.isNegative()) {
      throw new IllegalArgumentException(
          "subscriberTimeout must not be negative, was " + subscriberTimeout);
    }
    if (memoryLimitBytes < 1) {
      throw new IllegalArgumentException(
          "memoryLimitBytes must be positive, was " + memoryLimitBytes);
    }
    if (spillLimitBytes < 0) {
      throw new IllegalArgumentException(
          "spillLimitBytes must not be negative, was " + spillLimitBytes);
    }
  }

  /**
   * A builder with the defaults.
   *
   * @param id the source's id, unique in its host
   */
  public static Builder builder(String id) {
    return new Builder(id);
  }

  /**
   * Reads options by name, as they stand in a file or an OSGi configuration.
   *
   * @throws ConfigurationException naming every mistake
   */
  public static PostgresSourceConfig parse(Map<String, ?> options) {
    return parse(Options.of(options));
  }

  /**
   * Reads options, and ends their reading.
   *
   * @throws ConfigurationException naming every mistake
   */
  public static PostgresSourceConfig parse(Options options) {
    Builder builder = builder(options.id().orElse("?"));
    builder.withConnection(connection -> ConnectionOptions.read(options, connection));
    TableOptions.tables(options, "tables").forEach(builder::addTable);
    OptionReader.slotName(options, "slot_name").ifPresent(builder::withSlotName);
    OptionReader.text(options, "publication_name").ifPresent(builder::withPublicationName);
    TableOptions.tableKeys(options, "table_keys").forEach(builder::addTableKey);
    options
        .oneOf("element_id_format", ElementIdFormat.class)
        .ifPresent(builder::withElementIdFormat);
    options.bool("slot_failover").ifPresent(builder::withSlotFailover);
    options.oneOf("on_slot_loss", SlotLossPolicy.class).ifPresent(builder::withOnSlotLoss);
    options.oneOf("streaming", Streaming.class).ifPresent(builder::withStreaming);
    options.oneOf("dispatch_mode", DispatchMode.class).ifPresent(builder::withDispatchMode);
    options
        .integer("dispatch_buffer_capacity", 1, Integer.MAX_VALUE)
        .ifPresent(builder::withDispatchBufferCapacity);
    options
        .integer("subscriber_timeout", 1, Integer.MAX_VALUE)
        .ifPresent(seconds -> builder.withSubscriberTimeout(Duration.ofSeconds(seconds)));
    options
        .integer("memory_limit_mb", 1, Integer.MAX_VALUE)
        .ifPresent(megabytes -> builder.withMemoryLimitBytes((long) megabytes << 20));
    OptionReader.directory(options, "spill_dir").ifPresent(builder::withSpillDir);
    options
        .integer("spill_limit_mb", 0, Integer.MAX_VALUE)
        .ifPresent(megabytes -> builder.withSpillLimitBytes((long) megabytes << 20));
    OptionReader.directory(options, "state_dir").ifPresent(builder::withStateDir);
    options.bool("auto_start").ifPresent(builder::withAutoStart);
    OptionReader.bootstrapProvider(options, "bootstrap_provider")
        .ifPresent(builder::withBootstrapProvider);
    options.finish();
    return builder.build();
  }

  /** Builds a {@link PostgresSourceConfig}. Not thread-safe. */
  public static final class Builder extends PostgresSourceOptions<Builder> {
    private Builder(String id) {
      super(id);
    }

    /** What loads the elements that exist already; nothing does by default. */
    public Builder withBootstrapProvider(BootstrapProviderConfig bootstrapProvider) {
      this.bootstrapProvider = bootstrapProvider;
      return this;
    }

    @Override
    Builder self() {
      return this;
    }

    /**
     * The configuration.
     *
     * @throws ConfigurationException when something is missing or out of bounds
     */
    public PostgresSourceConfig build() {
      return toConfig();
    }
  }
}
