package io.drasi.source.postgres.internal.session;

import io.drasi.postgres.decoder.pgoutput.ReplicaIdentity;
import io.drasi.postgres.decoder.row.TableIdentity;
import io.drasi.postgres.decoder.row.TableName;
import io.drasi.postgres.protocol.QueryResult;
import io.drasi.postgres.protocol.Session;
import io.drasi.postgres.protocol.Sql;
import io.drasi.source.postgres.PostgresSourceConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Looks at the publication and at each table that a source would stream.
 *
 * <p>Confined to the session's thread.
 */
final class TableCheckup {
  private static final String BOOTSTRAP = "postgres";

  private final PostgresSourceConfig config;
  private final Session session;
  private final Findings findings;

  TableCheckup(PostgresSourceConfig config, Session session, Findings findings) {
    this.config = config;
    this.session = session;
    this.findings = findings;
  }

  void run() throws IOException {
    var rules = new SetupRules(config, session);
    SetupRules.Publication publication = rules.publication();
    publication.problems().forEach(problem -> findings.problem("publication", problem));
    if (publication.problems().isEmpty()) {
      findings.ok(
          "publication",
          "%s has %d tables".formatted(config.publicationName(), publication.identities().size()));
    }
    for (Map.Entry<TableName, TableIdentity> table : publication.identities().entrySet()) {
      if (config.tables().isEmpty() || config.tables().contains(table.getKey())) {
        checkTable(table.getKey(), table.getValue(), publication.publishesOldRows());
      }
    }
    rules.partitions().ifPresent(warning -> findings.warning("partitions", warning));
    for (TableName table : config.tables()) {
      if (!publication.identities().containsKey(table)) {
        checkPrivileges("table " + table, table); // so that all is mended at once
      }
    }
  }

  private void checkTable(TableName table, TableIdentity identity, boolean oldRows)
      throws IOException {
    String item = "table " + table;
    int before = findings.toList().size();
    checkKey(item, table, identity, oldRows);
    checkPrivileges(item, table);
    checkColumns(item, table, identity, oldRows);
    if (findings.toList().size() == before) {
      findings.ok(item, "in order");
    }
  }

  private void checkKey(String item, TableName table, TableIdentity identity, boolean oldRows) {
    boolean sendsNothing =
        identity.replicaIdentity() != ReplicaIdentity.FULL
            && SetupRules.sentOfOldRows(identity).isEmpty();
    if (oldRows && sendsNothing) {
      findings.warning(
          item,
          "it has no replica identity, so the server refuses updates and deletes of its rows while they are published; a primary key mends it, or run "
              + SetupRules.identityFull(table),
          SetupRules.identityFull(table));
    } else if (identity.primaryKey().isEmpty()
        && config.tableKeys().stream().noneMatch(key -> key.table().equals(table))) {
      findings.warning(
          item,
          "it has no primary key: set table_keys, or its rows are told apart by all they hold");
    }
  }

  /** Streams need no privilege on a table, bootstraps do. */
  private void checkPrivileges(String item, TableName table) throws IOException {
    var provider = config.bootstrapProvider();
    if (provider == null || !provider.kind().equals(BOOTSTRAP)) {
      return;
    }
    QueryResult may =
        session
            .query(
                "SELECT pg_catalog.has_schema_privilege(n.oid, 'USAGE') AS schema_usage, pg_catalog.has_table_privilege(c.oid, 'SELECT') AS table_select FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE "
                    + isTable(table))
            .get(0);
    if (may.rows().isEmpty()) {
      return; // There is no such table, which was said of the publication.
    }
    String role = Sql.readable(config.connection().user());
    List<String> grants = new ArrayList<>();
    if (may.required(0, "schema_usage").equals("f")) {
      grants.add("GRANT USAGE ON SCHEMA %s TO %s;".formatted(Sql.readable(table.schema()), role));
    }
    if (may.required(0, "table_select").equals("f")) {
      grants.add("GRANT SELECT ON %s TO %s;".formatted(table.toSql(), role));
    }
    if (!grants.isEmpty()) {
      findings.problem(
          item,
          "the role %s may not read it, which a bootstrap has to: run %s"
              .formatted(config.connection().user(), String.join(" ", grants)),
          grants);
    }
  }

  private static String isTable(TableName table) {
    return "n.nspname = %s AND c.relname = %s"
        .formatted(Sql.literal(table.schema()), Sql.literal(table.table()));
  }

  private void checkColumns(String item, TableName table, TableIdentity identity, boolean oldRows)
      throws IOException {
    boolean generated = session.serverVersion().isAtLeast(12);
    boolean filters = session.serverVersion().isAtLeast(15);
    QueryResult answer =
        session
            .query(
                "SELECT c.reltoastrelid <> 0 AND pg_catalog.pg_relation_size(c.reltoastrelid) > 0 AS toasted, %s AS generated, %s AS filtered FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE %s"
                    .formatted(
                        generated
                            ? "EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attgenerated <> '' AND NOT a.attisdropped)"
                            : "false",
                        filters
                            ? "(SELECT p.rowfilter FROM pg_catalog.pg_publication_tables p WHERE p.pubname = %s AND p.schemaname = n.nspname AND p.tablename = c.relname)"
                                .formatted(Sql.literal(config.publicationName()))
                            : "NULL::text",
                        isTable(table)))
            .get(0);
    if (oldRows
        && answer.value(0, "toasted").equals(Optional.of("t"))
        && identity.replicaIdentity() != ReplicaIdentity.FULL) {
      findings.warning(
          item,
          "it has large values, which are absent from updates that do not change them; if that matters, run "
              + SetupRules.identityFull(table),
          SetupRules.identityFull(table));
    }
    if (answer.required(0, "generated").equals("t")) {
      findings.warning(
          item,
          "it has generated columns, which are in the stream only where the publication says so (publish_generated_columns, PostgreSQL 18)");
    }
    answer
        .value(0, "filtered")
        .ifPresent(
            filter ->
                findings.warning(
                    item,
                    "the publication has a row filter for it: an update that moves a row in or out of it arrives as an insert or a delete"));
  }
}
