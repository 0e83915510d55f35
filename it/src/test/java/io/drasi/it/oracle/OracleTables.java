package io.drasi.it.oracle;

import io.drasi.it.support.TestDatabase;
import io.drasi.postgres.decoder.position.PostgresPosition;
import io.drasi.postgres.protocol.message.Lsn;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tables that {@link Writers} write to: one with values stored out of line, one with a key of
 * two columns, one whose old rows are sent whole, and a ledger. What is in them is the truth.
 */
public final class OracleTables {
  /** The tables. */
  public static final Set<String> ALL = Set.of("accounts", "order_lines", "notes", "ledger");

  /** The table that tells how many changes each transaction has. */
  static final String LEDGER = "ledger";

  /** So many rows each table has at first, and about so many it keeps. */
  static final int ROWS = 300;

  /** The rows with their element ids, told by the server and not by the product. */
  private static final List<String> QUERIES =
      List.of(
          "SELECT 'accounts:' || id, * FROM accounts",
          "SELECT 'order_lines:' || order_id || '_'"
              + " || replace(replace(product, '\\', '\\\\'), '_', '\\_'), * FROM order_lines",
          "SELECT 'notes:' || id, * FROM notes",
          "SELECT 'ledger:' || id, * FROM ledger");

  private static final String FIRST_ROWS = " FROM generate_series(1, %d) i".formatted(ROWS);

  /** Now and then too long for its page, so that it is stored out of line. */
  private static final String TEXT = "repeat('x', CASE WHEN i % 10 = 0 THEN 3000 ELSE 9 END)";

  private OracleTables() {}

  /**
   * Creates the tables with rows in them, and publishes them. What is confirmed is soon reported,
   * every third of the timeout, so that the slot leaves nothing behind that is not needed.
   */
  public static void create(TestDatabase database) throws SQLException {
    database.missSoon("1500ms");
    database.run(
        "CREATE TABLE accounts (id bigint PRIMARY KEY, name text, balance numeric(12,2),"
            + " active boolean, story text)",
        "ALTER TABLE accounts ALTER story SET STORAGE EXTERNAL",
        "CREATE TABLE order_lines (order_id int, product text, quantity int, detail jsonb,"
            + " PRIMARY KEY (order_id, product))",
        "CREATE TABLE notes (id bigint PRIMARY KEY, title text, body text)",
        "ALTER TABLE notes ALTER body SET STORAGE EXTERNAL",
        "ALTER TABLE notes REPLICA IDENTITY FULL",
        "CREATE TABLE ledger (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, writer int,"
            + " changes int)",
        "CREATE PUBLICATION drasi_publication FOR TABLE accounts, order_lines, notes, ledger",
        "GRANT SELECT ON ALL TABLES IN SCHEMA public TO " + TestDatabase.ROLE,
        "INSERT INTO accounts SELECT i, 'first', i, true, " + TEXT + FIRST_ROWS,
        "INSERT INTO order_lines SELECT i, 'tea_pot', 1, '[]'" + FIRST_ROWS,
        "INSERT INTO notes SELECT i, 'first', " + TEXT + FIRST_ROWS);
  }

  /**
   * Publishes a type that is not understood in the binary format, so that all values come as text.
   */
  public static void publishTextOnly(TestDatabase database) throws SQLException {
    database.run(
        "CREATE TABLE prices (id int PRIMARY KEY, price money)",
        "ALTER PUBLICATION drasi_publication ADD TABLE prices",
        "GRANT SELECT ON prices TO " + TestDatabase.ROLE);
  }

  /** The rows of all tables, by element id; their values by column, {@linkplain #print printed}. */
  private static Map<String, Map<String, String>> rows(TestDatabase database) throws SQLException {
    Map<String, Map<String, String>> rows = new HashMap<>();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      for (String query : QUERIES) {
        try (ResultSet result = statement.executeQuery(query)) {
          while (result.next()) {
            rows.put(result.getString(1), row(result));
          }
        }
      }
    }
    return rows;
  }

  private static Map<String, String> row(ResultSet result) throws SQLException {
    Map<String, String> row = new HashMap<>();
    for (int column = 2; column <= result.getMetaData().getColumnCount(); column++) {
      row.put(result.getMetaData().getColumnName(column), print(result.getString(column)));
    }
    return row;
  }

  /** A value as the server writes it, in quotes; NULL without. */
  static String print(@Nullable String value) {
    return value == null ? "NULL" : "'" + value + "'";
  }

  /** How a copy differs from what is in its tables now, in words; at most ten differences. */
  public static List<String> differences(TestDatabase database, PositionedCopy copy)
      throws SQLException {
    Map<String, Map<String, String>> expected = rows(database);
    expected.keySet().removeIf(id -> !copy.labels().contains(id.substring(0, id.indexOf(':'))));
    List<String> differences = new ArrayList<>();
    expected.forEach(
        (id, row) -> {
          Map<String, String> copied = copy.rows().get(id);
          if (copied == null) {
            differences.add("the copy lacks " + id);
          } else if (!copied.equals(row)) {
            differences.add("%s is %s, in the copy %s".formatted(id, cut(row), cut(copied)));
          }
        });
    copy.rows().keySet().stream()
        .filter(id -> !expected.containsKey(id))
        .forEach(id -> differences.add("only the copy has " + id));
    return differences.subList(0, Math.min(10, differences.size()));
  }

  private static Map<String, String> cut(Map<String, String> row) {
    Map<String, String> cut = new HashMap<>(row);
    cut.replaceAll(
        (column, value) ->
            value.length() <= 40
                ? value
                : "%s… (%d, hash %d)"
                    .formatted(value.substring(0, 40), value.length(), value.hashCode()));
    return cut;
  }

  /** Writes a last transaction, which is a row in the ledger. */
  public static End writeLast(TestDatabase database) throws SQLException {
    String before = database.ask("SELECT pg_current_wal_insert_lsn()");
    String id = database.ask("INSERT INTO ledger (writer, changes) VALUES (-1, 0) RETURNING id");
    return new End(Lsn.parse(before), LEDGER + ":" + id);
  }

  /**
   * The last transaction.
   *
   * @param before the end of the log before it
   * @param row its row in the ledger
   */
  public record End(Lsn before, String row) {

    /** Whether a copy has everything. */
    public boolean isIn(PositionedCopy copy) {
      return copy.position() instanceof PostgresPosition position
          && position.endLsn().isAfter(before)
          && (!copy.labels().contains(LEDGER) || copy.rows().containsKey(row));
    }
  }
}
