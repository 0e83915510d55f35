package io.drasi.it.support;

import io.drasi.api.change.ElementValue;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** What a table holds, in the form of a {@link SubscriberCopy}. */
public final class Tables {
  private Tables() {}

  /** The rows of {@code items}, by element id. */
  public static Map<String, Map<String, ElementValue>> items(TestDatabase database)
      throws SQLException {
    Map<String, Map<String, ElementValue>> rows = new TreeMap<>();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT id, name, amount FROM items")) {
      while (result.next()) {
        Map<String, ElementValue> row = new LinkedHashMap<>();
        row.put("id", new ElementValue.Integer(result.getLong("id")));
        row.put("name", new ElementValue.Text(result.getString("name")));
        row.put("amount", new ElementValue.Integer(result.getInt("amount")));
        rows.put("items:" + result.getLong("id"), row);
      }
    }
    return rows;
  }
}
