package io.drasi.it.oracle;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;

/** Changes to rows of the {@link OracleTables}, at random. */
final class Statements {
  private static final int ROWS = OracleTables.ROWS;

  /** What has a meaning in an element id, in COPY, in SQL, or more than one byte. */
  private static final List<String> PRODUCTS =
      List.of("tea_pot", "back\\slash", "tab\tbed", "new\nline", "quo'te\"", "ünï😀", "\\N", "");

  private static final String ACCOUNT =
      "INSERT INTO accounts VALUES (?, 'new', 0.50, NULL, ?)"
          + " ON CONFLICT (id) DO UPDATE SET story = excluded.story";

  private static final int LARGE_CHARACTERS = 100_000;

  /**
   * A statement with one parameter for a number, perhaps one for a text after it, and what a row it
   * touches is in the stream.
   */
  private record Kind(String sql, int changesPerRow) {}

  private static final List<Kind> KINDS =
      List.of(
          one(ACCOUNT),
          one("UPDATE accounts SET balance = balance + 1.25, active = NOT active WHERE id = ?"),
          one("UPDATE accounts SET name = left(name || 'x', 20) WHERE id %% 50 = ? %% 50"),
          one("DELETE FROM accounts WHERE id = ?"),
          moved("UPDATE accounts SET id = id + %1$d WHERE id = ?"),
          moved("UPDATE accounts SET id = id - %1$d, name = NULL WHERE id = ? + %1$d"),
          one(
              "INSERT INTO order_lines VALUES (?, ?, 1, '{\"a\": [1, null]}')"
                  + " ON CONFLICT (order_id, product) DO UPDATE SET quantity = NULL"),
          one("UPDATE order_lines SET quantity = coalesce(quantity, 0) + 1 WHERE order_id = ?"),
          one("DELETE FROM order_lines WHERE order_id = ?"),
          moved("UPDATE order_lines SET order_id = order_id + %1$d WHERE order_id = ?"),
          moved(
              "UPDATE order_lines SET order_id = order_id - %1$d, detail = NULL"
                  + " WHERE order_id = ? + %1$d"),
          one(
              "INSERT INTO notes VALUES (?, 'new', ?)"
                  + " ON CONFLICT (id) DO UPDATE SET body = excluded.body"),
          one("UPDATE notes SET title = left(title || 'y', 20) WHERE id = ?"),
          one("DELETE FROM notes WHERE id = ?"),
          moved("UPDATE notes SET id = id + %1$d WHERE id = ?"),
          moved("UPDATE notes SET id = id - %1$d, title = NULL WHERE id = ? + %1$d"));

  private final Connection connection;
  private final Random random;

  Statements(Connection connection, Random random) {
    this.connection = connection;
    this.random = random;
  }

  private static Kind one(String sql) {
    return new Kind(sql.formatted(ROWS), 1);
  }

  /** A deletion and an insertion. */
  private static Kind moved(String sql) {
    return new Kind(sql.formatted(ROWS), 2);
  }

  /**
   * Runs statements.
   *
   * @return the changes that they are in the stream
   */
  int write(int count) throws SQLException {
    int changes = 0;
    for (int i = 0; i < count; i++) {
      changes += write(KINDS.get(random.nextInt(KINDS.size())));
    }
    return changes;
  }

  /**
   * Writes a large row, so many times.
   *
   * @return the changes that they are in the stream
   */
  int writeLarge(int id, int count) throws SQLException {
    int changes = 0;
    try (PreparedStatement statement = connection.prepareStatement(ACCOUNT)) {
      for (int i = 0; i < count; i++) {
        statement.setInt(1, id);
        statement.setString(2, "x".repeat(LARGE_CHARACTERS) + random.nextInt(1000));
        changes += statement.executeUpdate();
      }
    }
    return changes;
  }

  private int write(Kind kind) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(kind.sql())) {
      statement.setInt(1, 1 + random.nextInt(ROWS));
      if (kind.sql().startsWith("INSERT")) {
        statement.setString(2, kind.sql().contains("order_lines") ? product() : text());
      }
      return statement.executeUpdate() * kind.changesPerRow();
    }
  }

  private String product() {
    return PRODUCTS.get(random.nextInt(PRODUCTS.size()));
  }

  /** Now and then too long for its page, so that it is stored out of line. */
  private String text() {
    return product().repeat(random.nextInt(4) == 0 ? 1000 : 2) + random.nextInt(1000);
  }
}
