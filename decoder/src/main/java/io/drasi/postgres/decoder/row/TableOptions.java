package io.drasi.postgres.decoder.row;

import io.drasi.api.config.Options;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the options that are about tables, which a source and its bootstrap have in common. */
public final class TableOptions {
  private TableOptions() {}

  /**
   * A list of tables, each as {@link TableName#parse} reads it.
   *
   * @param options where mistakes are noted
   * @param key the option
   * @return the tables; empty when the option is not set
   */
  public static List<TableName> tables(Options options, String key) {
    List<TableName> tables = new ArrayList<>();
    for (String text : options.texts(key).orElse(List.of())) {
      TableName table = table(options, key, text);
      if (table != null) {
        tables.add(table);
      }
    }
    return tables;
  }

  /**
   * A list of keys: groups of {@code table} and {@code key_columns}, or the flat form that {@link
   * TableKeyConfig#parse} reads.
   *
   * @param options where mistakes are noted
   * @param key the option
   * @return the keys; empty when the option is not set
   */
  public static List<TableKeyConfig> tableKeys(Options options, String key) {
    List<TableKeyConfig> keys = new ArrayList<>();
    for (Object item : options.items(key).orElse(List.of())) {
      TableKeyConfig tableKey =
          item instanceof Options group
              ? tableKey(group)
              : flatTableKey(options, key, item.toString());
      if (tableKey != null && isNew(tableKey, keys, options, key)) {
        keys.add(tableKey);
      }
    }
    return keys;
  }

  private static boolean isNew(
      TableKeyConfig tableKey, List<TableKeyConfig> keys, Options options, String key) {
    boolean isNew = keys.stream().noneMatch(other -> other.table().equals(tableKey.table()));
    if (!isNew) {
      options.problem(key, "%s must come once".formatted(tableKey.table()));
    }
    return isNew;
  }

  private static @Nullable TableKeyConfig tableKey(Options group) {
    TableName table =
        group.requiredText("table").map(text -> table(group, "table", text)).orElse(null);
    List<String> columns = group.requiredTexts("key_columns").orElse(null);
    if (table == null || columns == null) {
      return null;
    }
    try {
      return new TableKeyConfig(table, columns);
    } catch (IllegalArgumentException e) {
      group.problem("key_columns", String.valueOf(e.getMessage()));
      return null;
    }
  }

  private static @Nullable TableKeyConfig flatTableKey(Options options, String key, String text) {
    try {
      return TableKeyConfig.parse(text);
    } catch (IllegalArgumentException e) {
      options.problem(key, String.valueOf(e.getMessage()));
      return null;
    }
  }

  private static @Nullable TableName table(Options options, String key, String text) {
    try {
      return TableName.parse(text);
    } catch (IllegalArgumentException e) {
      options.problem(key, String.valueOf(e.getMessage()));
      return null;
    }
  }
}
