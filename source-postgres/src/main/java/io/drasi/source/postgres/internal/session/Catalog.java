package io.drasi.source.postgres.internal.session;

import io.drasi.postgres.decoder.row.TableIdentities;
import io.drasi.postgres.decoder.row.TableIdentity;
import io.drasi.postgres.decoder.row.TableName;
import io.drasi.postgres.decoder.value.TypeDescription;
import io.drasi.postgres.decoder.value.TypeDescriptions;
import io.drasi.postgres.protocol.QueryResult;
import io.drasi.postgres.protocol.Session;
import io.drasi.postgres.protocol.Sql;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the source asks the catalog. Confined to the session's thread. */
final class Catalog {
  private final Session session;

  Catalog(Session session) {
    this.session = session;
  }

  /**
   * A publication.
   *
   * @param publishesOldRows whether updates or deletes are published, so that rows need a key
   */
  record Publication(boolean publishesOldRows) {}

  Optional<Publication> publication(String name) throws IOException {
    QueryResult result =
        ask(
            "SELECT pubupdate OR pubdelete AS old_rows FROM pg_catalog.pg_publication"
                + " WHERE pubname = "
                + Sql.literal(name));
    return result.rows().isEmpty()
        ? Optional.empty()
        : Optional.of(new Publication(result.required(0, "old_rows").equals("t")));
  }

  /** What identifies the rows of each table of a publication. */
  Map<TableName, TableIdentity> identities(String publication) throws IOException {
    return TableIdentities.read(
        ask(TableIdentities.ofPublication(publication, session.serverVersion())));
  }

  /** What identifies the rows of a table; empty when there is no such table. */
  Optional<TableIdentity> identity(TableName table) throws IOException {
    QueryResult answer = ask(TableIdentities.ofTable(table, session.serverVersion()));
    return Optional.ofNullable(TableIdentities.read(answer).get(table));
  }

  /** The types of the columns of a publication's tables. */
  List<Integer> typesUsedBy(String publication) throws IOException {
    return TypeDescriptions.readOids(ask(TypeDescriptions.usedBy(publication)));
  }

  /** What these types are, and all that they are made of. */
  List<TypeDescription> types(Collection<Integer> typeOids) throws IOException {
    return TypeDescriptions.read(ask(TypeDescriptions.of(typeOids, session.serverVersion())));
  }

  /** The partitioned tables of a publication, and the partitions. */
  List<TableName> partitions(String publication) throws IOException {
    return ask(
            "SELECT p.schemaname, p.tablename FROM pg_catalog.pg_publication_tables p JOIN pg_catalog.pg_namespace n ON n.nspname = p.schemaname JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = p.tablename WHERE (c.relkind = 'p' OR c.relispartition) AND p.pubname = %s ORDER BY 1, 2"
                .formatted(Sql.literal(publication)))
        .rows()
        .stream()
        .map(row -> new TableName(String.valueOf(row.get(0)), String.valueOf(row.get(1))))
        .toList();
  }

  private QueryResult ask(String sql) throws IOException {
    return session.query(sql).get(0);
  }
}
