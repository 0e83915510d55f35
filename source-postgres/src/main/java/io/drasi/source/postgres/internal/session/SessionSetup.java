package io.drasi.source.postgres.internal.session;

import io.drasi.api.source.SourceException;
import io.drasi.postgres.decoder.pgoutput.ReplicaIdentity;
import io.drasi.postgres.decoder.position.PostgresPosition;
import io.drasi.postgres.decoder.position.TimelineHistory;
import io.drasi.postgres.decoder.row.TableIdentity;
import io.drasi.postgres.decoder.row.TableKeyConfig;
import io.drasi.postgres.decoder.row.TableName;
import io.drasi.postgres.decoder.value.TypeCodecs;
import io.drasi.postgres.protocol.Session;
import io.drasi.postgres.protocol.Sql;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.postgres.protocol.replication.ReplicationCommands;
import io.drasi.postgres.protocol.replication.SystemIdentity;
import io.drasi.source.postgres.PostgresSourceConfig;
import io.drasi.source.postgres.internal.delivery.StreamOrigin;
import io.drasi.source.postgres.internal.delivery.SubscriptionHub;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is looked at on a new connection before anything is streamed. What only the operator can
 * mend is a {@link SourceException} whose message tells how.
 *
 * <p>Confined to the replication thread.
 */
final class SessionSetup {
  private static final Logger log = LoggerFactory.getLogger(SessionSetup.class);
  private static final int OLDEST_VERSION = 10;

  /** PostgreSQL 19 switches logical decoding on by itself; the setting no longer tells. */
  private static final int WAL_LEVEL_IS_DYNAMIC = 19;

  /** Since then the server can be asked for values in the binary format. */
  private static final int BINARY_SINCE = 14;

  private final PostgresSourceConfig config;
  private final ValueFormat format;
  private final Session session;
  private final ReplicationCommands commands;
  private final Catalog catalog;

  SessionSetup(PostgresSourceConfig config, ValueFormat format, Session session) {
    this.config = config;
    this.format = format;
    this.session = session;
    this.commands = new ReplicationCommands(session);
    this.catalog = new Catalog(session);
  }

  /**
   * What the look has found.
   *
   * @param origin where the stream comes from
   * @param identities what identifies the rows of the publication's tables
   * @param types the types of the publication's columns
   * @param binary whether values are to come in the binary format
   * @param walSenderTimeout after what silence the server gives the connection up; zero is never
   */
  record Outcome(
      StreamOrigin origin,
      Map<TableName, TableIdentity> identities,
      TypeCodecs types,
      boolean binary,
      Duration walSenderTimeout) {}

  /**
   * Looks, and creates the slot where there is none.
   *
   * @param hub who is to be streamed to
   * @param waiting is told what is waited for, in words
   */
  Outcome run(SubscriptionHub hub, Consumer<String> waiting) throws IOException {
    boolean slotWasUsed = hub.position().isPresent();
    checkServer();
    Map<TableName, TableIdentity> identities = checkPublication();
    List<Integer> used = catalog.typesUsedBy(config.publicationName());
    TypeCodecs types = types(used);
    Lsn slot = new SlotCheck(config, session, waiting).run(slotWasUsed);
    warnWhenSynchronous();
    Duration timeout = new WalSenderTimeout(session).establish();
    return new Outcome(
        origin(slot, hub.revision()), identities, types, isBinary(used, types), timeout);
  }

  private TypeCodecs types(List<Integer> used) throws IOException {
    var builtIn = TypeCodecs.of(format.codecs());
    Set<Integer> unknown = builtIn.unknown(used);
    return unknown.isEmpty() ? builtIn : builtIn.with(catalog.types(unknown));
  }

  /**
   * It is asked for once for all tables, so that all types of all columns have to be understood.
   */
  private boolean isBinary(List<Integer> used, TypeCodecs types) {
    return format.binaryAllowed()
        && session.serverVersion().isAtLeast(BINARY_SINCE)
        && used.stream().allMatch(oid -> types.codec(oid).binary().isPresent());
  }

