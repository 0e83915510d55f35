package io.drasi.bench;

import io.drasi.bench.client.Task;
import io.drasi.embedded.postgres.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;

/** The database of one workload. Closing it drops the database with its slots. */
final class BenchDatabase implements AutoCloseable {
  /** What all is published through; the source asks for binary values. */
  static final String PUBLICATION = "bench";

  /** The same with a type that has no binary form, so that the source asks for text. */
  static final String TEXT_PUBLICATION = "bench_text";

  private static final String BASE_SLOT = "bench_base";
  private static final int DROP_ATTEMPTS = 100;
  private static final long DROP_PAUSE_MILLIS = 100;

  private final EmbeddedPostgres server;
  private final String name;
  private final Connection connection;

  private BenchDatabase(EmbeddedPostgres server, String name, Connection connection) {
    this.server = server;
    this.name = name;
    this.connection = connection;
  }

  /** Creates the database of a workload: tables, publications, and what no stream shows. */
  static BenchDatabase create(EmbeddedPostgres server, Workload workload) throws SQLException {
    String name = "bench_" + workload.name().replace('-', '_');
    try (Connection admin = connect(server, "postgres")) {
      run(admin, "CREATE DATABASE " + name);
    }
    var database = new BenchDatabase(server, name, connect(server, name));
    database.run("CREATE TABLE %s (id int PRIMARY KEY)".formatted(Task.MARKER));
    database.run("CREATE TABLE bench_no_binary (id int PRIMARY KEY, acl aclitem)");
    for (String statement : workload.schema()) {
      database.run(statement);
    }
    String tables =
        workload.tables().stream().collect(Collectors.joining(", ", "", ", " + Task.MARKER));
    database.run("CREATE PUBLICATION %s FOR TABLE %s".formatted(PUBLICATION, tables));
    database.run(
        "CREATE PUBLICATION %s FOR TABLE %s, bench_no_binary".formatted(TEXT_PUBLICATION, tables));
    database.runAll(workload.before(), workload.rows());
    database.run("CHECKPOINT");
    return database;
  }

  /** Makes what is streamed; the slots that are copied from now on show it. */
  String load(Workload workload) throws SQLException {
    createSlot(BASE_SLOT);
    runAll(workload.load(), workload.rows());
    String end = ask("SELECT pg_current_wal_insert_lsn()");
    insertMarker();
    run("CHECKPOINT");
    return end;
  }

  private void runAll(List<String> statements, long rows) throws SQLException {
    for (String statement : statements) {
      run(statement.replace(":rows", Long.toString(rows)));
    }
  }

  /** Inserts rows that are not to be measured, a row in a transaction, as fast as it can. */
  void burst(int rows) throws SQLException {
    run(
        "DO $$ BEGIN FOR i IN 1..%d LOOP INSERT INTO due VALUES (-i, 0, false); COMMIT; END LOOP; END $$"
            .formatted(rows));
  }

  /** The row behind all others. */
  void insertMarker() throws SQLException {
    run("TRUNCATE " + Task.MARKER);
    run("INSERT INTO %s VALUES (1)".formatted(Task.MARKER));
  }

  void createSlot(String slot) throws SQLException {
    ask("SELECT pg_create_logical_replication_slot('%s', 'pgoutput')".formatted(slot));
  }

  /** A slot that shows what was {@linkplain #load loaded}. */
  void copySlot(String slot) throws SQLException {
    ask("SELECT pg_copy_logical_replication_slot('%s', '%s')".formatted(BASE_SLOT, slot));
  }

  boolean isActive(String slot) throws SQLException {
    return ask("SELECT count(*) FROM pg_replication_slots WHERE active AND slot_name = '%s'"
            .formatted(slot))
        .equals("1");
  }

  /** Drops a slot, which its user may still be about to leave. */
  void dropSlot(String slot) throws SQLException, InterruptedException {
    for (int attempt = 0; isActive(slot) && attempt < DROP_ATTEMPTS; attempt++) {
      Thread.sleep(DROP_PAUSE_MILLIS);
    }
    drop(slot);
  }

  private void drop(String slot) throws SQLException {
    ask(
        "SELECT count(pg_drop_replication_slot(slot_name)) FROM pg_replication_slots WHERE slot_name = '%s'"
            .formatted(slot));
  }

  /** Empties a table, before a slot is made that would show it. */
  void truncate(String table) throws SQLException {
    run("TRUNCATE " + table);
  }

  /** Opens a connection of one's own. */
  Connection connect() throws SQLException {
    return connect(server, name);
  }

  private static Connection connect(EmbeddedPostgres server, String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://%s:%d/%s".formatted(server.host(), server.port(), database),
        server.superuser(),
        server.superuserPassword());
  }

  private void run(String sql) throws SQLException {
    run(connection, sql);
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private String ask(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return String.valueOf(result.getString(1));
    }
  }

  String name() {
    return name;
  }

  @Override
  public void close() throws SQLException {
    drop(BASE_SLOT);
    connection.close();
    try (Connection admin = connect(server, "postgres")) {
      run(admin, "DROP DATABASE %s WITH (FORCE)".formatted(name));
      run(admin, "CHECKPOINT");
    }
  }
}
