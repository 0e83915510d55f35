package io.drasi.postgres.decoder.row;

import java.util.HashSet;
import java.util.List;

/**
 * Which columns name the rows of a table, where the user says so.
 *
 * @param table the table
 * @param keyColumns the columns, in the order in which they stand in an element id; at least one
 */
public record TableKeyConfig(TableName table, List<String> keyColumns) {
  public TableKeyConfig {
    keyColumns = List.copyOf(keyColumns);
    if (keyColumns.isEmpty()) {
      throw new IllegalArgumentException("the key of %s needs a column".formatted(table));
    }
    if (new HashSet<>(keyColumns).size() != keyColumns.size()) {
      throw new IllegalArgumentException(
          "the key of %s names a column twice: %s".formatted(table, keyColumns));
    }
  }

  /**
   * Reads {@code order_items(order_id, item_id)}; names may be quoted as in SQL.
   *
   * @throws IllegalArgumentException when it is anything else; the message says where
   */
  public static TableKeyConfig parse(String text) {
    NameReader reader = new NameReader(text);
    TableName table = reader.readTableName();
    List<String> keyColumns = reader.readNamesInParentheses();
    reader.requireEnd();
    return new TableKeyConfig(table, keyColumns);
  }
}
