package io.drasi.bootstrap.postgres;

import io.drasi.api.bootstrap.BootstrapException;
import io.drasi.api.bootstrap.BootstrapProvider;
import io.drasi.api.bootstrap.BootstrapRequest;
import io.drasi.api.bootstrap.BootstrapResult;
import io.drasi.api.bootstrap.BootstrapSink;
import io.drasi.api.config.ConfigurationException;
import io.drasi.bootstrap.postgres.internal.BootstrapRun;
import io.drasi.bootstrap.postgres.internal.BootstrapSettings;
import io.drasi.postgres.decoder.row.ElementIdFormat;
import io.drasi.postgres.decoder.row.TableKeyConfig;
import io.drasi.postgres.decoder.row.TableName;
import io.drasi.postgres.decoder.value.Codecs;
import io.drasi.postgres.protocol.ConnectionConfig;
import io.drasi.postgres.protocol.Connector;
import io.drasi.postgres.protocol.SslMode;
import io.drasi.postgres.protocol.auth.Password;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Loads the rows of a publication's tables as they were at one position of the stream: every
 * transaction that committed before the position is in them, none that committed later is. A row
 * has the same id, labels and values as in the stream; {@code effectiveFrom} is the time of the
 * snapshot by the server's clock.
 *
 * <p>What is loaded: the tables of the publication, less those that {@code tables} does not list,
 * less those whose label was not asked for. Tables have nodes only, so a relation label asks for
 * nothing. The publication's row filters and column lists hold, and generated columns are left out
 * where the publication leaves them out.
 *
 * <p>What it does to the server: one connection reads, or as many as {@code parallelism} says;
 * another one, for replication, makes the snapshot, so that a free {@code max_wal_senders} and a
 * free {@code max_replication_slots} are needed for a moment; and one more looks who waits
 * meanwhile. The role needs {@code REPLICATION}, and {@code SELECT} on the tables. Making the
 * snapshot waits for the transactions that are open when it begins, of any database; the sink and
 * the log are told which ones if it takes long. Until the last row is read the tables are locked in
 * {@code ACCESS SHARE} mode, as by any reader: their rows can be written, but {@code TRUNCATE},
 * {@code DROP} and most forms of {@code ALTER TABLE} wait, unless they came before the snapshot was
 * there; and {@code VACUUM} keeps what the snapshot sees. At the end, whatever the end is, nothing
 * is left on the server.
 *
 * <p>What it takes here: a few batches, each of at most {@code batch_size} elements and about 1 MiB
 * of what the server sent, or of one row if that is larger; nothing grows with the tables.
 *
 * <p>Hosts find it by the kind {@code postgres}. Options are those of the connection ({@link
 * io.drasi.postgres.decoder.config.ConnectionOptions}), {@code publication_name}, {@code tables},
 * {@code table_keys}, {@code element_id_format}, {@code batch_size} and {@code parallelism}; but
 * for the last two, what is not set is as in the source's options.
 *
 * <p>Thread-safe: it has no state but its options.
 */
public final class PostgresBootstrapProvider implements BootstrapProvider {
  /** How many elements may go into a batch. */
  public static final int MAX_BATCH_SIZE = 100_000;

  /** Over how many connections tables may be read. */
  public static final int MAX_PARALLELISM = 64;

  private final BootstrapSettings settings;
  private final Connector connector;
  private final Codecs codecs;

  private PostgresBootstrapProvider(
      BootstrapSettings settings, Connector connector, Codecs codecs) {
    this.settings = settings;
    this.connector = connector;
    this.codecs = codecs;
  }

  /** A builder of a provider. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Loads the rows.
   *
   * <p>The sink is called on the calling thread; threads of the bootstrap's own read ahead of it by
   * a few batches at most. It is told about every second how far the bootstrap is, and of how many
   * rows as the server's statistics have it. An interrupt ends the bootstrap whatever it waits for:
   * the connections are closed and the server is told to stop. Where even that takes more than a
   * second, since the server does not answer, the rest happens without the caller.
   *
   * @return how many elements were handed over, and the position that they belong to
   * @throws BootstrapException when it cannot be done; the message says what mends it
   * @throws InterruptedException when the thread is interrupted
   */
  @Override
  public BootstrapResult bootstrap(BootstrapRequest request, BootstrapSink sink)
      throws InterruptedException {
    return new BootstrapRun(settings, connector, codecs, request).into(sink);
  }