  private StreamOrigin origin(Lsn slot, long asOf) throws IOException {
    SystemIdentity system = commands.identifySystem();
    TimelineHistory history =
        system.timeline() == 1
            ? TimelineHistory.none(1)
            : TimelineHistory.parse(system.timeline(), commands.timelineHistory(system.timeline()));
    var position =
        PostgresPosition.after(Long.parseUnsignedLong(system.systemId()), system.timeline(), slot);
    return new StreamOrigin(position, system.flushed(), history, asOf);
  }

  private void checkServer() throws IOException {
    if (!session.serverVersion().isAtLeast(OLDEST_VERSION)) {
      throw problem(
          "the server is PostgreSQL %s, but logical replication by pgoutput needs 10 or newer"
              .formatted(session.serverVersion()));
    }
    String walLevel = commands.show("wal_level");
    if (!walLevel.equals("logical") && !session.serverVersion().isAtLeast(WAL_LEVEL_IS_DYNAMIC)) {
      throw problem(
          ("wal_level is %s, but logical replication needs logical: run"
                  + " ALTER SYSTEM SET wal_level = logical; and restart the server")
              .formatted(walLevel));
    }
  }

  private Map<TableName, TableIdentity> checkPublication() throws IOException {
    String name = config.publicationName();
    Catalog.Publication publication =
        catalog
            .publication(name)
            .orElseThrow(
                () ->
                    problem(
                        ("the publication %s does not exist in database %s: run"
                                + " CREATE PUBLICATION %s FOR %s;")
                            .formatted(
                                name,
                                config.connection().database(),
                                Sql.readable(name),
                                config.tables().isEmpty()
                                    ? "ALL TABLES"
                                    : "TABLE " + tableList(config.tables()))));
    Map<TableName, TableIdentity> identities = catalog.identities(name);
    List<TableName> missing =
        config.tables().stream().filter(table -> !identities.containsKey(table)).toList();
    if (!missing.isEmpty()) {
      throw problem(
          "the publication %s does not have %s, which tables lists: run ALTER PUBLICATION %s ADD TABLE %s;"
              .formatted(
                  name,
                  missing.stream().map(TableName::toString).collect(Collectors.joining(", ")),
                  Sql.readable(name),
                  tableList(missing)));
    }
    config.tableKeys().forEach(key -> requirePublished(key.table(), identities));
    if (publication.publishesOldRows()) {
      config.tableKeys().forEach(key -> checkTableKey(key, identities));
    }
    return identities;
  }

  private void warnWhenSynchronous() throws IOException {
    String standbys = commands.show("synchronous_standby_names");
    String name = config.connection().applicationName();
    if (SynchronousStandby.isListed(standbys, name)) {
      log.warn(
          "{}: synchronous_standby_names ({}) takes this connection for a synchronous standby:"
              + " commits wait until subscribers have acknowledged them; name the real standbys there",
          config.id(),
          standbys);
    }
  }

  private static String tableList(List<TableName> tables) {
    return tables.stream().map(TableName::toSql).collect(Collectors.joining(", "));
  }

  private void requirePublished(TableName table, Map<TableName, TableIdentity> identities) {
    if (!identities.containsKey(table)) {
      throw problem(
          "table_keys names %s, which the publication %s does not have"
              .formatted(table, config.publicationName()));
    }
  }

  /** The old row of an update or delete must tell the configured key. */
  private void checkTableKey(TableKeyConfig key, Map<TableName, TableIdentity> identities) {
    TableIdentity identity = Objects.requireNonNull(identities.get(key.table()), "published");
    if (identity.replicaIdentity() == ReplicaIdentity.FULL) {
      return;
    }
    List<String> sent =
        switch (identity.replicaIdentity()) {
          case DEFAULT -> identity.primaryKey();
          case INDEX -> identity.identityIndex();
          default -> List.of();
        };
    if (!sent.containsAll(key.keyColumns())) {
      throw problem(
          ("table_keys identifies %s by %s, but for updates and deletes the server sends only %s of"
                  + " the old row: run ALTER TABLE %s REPLICA IDENTITY FULL;")
              .formatted(
                  key.table(),
                  key.keyColumns(),
                  sent.isEmpty() ? "nothing" : sent.toString(),
                  key.table().toSql()));
    }
  }

  private static SourceException problem(String message) {
    return new SourceException(message, null);
  }
}
