package io.drasi.it.support;

import io.drasi.api.change.ElementValue;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the tables of a {@link ShopWriter} hold, in the form of a {@link SubscriberCopy}. */
public final class Tables {
  private static final List<String> ALL = List.of("items", "ledger");

  private Tables() {}

  /** The rows of all tables, by element id. */
  public static Map<String, Map<String, ElementValue>> rows(TestDatabase database)
      throws SQLException {
    Map<String, Map<String, ElementValue>> rows = new TreeMap<>();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      for (String table : ALL) {
        try (ResultSet result = statement.executeQuery("SELECT * FROM " + table)) {
          while (result.next()) {
            rows.put(table + ":" + result.getLong("id"), row(result));
          }
        }
      }
    }
    return rows;
  }

  private static Map<String, ElementValue> row(ResultSet result) throws SQLException {
    Map<String, ElementValue> row = new LinkedHashMap<>();
    for (int column = 1; column <= result.getMetaData().getColumnCount(); column++) {
      Object value = result.getObject(column);
      row.put(
          result.getMetaData().getColumnName(column),
          value instanceof Number number
              ? new ElementValue.Integer(number.longValue())
              : new ElementValue.Text(value.toString()));
    }
    return row;
  }
}