  /** What is read from where; no password. */
  @Override
  public String toString() {
    return "PostgresBootstrapProvider[%s of %s/%s]"
        .formatted(
            settings.publicationName(),
            settings.connection().address(),
            settings.connection().database());
  }

  /** Builds a {@link PostgresBootstrapProvider}. Not thread-safe. */
  public static final class Builder {
    private final ConnectionConfig.Builder connection = ConnectionConfig.builder();
    private String publicationName = "drasi_publication";
    private final List<TableName> tables = new ArrayList<>();
    private final List<TableKeyConfig> tableKeys = new ArrayList<>();
    private ElementIdFormat elementIdFormat = ElementIdFormat.TABLE;
    private int batchSize = 1000;
    private int parallelism = 1;
    private @Nullable Connector connector;
    private @Nullable Codecs codecs;

    private Builder() {}

    /** The server's name or address; {@code localhost} by default. */
    public Builder withHost(String host) {
      connection.withHost(host);
      return this;
    }

    /** The server's TCP port; 5432 by default. */
    public Builder withPort(int port) {
      connection.withPort(port);
      return this;
    }

    /** The database; required. */
    public Builder withDatabase(String database) {
      connection.withDatabase(database);
      return this;
    }

    /** The role, which needs REPLICATION and SELECT on the tables; required. */
    public Builder withUser(String user) {
      connection.withUser(user);
      return this;
    }

    /** The role's password; empty by default. */
    public Builder withPassword(CharSequence password) {
      connection.withPassword(Password.of(password));
      return this;
    }

    /** Whether the connections are encrypted; {@link SslMode#PREFER} by default. */
    public Builder withSslMode(SslMode sslMode) {
      connection.withSslMode(sslMode);
      return this;
    }

    /**
     * Whatever else there is to say about the connections: certificates, how the server and the
     * client prove who they are, timeouts.
     *
     * @param connectionSettings is given what collects it, at once
     */
    public Builder withConnection(Consumer<ConnectionConfig.Builder> connectionSettings) {
      connectionSettings.accept(connection);
      return this;
    }

    /** The publication; {@code drasi_publication} by default. */
    public Builder withPublicationName(String publicationName) {
      this.publicationName = publicationName;
      return this;
    }

    /**
     * The tables to load, as {@link TableName#parse} reads them; all of the publication by default.
     */
    public Builder withTables(List<String> tables) {
      this.tables.clear();
      tables.forEach(table -> addTable(TableName.parse(table)));
      return this;
    }

    /** One more table to load. */
    public Builder addTable(TableName table) {
      tables.add(table);
      return this;
    }

    /** Columns that identify a table's rows, in place of what the database says. */
    public Builder addTableKey(TableKeyConfig tableKey) {
      tableKeys.add(tableKey);
      return this;
    }

    /** How element ids begin; {@link ElementIdFormat#TABLE} by default. */
    public Builder withElementIdFormat(ElementIdFormat elementIdFormat) {
      this.elementIdFormat = elementIdFormat;
      return this;
    }

    /**
     * How many elements go into a batch at most: 1 to {@value #MAX_BATCH_SIZE}; 1000 by default.
     */
    public Builder withBatchSize(int batchSize) {
      this.batchSize = batchSize;
      return this;
    }

    /**
     * Over how many connections is read: 1 to {@value #MAX_PARALLELISM}; 1 by default. With more
     * than one, tables are read beside one another, and large ones in parts (PostgreSQL 14 and
     * later); the elements then come in no order.
     */
    public Builder withParallelism(int parallelism) {
      this.parallelism = parallelism;
      return this;
    }

    /** What opens the connections; by default one with the mechanisms on the path. */
    public Builder withConnector(Connector connector) {
      this.connector = connector;
      return this;
    }

    /** What decodes values; by default the codecs on the path. */
    public Builder withCodecs(Codecs codecs) {
      this.codecs = codecs;
      return this;
    }

    /**
     * The provider. Nothing is connected to before a bootstrap.
     *
     * @throws ConfigurationException when something is missing or out of bounds
     */
    public PostgresBootstrapProvider build() {
      try {
        var settings =
            new BootstrapSettings(
                connection.build(),
                publicationName,
                tables,
                tableKeys,
                elementIdFormat,
                batchSize,
                parallelism);
        return new PostgresBootstrapProvider(
            settings,
            connector == null ? Connector.create() : connector,
            codecs == null ? Codecs.create() : codecs);
      } catch (IllegalArgumentException e) {
        throw new ConfigurationException(List.of(String.valueOf(e.getMessage())));
      }
    }
  }
}
