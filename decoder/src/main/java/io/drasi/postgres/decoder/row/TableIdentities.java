package io.drasi.postgres.decoder.row;

import io.drasi.postgres.decoder.pgoutput.ReplicaIdentity;
import io.drasi.postgres.protocol.QueryResult;
import io.drasi.postgres.protocol.ServerVersion;
import io.drasi.postgres.protocol.Sql;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What to ask the catalog about the identity of rows, and how to read the answer. Whoever has a
 * session does the asking.
 */
public final class TableIdentities {
  private TableIdentities() {}

  /** The query about all tables of a publication. */
  public static String ofPublication(String publication, ServerVersion version) {
    return query(
        "SELECT schemaname, tablename FROM pg_catalog.pg_publication_tables WHERE pubname = "
            + Sql.literal(publication),
        version);
  }

  /** The query about one table; no row when there is no such table. */
  public static String ofTable(TableName table, ServerVersion version) {
    return query(
        "SELECT %s::name AS schemaname, %s::name AS tablename"
            .formatted(Sql.literal(table.schema()), Sql.literal(table.table())),
        version);
  }

  /**
   * Gives a row for each key column, in key order, and a row without a column for a table without a
   * key.
   */
  private static String query(String tables, ServerVersion version) {
    // Columns that an index merely includes are no key columns; they exist since PostgreSQL 11.
    String keyColumnsOnly = version.isAtLeast(11) ? " AND k.ord <= i.indnkeyatts" : "";
    return """
        SELECT t.schemaname, t.tablename, c.relreplident, i.indisprimary, i.indisreplident, a.attname
        FROM (%s) t
        JOIN pg_catalog.pg_namespace n ON n.nspname = t.schemaname
        JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = t.tablename
        LEFT JOIN pg_catalog.pg_index i
          ON i.indrelid = c.oid AND (i.indisprimary OR i.indisreplident)
        LEFT JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, ord) ON true%s
        LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
        ORDER BY t.schemaname, t.tablename, i.indexrelid, k.ord"""
        .formatted(tables, keyColumnsOnly);
  }

  /**
   * Reads the answer.
   *
   * @throws ProtocolException when the server knows a replica identity that we do not
   */
  public static Map<TableName, TableIdentity> read(QueryResult answer) throws ProtocolException {
    Map<TableName, Rows> byTable = new LinkedHashMap<>();
    for (int row = 0; row < answer.rows().size(); row++) {
      var table =
          new TableName(answer.required(row, "schemaname"), answer.required(row, "tablename"));
      byTable.computeIfAbsent(table, Rows::new).add(answer, row);
    }
    Map<TableName, TableIdentity> identities = new LinkedHashMap<>();
    for (Rows rows : byTable.values()) {
      identities.put(rows.table, rows.identity());
    }
    return identities;
  }

  /** The rows of one table. */
  private static final class Rows {
    private final TableName table;
    private final List<String> primaryKey = new ArrayList<>();
    private final List<String> identityIndex = new ArrayList<>();
    private String replicaIdentity = "d";

    Rows(TableName table) {
      this.table = table;
    }

    void add(QueryResult answer, int row) {
      replicaIdentity = answer.required(row, "relreplident");
      Optional<String> column = answer.value(row, "attname");
      if (column.isPresent()) {
        if (answer.required(row, "indisprimary").equals("t")) {
          primaryKey.add(column.get());
        }
        if (answer.required(row, "indisreplident").equals("t")) {
          identityIndex.add(column.get());
        }
      }
    }

    TableIdentity identity() throws ProtocolException {
      ReplicaIdentity identity = ReplicaIdentity.of((byte) replicaIdentity.charAt(0));
      return new TableIdentity(table, identity, primaryKey, identityIndex);
    }
  }
}
