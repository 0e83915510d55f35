package io.drasi.it.support;

import io.drasi.embedded.postgres.EmbeddedPostgres;
import io.drasi.source.postgres.PostgresReplicationSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A database of one's own on a server, with a role that may replicate. Closing it drops the
 * database with its slots.
 */
public final class TestDatabase implements AutoCloseable {
  private static final AtomicInteger COUNTER = new AtomicInteger();

  /** The role the sources connect as. */
  public static final String ROLE = "drasi_user";

  /** Its password. */
  public static final String PASSWORD = "s3cret pässword";

  private final EmbeddedPostgres server;
  private final String name;

  private TestDatabase(EmbeddedPostgres server, String name) {
    this.server = server;
    this.name = name;
  }

  /** Creates a database. */
  public static TestDatabase create(EmbeddedPostgres server) throws SQLException {
    return create(server, "UTF8");
  }

  /** Creates a database that stores text in an encoding. */
  public static TestDatabase create(EmbeddedPostgres server, String encoding) throws SQLException {
    var database = new TestDatabase(server, "test_" + COUNTER.incrementAndGet());
    try (Connection connection = database.connect("postgres")) {
      run(
          connection,
          "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '%1$s') THEN"
                  .formatted(ROLE)
              + " CREATE ROLE %s LOGIN REPLICATION PASSWORD '%s'; END IF; END $$"
                  .formatted(ROLE, PASSWORD));
      run(
          connection,
          "CREATE DATABASE %s%s"
              .formatted(
                  database.name,
                  encoding.equals("UTF8")
                      ? ""
                      : " ENCODING '%s' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'"
                          .formatted(encoding)));
    }
    return database;
  }

  /** Has transactions that are streamed sent as early as the server can, for new sessions. */
  public void streamEarly() throws SQLException {
    if (isAtLeast(16)) {
      run(
          "ALTER DATABASE %s SET debug_logical_replication_streaming = 'immediate'"
              .formatted(name));
    } else if (isAtLeast(13)) {
      run("ALTER DATABASE %s SET logical_decoding_work_mem = '64kB'".formatted(name));
    }
  }

  /**
   * Has the server soon miss a client that is silent. Before PostgreSQL 12 the whole server has one
   * timeout, which stays as it is.
   */
  public void missSoon(String timeout) throws SQLException {
    if (isAtLeast(12)) {
      run("ALTER DATABASE %s SET wal_sender_timeout = '%s'".formatted(name, timeout));
    }
  }

  /** Whether the server has a major version or a later one. */
  public boolean isAtLeast(int major) throws SQLException {
    return Integer.parseInt(ask("SHOW server_version_num")) / 10_000 >= major;
  }

  /** The database of the same name on another server. */
  public TestDatabase on(EmbeddedPostgres another) {
    return new TestDatabase(another, name);
  }

  /** The server it is on. */
  public EmbeddedPostgres server() {
    return server;
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /** The name of its slot, which differs from those of other databases on the server. */
  public String slot() {
    return name + "_slot";
  }

  /** Opens a connection of the superuser to it. */
  public Connection connect() throws SQLException {
    return connect(name);
  }

  private Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://%s:%d/%s".formatted(server.host(), server.port(), database),
        server.superuser(),
        server.superuserPassword());
  }

  /** Runs statements, each in a transaction of its own unless they say otherwise. */
  public void run(String... statements) throws SQLException {
    try (Connection connection = connect()) {
      for (String statement : statements) {
        run(connection, statement);
      }
    }
  }

  /** Runs a statement. */
  public static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Asks for one value. */
  public String ask(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      if (!result.next()) {
        throw new IllegalStateException("no row: " + sql);
      }
      return result.getString(1);
    }
  }

  /** The options of a source of this database, all but {@code id}. */
  public Map<String, String> options() {
    return Map.of(
        "host",
        server.host(),
        "port",
        Integer.toString(server.port()),
        "database",
        name,
        "user",
        ROLE,
        "password",
        PASSWORD,
        "slot_name",
        slot());
  }

  /** A builder of a source of this database. */
  public PostgresReplicationSource.Builder source(String id) {
    return PostgresReplicationSource.builder(id)
        .withHost(server.host())
        .withPort(server.port())
        .withDatabase(name)
        .withUser(ROLE)
        .withPassword(PASSWORD)
        .withSlotName(slot());
  }

  @Override
  public void close() throws SQLException {
    try (Connection connection = connect("postgres")) {
      run(
          connection,
          "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots"
              + " WHERE active AND database = '%s'".formatted(name));
      for (int attempt = 0; slots(connection) > 0 && attempt < 100; attempt++) {
        run(
            connection,
            "SELECT pg_drop_replication_slot(slot_name), pg_sleep(0.05) FROM pg_replication_slots"
                + " WHERE NOT active AND database = '%s'".formatted(name));
      }
      run(
          connection,
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '%s'"
              .formatted(name));
      run(connection, "DROP DATABASE " + name);
    }
  }

  private int slots(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                "SELECT count(*) FROM pg_replication_slots, pg_sleep(0.02) WHERE database = '%s'"
                    .formatted(name))) {
      result.next();
      return result.getInt(1);
    }
  }
}
