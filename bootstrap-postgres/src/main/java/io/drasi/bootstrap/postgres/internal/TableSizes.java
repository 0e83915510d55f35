package io.drasi.bootstrap.postgres.internal;

import io.drasi.postgres.protocol.QueryResult;
import io.drasi.postgres.protocol.ServerVersion;
import io.drasi.postgres.protocol.Session;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the server knows of the size of tables. Asked once they are locked and the snapshot is
 * there: from then on they do not shrink, and what the snapshot shows lies within their size.
 */
final class TableSizes {
  /** Since then a range of blocks is read without reading the blocks before it. */
  private static final int RANGE_SCANS_SINCE = 14;

  private TableSizes() {}

  /** The sizes of these tables, by their OID. */
  static Map<Integer, TableSize> of(List<PublishedTable> tables, Session session)
      throws IOException {
    Map<Integer, TableSize> sizes = new HashMap<>();
    if (!tables.isEmpty()) {
      QueryResult answer = session.query(query(tables, session.serverVersion())).get(0);
      for (int row = 0; row < answer.rows().size(); row++) {
        sizes.merge(
            Integer.parseUnsignedInt(answer.required(row, "oid")),
            new TableSize(
                List.of(Long.valueOf(answer.required(row, "blocks"))),
                Long.parseLong(answer.required(row, "estimated_rows")),
                answer.required(row, "divisible").equals("t")),
            TableSizes::together);
      }
    }
    return sizes;
  }

  private static TableSize together(TableSize one, TableSize other) {
    List<Long> blocks = new ArrayList<>(one.blocks());
    blocks.addAll(other.blocks());
    return new TableSize(
        blocks, one.estimatedRows() + other.estimatedRows(), one.divisible() && other.divisible());
  }

  /**
   * Gives a row for each table, or for each partition with rows of its own. Rows are estimated as
   * the planner does: as many to a block as when the table was last analyzed, and if it never was,
   * as many as fit by the types of the columns.
   *
   * @see <a href="https://www.postgresql.org/docs/current/row-estimation-examples.html">Manual, Row
   *     Estimation Examples</a>
   */
  private static String query(List<PublishedTable> tables, ServerVersion version) {
    String values =
        tables.stream()
            .map(table -> "(" + Integer.toUnsignedString(table.oid()) + "::oid)")
            .collect(Collectors.joining(", "));
    // There are partitioned tables in publications since PostgreSQL 13.
    String partitions =
        version.isAtLeast(13)
            ? "LEFT JOIN LATERAL pg_catalog.pg_partition_tree(t.oid) p ON p.isleaf"
            : "CROSS JOIN (SELECT NULL::oid AS relid) p";
    return """
        SELECT t.oid, s.blocks,
          coalesce(%s AND a.amname = 'heap' AND c.relkind = 'r', false) AS divisible,
          ceil(s.blocks * CASE WHEN c.relpages > 0 AND c.reltuples >= 0
            THEN c.reltuples / c.relpages ELSE s.block_size / w.width END)::bigint AS estimated_rows
        FROM (VALUES %s) t(oid) %s
        JOIN pg_catalog.pg_class c ON c.oid = coalesce(p.relid, t.oid)
        LEFT JOIN pg_catalog.pg_am a ON a.oid = c.relam,
        LATERAL (SELECT current_setting('block_size')::bigint AS block_size,
          coalesce(pg_catalog.pg_relation_size(c.oid), 0)
            / current_setting('block_size')::bigint AS blocks) s,
        LATERAL (SELECT 28 + coalesce(sum(CASE WHEN attlen > 0 THEN attlen ELSE 32 END), 0) AS width
          FROM pg_catalog.pg_attribute
          WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped) w"""
        .formatted(version.isAtLeast(RANGE_SCANS_SINCE), values, partitions);
  }
}
