package io.drasi.bootstrap.postgres.internal;

import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Column;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Relation;
import io.drasi.postgres.decoder.row.TableName;
import io.drasi.postgres.protocol.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A table as it is published, according to the catalog.
 *
 * @param relation what the stream says of it: the published columns, the replica identity
 * @param partitioned whether its rows lie in partitions
 * @param rowFilter the condition of the rows that are published, as SQL
 * @param computed whether a generated column is published
 * @param access what the role may do with it
 */
record PublishedTable(
    Relation relation,
    boolean partitioned,
    Optional<String> rowFilter,
    boolean computed,
    Access access) {

  /**
   * What the role may do with a table.
   *
   * @param schema whether it may use the schema
   * @param rows whether it may read the table
   * @param allRows whether no row-level security policy keeps rows from it
   */
  record Access(boolean schema, boolean rows, boolean allRows) {}

  TableName name() {
    return new TableName(relation.schema(), relation.table());
  }

  /** The OID, by which a table is the same table under another name. */
  int oid() {
    return relation.oid();
  }

  /** What keeps others from taking the table away. */
  String lockStatement() {
    return "LOCK TABLE %s IN ACCESS SHARE MODE".formatted(itself());
  }

  /**
   * What reads the published columns of the published rows. Children that merely inherit are tables
   * of their own; partitions are not.
   *
   * @param range where the rows lie, of the table or of each of its partitions
   * @param format how they are written
   */
  String copyStatement(BlockRange range, CopyFormat format) {
    String columns =
        relation.columns().stream()
            .map(Column::name)
            .map(Sql::identifier)
            .collect(Collectors.joining(", "));
    List<String> conditions = new ArrayList<>();
    range.condition().ifPresent(conditions::add);
    rowFilter.ifPresent(filter -> conditions.add("(" + filter + ")"));
    boolean plain =
        !partitioned && !computed && conditions.isEmpty() && !relation.columns().isEmpty();
    if (plain) {
      return "COPY %s (%s) TO STDOUT%s".formatted(name().toSql(), columns, format.option());
    }
    String where = conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
    return "COPY (SELECT %s FROM %s%s) TO STDOUT%s"
        .formatted(columns, itself(), where, format.option());
  }

  private String itself() {
    return (partitioned ? "" : "ONLY ") + name().toSql();
  }
}
