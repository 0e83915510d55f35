package io.drasi.postgres.protocol;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one statement of a query gave.
 *
 * @param columns the names of the columns
 * @param rows the rows, in text format; null is NULL
 * @param tag what was done: {@code SELECT 3}
 */
public record QueryResult(List<String> columns, List<List<@Nullable String>> rows, String tag) {
  public QueryResult {
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
  }

  /**
   * A value by its row and the column's name.
   *
   * @return the value, or empty for NULL
   * @throws IllegalArgumentException when there is no such column or row
   */
  public Optional<String> value(int row, String column) {
    int index = columns.indexOf(column);
    if (index < 0 || row < 0 || row >= rows.size()) {
      throw new IllegalArgumentException(
          "no column %s in row %d; there are %s in %d rows"
              .formatted(column, row, columns, rows.size()));
    }
    return Optional.ofNullable(rows.get(row).get(index));
  }

  /** A value that cannot be NULL, by its row and the column's name. */
  public String required(int row, String column) {
    return value(row, column).orElseThrow(() -> new IllegalArgumentException(column + " is NULL"));
  }
}
