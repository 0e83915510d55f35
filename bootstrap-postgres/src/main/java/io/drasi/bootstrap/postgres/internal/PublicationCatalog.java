package io.drasi.bootstrap.postgres.internal;

import io.drasi.bootstrap.postgres.internal.PublishedTable.Access;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Column;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Relation;
import io.drasi.postgres.decoder.pgoutput.ReplicaIdentity;
import io.drasi.postgres.decoder.row.TableIdentities;
import io.drasi.postgres.decoder.row.TableIdentity;
import io.drasi.postgres.decoder.row.TableName;
import io.drasi.postgres.decoder.value.Codecs;
import io.drasi.postgres.decoder.value.TypeCodecs;
import io.drasi.postgres.decoder.value.TypeDescriptions;
import io.drasi.postgres.protocol.QueryResult;
import io.drasi.postgres.protocol.ServerVersion;
import io.drasi.postgres.protocol.Session;
import io.drasi.postgres.protocol.Sql;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the catalog says of a publication, put as the stream would. Confined to the session's
 * thread.
 *
 * @see <a href="https://www.postgresql.org/docs/current/view-pg-publication-tables.html">Manual,
 *     pg_publication_tables</a>
 */
final class PublicationCatalog {
  private final Session session;
  private final String publication;

  PublicationCatalog(Session session, String publication) {
    this.session = session;
    this.publication = publication;
  }

  /** Whether there is such a publication. */
  boolean exists() throws IOException {
    return !ask("SELECT 1 FROM pg_catalog.pg_publication WHERE pubname = "
            + Sql.literal(publication))
        .rows()
        .isEmpty();
  }

  /** What identifies the rows of each of its tables. */
  Map<TableName, TableIdentity> identities() throws IOException {
    return TableIdentities.read(
        ask(TableIdentities.ofPublication(publication, session.serverVersion())));
  }

  /** The codecs of the types of all columns of these tables. */
  TypeCodecs types(List<PublishedTable> tables, Codecs codecs) throws IOException {
    var builtIn = TypeCodecs.of(codecs);
    Set<Integer> unknown =
        builtIn.unknown(
            tables.stream()
                .flatMap(table -> table.relation().columns().stream())
                .map(Column::typeOid)
                .toList());
    return unknown.isEmpty()
        ? builtIn
        : builtIn.with(
            TypeDescriptions.read(ask(TypeDescriptions.of(unknown, session.serverVersion()))));
  }

  /** Its tables, in the order of their names. */
  List<PublishedTable> tables() throws IOException {
    QueryResult answer = ask(tablesQuery(publication, session.serverVersion()));
    List<PublishedTable> tables = new ArrayList<>();
    int row = 0;
    while (row < answer.rows().size()) {
      int end = row + 1;
      while (end < answer.rows().size()
          && answer.required(end, "oid").equals(answer.required(row, "oid"))) {
        end++;
      }
      tables.add(table(answer, row, end));
      row = end;
    }
    return tables;
  }

  /** Gives a row for each published column, and a row without a column for a table without one. */
  private static String tablesQuery(String publication, ServerVersion version) {
    return """
        SELECT n.nspname, c.relname, c.oid, c.relreplident, c.relkind = 'p' AS partitioned,
          %s AS rowfilter, %s AS computed,
          pg_catalog.has_schema_privilege(n.oid, 'USAGE') AS may_use,
          pg_catalog.has_table_privilege(c.oid, 'SELECT') AS may_read,
          NOT pg_catalog.row_security_active(c.oid) AS may_read_all,
          a.attname, a.atttypid, a.atttypmod, c.relreplident = 'f' OR EXISTS (
            SELECT FROM pg_catalog.pg_index i
            WHERE i.indrelid = c.oid AND a.attnum = ANY ((i.indkey::int2[])[0:%s - 1])
              AND (c.relreplident = 'd' AND i.indisprimary AND i.indimmediate
                OR c.relreplident = 'i' AND i.indisreplident)) AS key
        FROM (SELECT DISTINCT ON (schemaname, tablename) *
          FROM pg_catalog.pg_publication_tables WHERE pubname = %s
          ORDER BY schemaname, tablename) t
        JOIN pg_catalog.pg_namespace n ON n.nspname = t.schemaname
        JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = t.tablename
        LEFT JOIN pg_catalog.pg_attribute a
          ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped%s
        ORDER BY n.nspname, c.relname, a.attnum"""
        .formatted(
            version.isAtLeast(15) ? "t.rowfilter" : "NULL",
            version.isAtLeast(18) ? "a.attgenerated <> ''" : "false",
            version.isAtLeast(11) ? "i.indnkeyatts" : "i.indnatts",
            Sql.literal(publication),
            publishedColumns(version));
  }

  /**
   * A column list and, since PostgreSQL 18, what is published of generated columns show in
   * attnames; before, generated columns were never published.
   */
  private static String publishedColumns(ServerVersion version) {
    String generated =
        version.isAtLeast(12) && !version.isAtLeast(18) ? " AND a.attgenerated = ''" : "";
    return version.isAtLeast(15) ? generated + " AND a.attname = ANY (t.attnames)" : generated;
  }

  /** A table of the rows from one to another, exclusive. */
  private static PublishedTable table(QueryResult answer, int from, int to)
      throws ProtocolException {
    List<Column> columns = new ArrayList<>();
    boolean computed = false;
    for (int row = from; row < to; row++) {
      Optional<String> name = answer.value(row, "attname");
      if (name.isPresent()) {
        columns.add(column(answer, row, name.get()));
        computed |= isTrue(answer, row, "computed");
      }
    }
    var relation =
        new Relation(
            Integer.parseUnsignedInt(answer.required(from, "oid")),
            answer.required(from, "nspname"),
            answer.required(from, "relname"),
            ReplicaIdentity.of((byte) answer.required(from, "relreplident").charAt(0)),
            columns);
    var access =
        new Access(
            isTrue(answer, from, "may_use"),
            isTrue(answer, from, "may_read"),
            isTrue(answer, from, "may_read_all"));
    return new PublishedTable(
        relation,
        isTrue(answer, from, "partitioned"),
        answer.value(from, "rowfilter"),
        computed,
        access);
  }

  private static Column column(QueryResult answer, int row, String name) {
    return new Column(
        isTrue(answer, row, "key"),
        name,
        Integer.parseUnsignedInt(answer.required(row, "atttypid")),
        Integer.parseInt(answer.required(row, "atttypmod")));
  }

  private static boolean isTrue(QueryResult answer, int row, String column) {
    return answer.value(row, column).equals(Optional.of("t"));
  }

  private QueryResult ask(String sql) throws IOException {
    return session.query(sql).get(0);
  }
}
