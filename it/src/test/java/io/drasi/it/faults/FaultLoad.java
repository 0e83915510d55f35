package io.drasi.it.faults;

import io.drasi.it.support.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;

/**
 * What is written while faults happen: everything that makes a server send each of the messages
 * that it has. Each transaction ends with a row in the ledger, which is never touched again.
 *
 * <p>Confined to one thread.
 */
final class FaultLoad implements AutoCloseable {
  /** The tables that are compared. */
  static final List<String> TABLES = List.of("items", "scratch", "ledger");

  private static final String SCRATCH =
      "CREATE TABLE scratch (id bigint PRIMARY KEY, felt feeling)";

  /** A table remembers the columns that were dropped, and may have 1600 with them. */
  private static final int ROUNDS_PER_TABLE = 500;

  private static final int IDS = 40;

  private final TestDatabase database;
  private Connection connection;
  private final Random random;
  private int prepared;
  private int rounds;
  private long transactions;

  private FaultLoad(TestDatabase database, Connection connection, long seed) {
    this.database = database;
    this.connection = connection;
    this.random = new Random(seed);
  }

  /** Creates the tables and the publication; silence of a client is soon noticed by the server. */
  static FaultLoad create(TestDatabase database, long seed) throws SQLException {
    database.missSoon("1500ms");
    database.run(
        "CREATE TYPE feeling AS ENUM ('sad', 'happy')",
        "CREATE TABLE items (id bigint PRIMARY KEY, name text, amount int, story text)",
        "ALTER TABLE items ALTER story SET STORAGE EXTERNAL",
        SCRATCH,
        "CREATE TABLE ledger (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY)",
        "CREATE PUBLICATION drasi_publication FOR TABLE items, scratch, ledger",
        "GRANT SELECT ON ALL TABLES IN SCHEMA public TO " + TestDatabase.ROLE,
        "SELECT pg_replication_origin_create('%s')".formatted(database.name()),
        "INSERT INTO items SELECT i, 'first', i, repeat('x', 3000) FROM generate_series(1, %d) i"
            .formatted(IDS));
    return new FaultLoad(database, database.connect(), seed);
  }

  /** How many transactions were committed. */
  long transactions() {
    return transactions;
  }

  /** Writes whatever there is. */
  void round() throws SQLException {
    rows();
    definitions();
  }

  /** Changes rows, and no table. */
  void rows() throws SQLException {
    long id = 1L + random.nextInt(IDS);
    transaction(
        "INSERT INTO items SELECT i, 'new', %d, repeat('y', 2500)".formatted(random.nextInt())
            + " FROM generate_series(%d, %d) i ON CONFLICT (id) DO UPDATE SET amount = 0"
                .formatted(id, id + 3));
    transaction("UPDATE items SET name = 'other ü' WHERE id %% 7 = %d".formatted(id % 7));
    transaction(
        "DELETE FROM items WHERE id = %d".formatted(id + 1000),
        "UPDATE items SET id = id + 1000 WHERE id = %d".formatted(id));
    transaction("DELETE FROM items WHERE id = %d".formatted(id + 1));
    transaction(
        "UPDATE items SET amount = 1 WHERE id = %d".formatted(id + 2),
        "SAVEPOINT one",
        "INSERT INTO items VALUES (-1, 'never', 0, NULL)",
        "ROLLBACK TO SAVEPOINT one",
        "SAVEPOINT two",
        "UPDATE items SET amount = NULL, name = NULL WHERE id = %d".formatted(id + 2),
        "RELEASE SAVEPOINT two");
    transaction("SELECT pg_logical_emit_message(true, 'prefix', 'content')");
    writeWithOrigin(id);
    writePrepared(id);
    run("BEGIN", "DELETE FROM items", "ROLLBACK");
  }

  private void definitions() throws SQLException {
    transaction("INSERT INTO scratch VALUES (1, 'happy'), (2, NULL)");
    transaction(
        "ALTER TABLE scratch ADD COLUMN IF NOT EXISTS later int",
        "INSERT INTO scratch VALUES (3, 'sad', 3)");
    transaction(database.isAtLeast(11) ? "TRUNCATE scratch" : "DELETE FROM scratch");
    run("ALTER TABLE scratch DROP COLUMN later");
    rounds++;
    if (rounds % ROUNDS_PER_TABLE == 0) {
      run(
          "DROP TABLE scratch",
          SCRATCH,
          "ALTER PUBLICATION drasi_publication ADD TABLE scratch",
          "GRANT SELECT ON scratch TO " + TestDatabase.ROLE);
    }
  }

  private void writeWithOrigin(long id) throws SQLException {
    run("SELECT pg_replication_origin_session_setup('%s')".formatted(database.name()));
    transaction(
        "SELECT pg_replication_origin_xact_setup('0/1', now())",
        "UPDATE items SET amount = 7 WHERE id = %d".formatted(id + 3));
    run("SELECT pg_replication_origin_session_reset()");
  }

  private void writePrepared(long id) throws SQLException {
    prepared++;
    String name = "%s_%d".formatted(database.name(), prepared);
    run(
        "BEGIN",
        "UPDATE items SET amount = 8 WHERE id = %d".formatted(id + 3),
        "INSERT INTO ledger DEFAULT VALUES",
        "PREPARE TRANSACTION '%s'".formatted(name),
        "COMMIT PREPARED '%s'".formatted(name));
    transactions++;
  }

  /** Writes a last transaction; gives the id of its element. */
  String last() throws SQLException {
    transactions++;
    return "ledger:" + database.ask("INSERT INTO ledger DEFAULT VALUES RETURNING id");
  }

  private void transaction(String... statements) throws SQLException {
    run("BEGIN");
    run(statements);
    run("INSERT INTO ledger DEFAULT VALUES", "COMMIT");
    transactions++;
  }

  private void run(String... statements) throws SQLException {
    for (String statement : statements) {
      TestDatabase.run(connection, statement);
    }
  }

  /** Removes what is old from the ledger; who lacked it, would miss it now. */
  void trim(int rows) throws SQLException {
    transaction("DELETE FROM ledger WHERE id < (SELECT max(id) - %d FROM ledger)".formatted(rows));
  }

  /** Lets go of the database. */
  void disconnect() throws SQLException {
    connection.close();
  }

  /** The server was away: connects anew, and ends what was prepared and not committed. */
  void reconnect() throws SQLException {
    connection.close();
    connection = database.connect();
    String left = "SELECT count(*) FROM pg_prepared_xacts WHERE database = '%s'";
    if (!database.ask(left.formatted(database.name())).equals("0")) {
      run("ROLLBACK PREPARED '%s_%d'".formatted(database.name(), prepared));
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
    database.run("SELECT pg_replication_origin_drop('%s')".formatted(database.name()));
  }
}
