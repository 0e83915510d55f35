package io.drasi.it.support;

import io.drasi.api.bootstrap.BootstrapRequest;
import io.drasi.bootstrap.postgres.PostgresBootstrapProvider;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.FutureTask;
import org.postgresql.PGConnection;

/** What tests of bootstraps have in common. */
public final class Bootstraps {
  /** Asks for all tables, for the source {@code shop}. */
  public static final BootstrapRequest EVERYTHING =
      BootstrapRequest.of("shop", "query", Set.of(), Set.of());

  /** The condition of the connections of {@link #EVERYTHING} in {@code pg_stat_activity}. */
  public static final String OURS = "application_name = 'drasi:shop:bootstrap'";

  private Bootstraps() {}

  /** Runs statements, and lets the role read all tables of the schema public. */
  public static void setUp(TestDatabase database, String... statements) throws SQLException {
    database.run(statements);
    database.run("GRANT SELECT ON ALL TABLES IN SCHEMA public TO " + TestDatabase.ROLE);
  }

  /** A provider of a database, with the defaults. */
  public static PostgresBootstrapProvider.Builder provider(TestDatabase database) {
    return PostgresBootstrapProvider.builder()
        .withHost(database.server().host())
        .withPort(database.server().port())
        .withDatabase(database.name())
        .withUser(TestDatabase.ROLE)
        .withPassword(TestDatabase.PASSWORD);
  }

  /** Starts a thread, of which no test needs the end. */
  public static <T> Thread start(String name, FutureTask<T> task) {
    var thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** Waits until an ended bootstrap has left nothing, here or on the server. */
  public static void awaitNothingLeft(TestDatabase database) throws Exception {
    Eventually.eventually(
        "connections, slots and threads are gone",
        Duration.ofSeconds(5),
        () ->
            slots(database) == 0
                && database.ask("SELECT count(*) FROM pg_stat_activity WHERE " + OURS).equals("0")
                && Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().startsWith("shop-bootstrap")));
  }

  /** How many slots bootstraps have at the moment. */
  public static int slots(TestDatabase database) throws SQLException {
    return Integer.parseInt(
        database.ask(
            "SELECT count(*) FROM pg_replication_slots WHERE slot_name LIKE 'drasi_bootstrap%'"));
  }

  /** Waits until the making of a slot waits for the transaction of a connection. */
  public static void awaitSlotWaitsFor(TestDatabase database, Connection open) throws Exception {
    String query =
        "SELECT count(*) FROM pg_locks w JOIN pg_locks h USING (transactionid)"
            + " JOIN pg_stat_activity a ON a.pid = w.pid"
            + " WHERE NOT w.granted AND h.granted AND h.pid = %d AND %s"
                .formatted(open.unwrap(PGConnection.class).getBackendPID(), OURS);
    Eventually.eventually(
        "the slot waits", Duration.ofSeconds(20), () -> database.ask(query).equals("1"));
  }

  /** Waits until somebody waits for the lock on a table. */
  public static void awaitWaitingFor(TestDatabase database, String table) throws Exception {
    Eventually.eventually(
        "somebody waits for " + table,
        Duration.ofSeconds(20),
        () ->
            !database
                .ask(
                    "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = '%s'::regclass"
                        .formatted(table))
                .equals("0"));
  }

  /** Starts a statement and waits until it waits for the lock on a table. */
  public static FutureTask<Boolean> startWaiting(
      TestDatabase database, String table, String statement) throws Exception {
    var waiting =
        new FutureTask<>(
            () -> {
              database.run(statement);
              return true;
            });
    start("statement", waiting);
    awaitWaitingFor(database, table);
    return waiting;
  }
}
