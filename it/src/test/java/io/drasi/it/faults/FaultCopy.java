package io.drasi.it.faults;

import io.drasi.api.change.ElementValue;
import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.SourcePosition;
import io.drasi.it.support.SubscriberCopy;
import io.drasi.it.support.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a subscriber has of the tables of a {@link FaultLoad}, with the position that belongs to it.
 *
 * <p>Not thread-safe.
 */
final class FaultCopy {
  private final SubscriberCopy copy = new SubscriberCopy();
  private @Nullable SourcePosition position;
  private int doubled;

  /** Takes an event. */
  void apply(SourceEvent event) {
    if (event instanceof SourceEvent.Transaction transaction) {
      SourcePosition before = position;
      if (before != null && transaction.position().compareTo(before) <= 0) {
        doubled++;
      }
      position = transaction.position();
    } else if (event instanceof SourceEvent.Progress progress) {
      position = progress.position();
    } else if (event instanceof SourceEvent.BootstrapStarted) {
      position = null;
    } else if (event instanceof SourceEvent.BootstrapCompleted completed) {
      position = completed.position();
    }
    copy.apply(event);
  }

  /** Where it is; empty before anything came. */
  Optional<SourcePosition> position() {
    return Optional.ofNullable(position);
  }

  /** How many transactions came that are not behind the one before. */
  int doubled() {
    return doubled;
  }

  /** How many transactions came. */
  long transactions() {
    return copy.transactions();
  }

  /** Whether an element is there. */
  boolean has(String id) {
    return copy.elements().containsKey(id);
  }

  /** How it differs from the tables as they are now, and what did not fit. */
  List<String> mistakes(TestDatabase database) throws SQLException {
    List<String> mistakes = new ArrayList<>(copy.mistakes());
    if (doubled > 0) {
      mistakes.add(doubled + " transactions came twice");
    }
    Map<String, Map<String, String>> expected = rows(database);
    copy.elements()
        .forEach(
            (id, values) -> {
              Map<String, String> row = expected.remove(id);
              Map<String, String> copied = print(values);
              if (row == null) {
                mistakes.add("only the copy has " + id);
              } else if (!row.equals(copied)) {
                mistakes.add("%s is %s, in the copy %s".formatted(id, cut(row), cut(copied)));
              }
            });
    expected.keySet().forEach(id -> mistakes.add("the copy lacks " + id));
    return mistakes;
  }

  private static Map<String, String> cut(Map<String, String> row) {
    Map<String, String> cut = new TreeMap<>(row);
    cut.replaceAll((name, value) -> value.substring(0, Math.min(20, value.length())));
    return cut;
  }

  /** NULL and what was not sent are the same here: a column that was added has neither. */
  private static Map<String, String> print(Map<String, ElementValue> values) {
    Map<String, String> printed = new TreeMap<>();
    values.forEach(
        (name, value) -> {
          if (value instanceof ElementValue.Integer integer) {
            printed.put(name, Long.toString(integer.value()));
          } else if (value instanceof ElementValue.Text text) {
            printed.put(name, text.value());
          } else if (!(value instanceof ElementValue.Null)) {
            printed.put(name, "unexpected: " + value);
          }
        });
    return printed;
  }

  private static Map<String, Map<String, String>> rows(TestDatabase database) throws SQLException {
    Map<String, Map<String, String>> rows = new LinkedHashMap<>();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      for (String table : FaultLoad.TABLES) {
        try (ResultSet result = statement.executeQuery("SELECT * FROM " + table)) {
          while (result.next()) {
            rows.put(table + ":" + result.getLong("id"), row(result));
          }
        }
      }
    }
    return rows;
  }

  private static Map<String, String> row(ResultSet result) throws SQLException {
    Map<String, String> row = new TreeMap<>();
    for (int column = 1; column <= result.getMetaData().getColumnCount(); column++) {
      String value = result.getString(column);
      if (value != null) {
        row.put(result.getMetaData().getColumnName(column), value);
      }
    }
    return row;
  }
}
