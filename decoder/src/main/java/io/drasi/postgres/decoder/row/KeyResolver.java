package io.drasi.postgres.decoder.row;

import io.drasi.api.config.ConfigurationException;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Column;
import io.drasi.postgres.decoder.pgoutput.PgOutputMessage.Relation;
import io.drasi.postgres.decoder.pgoutput.ReplicaIdentity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decides which columns of a table make its key. In this order: what is configured; what the
 * replica identity offers, which is the primary key for DEFAULT, FULL and NOTHING, and the chosen
 * index for USING INDEX; nothing.
 *
 * <p>Under DEFAULT and USING INDEX the columns flagged in the {@link Relation} are the truth of the
 * stream, and the catalog only gives their order; where it knows other columns, because it is newer
 * or older, the flagged ones stand in table order. Under FULL and NOTHING the stream does not tell
 * the primary key, so the catalog does, if all its columns are published.
 */
public final class KeyResolver {
  private final Map<TableName, TableKeyConfig> configured;

  /**
   * A resolver.
   *
   * @param tableKeys the configured keys
   * @throws ConfigurationException when a table has two
   */
  public KeyResolver(List<TableKeyConfig> tableKeys) {
    configured = new HashMap<>(tableKeys.size() * 2);
    List<String> problems = new ArrayList<>();
    for (TableKeyConfig tableKey : tableKeys) {
      if (configured.put(tableKey.table(), tableKey) != null) {
        problems.add("table_keys: %s must come once".formatted(tableKey.table()));
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
  }

  /**
   * The key's columns as indexes into the relation's, in key order.
   *
   * @param relation the table as the stream describes it
   * @param catalog the table as the catalog describes it, where that was asked
   * @return empty when the table has no key
   * @throws ConfigurationException when a configured column is not one of the relation's
   */
  public List<Integer> resolve(Relation relation, Optional<TableIdentity> catalog) {
    TableName name = new TableName(relation.schema(), relation.table());
    TableKeyConfig tableKey = configured.get(name);
    if (tableKey != null) {
      return configuredKey(relation, tableKey);
    }
    return switch (relation.identity()) {
      case DEFAULT, INDEX -> flaggedKey(relation, catalog);
      case FULL, NOTHING ->
          indexes(relation, catalog.map(TableIdentity::primaryKey).orElse(List.of()))
              .orElse(List.of());
    };
  }

  private static List<Integer> configuredKey(Relation relation, TableKeyConfig tableKey) {
    return indexes(relation, tableKey.keyColumns())
        .orElseThrow(
            () ->
                new ConfigurationException(
                    List.of(
                        "table_keys: %s must name published columns of %s, was %s; there are %s"
                            .formatted(
                                tableKey.table(),
                                tableKey.table(),
                                tableKey.keyColumns(),
                                relation.columns().stream().map(Column::name).toList()))));
  }

  private static List<Integer> flaggedKey(Relation relation, Optional<TableIdentity> catalog) {
    List<Integer> flagged = new ArrayList<>();
    for (int i = 0; i < relation.columns().size(); i++) {
      if (relation.columns().get(i).key()) {
        flagged.add(i);
      }
    }
    List<String> ordered =
        catalog
            .map(
                identity ->
                    relation.identity() == ReplicaIdentity.INDEX
                        ? identity.identityIndex()
                        : identity.primaryKey())
            .orElse(List.of());
    return indexes(relation, ordered)
        .filter(indexes -> new HashSet<>(indexes).equals(new HashSet<>(flagged)))
        .orElse(List.copyOf(flagged));
  }

  /** The indexes of columns by name; empty when one of them is missing. */
  private static Optional<List<Integer>> indexes(Relation relation, List<String> names) {
    List<String> columns = relation.columns().stream().map(Column::name).toList();
    List<Integer> indexes = names.stream().map(columns::indexOf).toList();
    return indexes.contains(-1) ? Optional.empty() : Optional.of(indexes);
  }
}
