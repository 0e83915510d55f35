package io.drasi.it.support;

import io.drasi.embedded.postgres.EmbeddedPostgres;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A database on which something is set up wrong, the options of a source that runs into it, and
 * what the source has to say. Closing it undoes what was done to the server.
 */
public final class WrongSetup implements AutoCloseable {
  /** A password that nobody has. */
  public static final String WRONG_PASSWORD = "hunter2";

  private final TestDatabase database;
  private final Map<String, String> options;
  private final Deque<Undoing> undoing = new ArrayDeque<>();
  private String problem = "";
  private String remedy = "";

  private interface Undoing {
    void run() throws SQLException;
  }

  private WrongSetup(TestDatabase database) {
    this.database = database;
    this.options = new LinkedHashMap<>(database.options());
    undoing.push(database::close);
  }

  /** A database with a table and its publication, where nothing is wrong yet. */
  static WrongSetup on(EmbeddedPostgres server) throws SQLException {
    return new WrongSetup(TestDatabase.create(server))
        .run("CREATE TABLE users (id int PRIMARY KEY, email text)")
        .run("CREATE PUBLICATION drasi_publication FOR TABLE users");
  }

  /** As {@link #on}, on a server of its own. */
  static WrongSetup onServerWith(Map<String, String> settings, String version) throws SQLException {
    EmbeddedPostgres.Builder builder = Servers.builder(version);
    settings.forEach(builder::withSetting);
    EmbeddedPostgres server = Servers.start(builder);
    WrongSetup setup = on(server);
    setup.undoing.addLast(server::close);
    return setup;
  }

  /** The database's name. */
  String name() {
    return database.name();
  }

  /** The name of its slot. */
  String slot() {
    return database.slot();
  }

  /** Runs a statement in the database. */
  WrongSetup run(String sql) throws SQLException {
    database.run(sql);
    return this;
  }

  /** Creates its slot; the arguments, in SQL, are those that follow the slot's name. */
  WrongSetup createSlot(String arguments) throws SQLException {
    return run("SELECT pg_create_logical_replication_slot('%s', %s)".formatted(slot(), arguments));
  }

  /** Runs a statement in the database when this is closed. */
  WrongSetup undoBy(String sql) {
    undoing.push(() -> database.run(sql));
    return this;
  }

  /** Another database on the server. */
  TestDatabase another() throws SQLException {
    var another = TestDatabase.create(database.server());
    undoing.push(another::close);
    return another;
  }

  /** Creates a role, which the source is to connect as. */
  WrongSetup connectAs(String role, String attributes) throws SQLException {
    options.put("user", role);
    return run("CREATE ROLE %s %s PASSWORD '%s'".formatted(role, attributes, TestDatabase.PASSWORD))
        .undoBy("DROP ROLE " + role);
  }

  /** Sets an option. */
  WrongSetup set(String option, String value) {
    options.put(option, value);
    return this;
  }

  /** The source is to say this. */
  void expect(String message) {
    expect(message, message);
  }

  /** The source is to say something that begins with a problem and ends with a remedy. */
  void expect(String expectedProblem, String expectedRemedy) {
    problem = expectedProblem;
    remedy = expectedRemedy;
  }

  /** The role lacks one of the rights that the log-in takes; the server says which. */
  void expectRights() {
    expect(
        "connecting to ",
        (" [SQLSTATE 42501]; the role %1$s needs REPLICATION, and CONNECT on the database %2$s: as a"
                + " superuser run ALTER ROLE %1$s REPLICATION; GRANT CONNECT ON DATABASE %2$s TO"
                + " %1$s;")
            .formatted(options.get("user"), name()));
  }

  /** The slot cannot be used by this source. */
  void expectAnotherSlot(String why) {
    expect(
        ("the replication slot %1$s %2$s: choose another slot_name, or, if nobody needs it, run"
                + " SELECT pg_drop_replication_slot('%1$s');")
            .formatted(options.get("slot_name"), why));
  }

  /** The options of the source, all but {@code id}. */
  public Map<String, String> options() {
    return options;
  }

  /** How the message begins. */
  public String problem() {
    return problem;
  }

  /** How the message ends. */
  public String remedy() {
    return remedy;
  }

  @Override
  public void close() throws SQLException {
    for (Undoing action : undoing) {
      action.run();
    }
  }
}
