package io.drasi.source.postgres;

import io.drasi.api.config.ConfigurationException;
import io.drasi.api.source.DispatchMode;
import io.drasi.postgres.decoder.row.ElementIdFormat;
import io.drasi.postgres.decoder.row.TableKeyConfig;
import io.drasi.postgres.decoder.row.TableName;
import io.drasi.postgres.protocol.ConnectionConfig;
import io.drasi.postgres.protocol.SslMode;
import io.drasi.postgres.protocol.auth.Password;
import io.drasi.postgres.protocol.replication.SlotName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The options of a PostgreSQL source with their defaults: what the builders of the source and of
 * its configuration have in common. Not thread-safe.
 *
 * @param <B> the builder
 */
public abstract sealed class PostgresSourceOptions<B extends PostgresSourceOptions<B>>
    permits PostgresSourceConfig.Builder, PostgresReplicationSource.Builder {
  private final String id;
  private final ConnectionConfig.Builder connection = ConnectionConfig.builder();
  private final List<TableName> tables = new ArrayList<>();
  private String slotName = "drasi_slot";
  private String publicationName = "drasi_publication";
  private final List<TableKeyConfig> tableKeys = new ArrayList<>();
  private ElementIdFormat elementIdFormat = ElementIdFormat.TABLE;
  private boolean slotFailover;
  private SlotLossPolicy onSlotLoss = SlotLossPolicy.FAIL;
  private Streaming streaming = Streaming.PARALLEL;
  private DispatchMode dispatchMode = DispatchMode.CHANNEL;
  private int dispatchBufferCapacity = 1000;
  private Duration subscriberTimeout = Duration.ZERO;
  private long memoryLimitBytes = Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 8);
  private Path spillDir = Path.of(System.getProperty("java.io.tmpdir"));
  private long spillLimitBytes = 10L << 30;
  private @Nullable Path stateDir;
  private boolean autoStart = true;
  @Nullable BootstrapProviderConfig bootstrapProvider;

  PostgresSourceOptions(String id) {
    this.id = Objects.requireNonNull(id, "id");
    connection.withApplicationName("drasi:" + id);
  }

  /** The server's name or address; {@code localhost} by default. */
  public B withHost(String host) {
    connection.withHost(host);
    return self();
  }

  /** The server's TCP port; 5432 by default. */
  public B withPort(int port) {
    connection.withPort(port);
    return self();
  }

  /** The database; required. */
  public B withDatabase(String database) {
    connection.withDatabase(database);
    return self();
  }

  /** The role, which needs REPLICATION; required. */
  public B withUser(String user) {
    connection.withUser(user);
    return self();
  }

  /** The role's password; empty by default. */
  public B withPassword(CharSequence password) {
    connection.withPassword(Password.of(password));
    return self();
  }

  /** Whether the connections are encrypted; {@link SslMode#PREFER} by default. */
  public B withSslMode(SslMode sslMode) {
    connection.withSslMode(sslMode);
    return self();
  }

  /**
   * Whatever else there is to say about the connections: certificates, how the server and the
   * client prove who they are, timeouts.
   *
   * @param settings is given what collects it, at once
   */
  public B withConnection(Consumer<ConnectionConfig.Builder> settings) {
    settings.accept(connection);
    return self();
  }

  /**
   * The tables to stream, as {@link TableName#parse} reads them; all of the publication by default.
   */
  public B withTables(List<String> tables) {
    this.tables.clear();
    tables.forEach(table -> addTable(TableName.parse(table)));
    return self();
  }

  /** One more table to stream. */
  public B addTable(TableName table) {
    tables.add(table);
    return self();
  }

  /** The replication slot; {@code drasi_slot} by default. Each source needs one of its own. */
  public B withSlotName(String slotName) {
    this.slotName = slotName;
    return self();
  }

  /** The publication; {@code drasi_publication} by default. */
  public B withPublicationName(String publicationName) {
    this.publicationName = publicationName;
    return self();
  }

  /** Columns that identify a table's rows, in place of what the database says. */
  public B addTableKey(TableKeyConfig tableKey) {
    tableKeys.add(tableKey);
    return self();
  }

  /** How element ids begin; {@link ElementIdFormat#TABLE} by default. */
  public B withElementIdFormat(ElementIdFormat elementIdFormat) {
    this.elementIdFormat = elementIdFormat;
    return self();
  }

  /**
   * Whether standbys are to have the replication slot ({@code FAILOVER}), so that it survives a
   * failover; false by default. PostgreSQL 17 and later.
   */
  public B withSlotFailover(boolean slotFailover) {
    this.slotFailover = slotFailover;
    return self();
  }

  /**
   * What to do when the replication slot is gone or was invalidated; {@link SlotLossPolicy#FAIL} by
   * default. The other needs a bootstrap provider.
   */
  public B withOnSlotLoss(SlotLossPolicy onSlotLoss) {
    this.onSlotLoss = onSlotLoss;
    return self();
  }

  /**
   * Whether the server sends large transactions before they commit, as far as it can; {@link
   * Streaming#PARALLEL} by default.
   */
  public B withStreaming(Streaming streaming) {
    this.streaming = streaming;
    return self();
  }

  /** What becomes of a slow subscriber; {@link DispatchMode#CHANNEL} by default. */
  public B withDispatchMode(DispatchMode dispatchMode) {
    this.dispatchMode = dispatchMode;
    return self();
  }

  /** How many changes are queued for one subscriber; 1000 by default. */
  public B withDispatchBufferCapacity(int dispatchBufferCapacity) {
    this.dispatchBufferCapacity = dispatchBufferCapacity;
    return self();
  }

  /**
   * After so long a subscriber that holds the stream back is ended; zero, the default, is never.
   * Its place is kept where it acknowledges by itself.
   */
  public B withSubscriberTimeout(Duration subscriberTimeout) {
    this.subscriberTimeout = subscriberTimeout;
    return self();
  }

  /**
   * How many bytes of memory transactions may take, those in queues included, about; the smaller of
   * 64 MiB and an eighth of the heap by default. What one transaction needs beyond half of it is
   * put to disk, and its changes are decoded while they are iterated.
   */
  public B withMemoryLimitBytes(long memoryLimitBytes) {
    this.memoryLimitBytes = memoryLimitBytes;
    return self();
  }

  /**
   * The folder for what does not fit into memory: large transactions, and the changes that come
   * during a bootstrap; the system's folder for temporary files by default.
   */
  public B withSpillDir(Path spillDir) {
    this.spillDir = spillDir;
    return self();
  }

  /** How many bytes may be in that folder; 10 GiB by default. */
  public B withSpillLimitBytes(long spillLimitBytes) {
    this.spillLimitBytes = spillLimitBytes;
    return self();
  }

  /**
   * The folder in which it is kept who acknowledges by itself, so that the slot waits for all of
   * them after a restart of the process, whoever comes back first, and that there was a slot, whose
   * absence is a loss then; by default that is forgotten. Sources may share it, as their ids
   * differ.
   */
  public B withStateDir(Path stateDir) {
    this.stateDir = stateDir;
    return self();
  }

  /** Whether the owner is to start the source at once; true by default. */
  public B withAutoStart(boolean autoStart) {
    this.autoStart = autoStart;
    return self();
  }

  /** This builder. */
  abstract B self();

  /** The configuration, checked. */
  final PostgresSourceConfig toConfig() {
    try {
      return new PostgresSourceConfig(
          id,
          connection.build(),
          tables,
          new SlotName(slotName),
          publicationName,
          tableKeys,
          elementIdFormat,
          slotFailover,
          onSlotLoss,
          streaming,
          dispatchMode,
          dispatchBufferCapacity,
          subscriberTimeout,
          memoryLimitBytes,
          spillDir,
          spillLimitBytes,
          stateDir,
          autoStart,
          bootstrapProvider);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(List.of(String.valueOf(e.getMessage())));
    }
  }
}
