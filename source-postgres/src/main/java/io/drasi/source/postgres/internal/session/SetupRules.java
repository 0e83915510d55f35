package io.drasi.source.postgres.internal.session;

import io.drasi.postgres.decoder.pgoutput.ReplicaIdentity;
import io.drasi.postgres.decoder.row.TableIdentity;
import io.drasi.postgres.decoder.row.TableKeyConfig;
import io.drasi.postgres.decoder.row.TableName;
import io.drasi.postgres.protocol.Session;
import io.drasi.postgres.protocol.Sql;
import io.drasi.postgres.protocol.replication.ReplicationCommands;
import io.drasi.source.postgres.PostgresSourceConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What must hold of a server and a publication before anything is streamed. Asks only; changes
 * nothing.
 *
 * <p>Confined to the session's thread.
 */
final class SetupRules {
  private static final int OLDEST_VERSION = 10;

  /** Since then standbys can have a logical slot of their primary. */
  private static final int FAILOVER_SINCE = 17;

  /** PostgreSQL 19 switches logical decoding on by itself; the setting no longer tells. */
  private static final int WAL_LEVEL_IS_DYNAMIC = 19;

  private final PostgresSourceConfig config;
  private final Session session;
  private final ReplicationCommands commands;
  private final Catalog catalog;

  SetupRules(PostgresSourceConfig config, Session session) {
    this.config = config;
    this.session = session;
    this.commands = new ReplicationCommands(session);
    this.catalog = new Catalog(session);
  }

  /**
   * What was found of a publication.
   *
   * @param identities what identifies the rows of its tables; empty where there is no publication
   * @param publishesOldRows whether updates or deletes are published, so that rows need a key
   * @param problems what is wrong with it
   */
  record Publication(
      Map<TableName, TableIdentity> identities, boolean publishesOldRows, List<Problem> problems) {}

  Optional<Problem> version() {
    return session.serverVersion().isAtLeast(OLDEST_VERSION)
        ? Optional.empty()
        : Optional.of(
            new Problem(
                "the server is PostgreSQL %s, but logical replication by pgoutput needs 10 or newer"
                    .formatted(session.serverVersion())));
  }

  /** Whether the server can do what the options ask for. */
  Optional<Problem> failover() {
    return config.slotFailover() && !session.serverVersion().isAtLeast(FAILOVER_SINCE)
        ? Optional.of(
            new Problem(
                "slot_failover needs PostgreSQL %d or later; this is %s"
                    .formatted(FAILOVER_SINCE, session.serverVersion())))
        : Optional.empty();
  }

  Optional<Problem> walLevel() throws IOException {
    String walLevel = commands.show("wal_level");
    if (walLevel.equals("logical") || session.serverVersion().isAtLeast(WAL_LEVEL_IS_DYNAMIC)) {
      return Optional.empty();
    }
    String wrong = "wal_level is %s, but logical replication needs logical: ".formatted(walLevel);
    Optional<CloudService> cloud = CloudService.of(session);
    if (cloud.isPresent()) {
      return Optional.of(new Problem(wrong + cloud.get().logicalDecoding()));
    }
    String set = "ALTER SYSTEM SET wal_level = logical;";
    return Optional.of(new Problem(wrong + "run " + set + " and restart the server", set));
  }

  /** Whether commits wait for this connection, in words. */
  Optional<String> synchronousStandby() throws IOException {
    String standbys = commands.show("synchronous_standby_names");
    return SynchronousStandby.isListed(standbys, config.connection().applicationName())
        ? Optional.of(
            "synchronous_standby_names (%s) takes this connection for a synchronous standby: commits wait until subscribers have acknowledged them; name the real standbys there"
                .formatted(standbys))
        : Optional.empty();
  }

  /** What the stream will not tell of partitioned tables, in words. */
  Optional<String> partitions() throws IOException {
    List<String> partitioned =
        catalog.partitions(config.publicationName()).stream()
            .filter(table -> config.tables().isEmpty() || config.tables().contains(table))
            .map(TableName::toString)
            .toList();
    return partitioned.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "%s: the server does not tell of ATTACH, DETACH and DROP of a partition, nor of TRUNCATE of a single one under publish_via_partition_root; load the tables anew after that"
                .formatted(String.join(", ", partitioned)));
  }

  Publication publication() throws IOException {
    String name = config.publicationName();
    Optional<Catalog.Publication> publication = catalog.publication(name);
    if (publication.isEmpty()) {
      return new Publication(Map.of(), false, List.of(noPublication(name)));
    }
    boolean oldRows = publication.get().publishesOldRows();
    Map<TableName, TableIdentity> identities = catalog.identities(name);
    List<Problem> problems = new ArrayList<>();
    missingTables(identities).ifPresent(problems::add);
    for (TableKeyConfig key : config.tableKeys()) {
      tableKey(key, identities, oldRows).ifPresent(problems::add);
    }
    return new Publication(identities, oldRows, problems);
  }

  private Problem noPublication(String name) {
    String create =
        "CREATE PUBLICATION %s FOR %s;"
            .formatted(
                Sql.readable(name),
                config.tables().isEmpty() ? "ALL TABLES" : "TABLE " + tableList(config.tables()));
    return new Problem(
        "the publication %s does not exist in database %s: run %s"
            .formatted(name, config.connection().database(), create),
        create);
  }

  private Optional<Problem> missingTables(Map<TableName, TableIdentity> identities) {
    List<TableName> missing =
        config.tables().stream().filter(table -> !identities.containsKey(table)).toList();
    if (missing.isEmpty()) {
      return Optional.empty();
    }
    String name = config.publicationName();
    String alter =
        "ALTER PUBLICATION %s ADD TABLE %s;".formatted(Sql.readable(name), tableList(missing));
    return Optional.of(
        new Problem(
            "the publication %s does not have %s, which tables lists: run %s"
                .formatted(
                    name,
                    missing.stream().map(TableName::toString).collect(Collectors.joining(", ")),
                    alter),
            alter));
  }

  private static String tableList(List<TableName> tables) {
    return tables.stream().map(TableName::toSql).collect(Collectors.joining(", "));
  }

  private Optional<Problem> tableKey(
      TableKeyConfig key, Map<TableName, TableIdentity> identities, boolean oldRows) {
    if (!identities.containsKey(key.table())) {
      return Optional.of(
          new Problem(
              "table_keys names %s, which the publication %s does not have"
                  .formatted(key.table(), config.publicationName())));
    }
    TableIdentity identity = Objects.requireNonNull(identities.get(key.table()), "published");
    List<String> sent = sentOfOldRows(identity);
    if (!oldRows
        || identity.replicaIdentity() == ReplicaIdentity.FULL
        || sent.containsAll(key.keyColumns())) {
      return Optional.empty();
    }
    String alter = identityFull(key.table());
    return Optional.of(
        new Problem(
            ("table_keys identifies %s by %s, but for updates and deletes the server sends only %s of"
                    + " the old row: run %s")
                .formatted(
                    key.table(),
                    key.keyColumns(),
                    sent.isEmpty() ? "nothing" : sent.toString(),
                    alter),
            alter));
  }

  /** The columns of an old row that the server sends; FULL apart. */
  static List<String> sentOfOldRows(TableIdentity identity) {
    return switch (identity.replicaIdentity()) {
      case DEFAULT -> identity.primaryKey();
      case INDEX -> identity.identityIndex();
      default -> List.of();
    };
  }

  static String identityFull(TableName table) {
    return "ALTER TABLE %s REPLICA IDENTITY FULL;".formatted(table.toSql());
  }
}
