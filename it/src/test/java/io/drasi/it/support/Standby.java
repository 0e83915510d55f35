package io.drasi.it.support;

import static io.drasi.it.support.Eventually.eventually;

import io.drasi.embedded.postgres.EmbeddedPostgres;
import io.drasi.embedded.postgres.ShutdownMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;

/** A server that follows another one, as a hot standby, and may take its place. */
public final class Standby implements AutoCloseable {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String PASSWORD = "one for both";

  private final EmbeddedPostgres server;
  private final TestDatabase database;

  private Standby(EmbeddedPostgres server, TestDatabase database) {
    this.server = server;
    this.database = database;
  }

  /** A builder of a primary that can have a standby. */
  public static EmbeddedPostgres.Builder primary(String version) {
    return Servers.builder(version).withPassword(PASSWORD);
  }

  /**
   * Makes a standby of a primary, which is stopped while it is copied. With PostgreSQL 17 and later
   * it has the primary's slots that are for standbys, and the primary sends nothing that it has
   * not.
   *
   * @param database a database of the primary
   */
  public static Standby of(TestDatabase database, String version) throws Exception {
    EmbeddedPostgres primary = database.server();
    database.run("SELECT pg_create_physical_replication_slot('standby', true)");
    primary.stop(ShutdownMode.FAST);
    EmbeddedPostgres server = Servers.start(primary(version));
    server.stop(ShutdownMode.FAST);
    Folders.replace(server.dataDirectory(), primary.dataDirectory());
    follow(server, primary, database, version);
    primary.start();
    server.start();
    var standby = new Standby(server, database.on(server));
    standby.awaitStreaming();
    return standby;
  }

  private static void follow(
      EmbeddedPostgres server, EmbeddedPostgres primary, TestDatabase database, String version)
      throws Exception {
    boolean syncsSlots = Integer.parseInt(version) >= 17;
    Path settings = server.dataDirectory().resolve("postgresql.auto.conf");
    Files.write(
        settings,
        List.of(
            "primary_conninfo = 'host=%s port=%d user=%s password=''%s'' dbname=%s'"
                .formatted(
                    primary.host(), primary.port(), primary.superuser(), PASSWORD, database.name()),
            "primary_slot_name = 'standby'",
            "hot_standby_feedback = on",
            "wal_receiver_status_interval = 1",
            syncsSlots ? "sync_replication_slots = on" : ""),
        StandardOpenOption.APPEND);
    if (syncsSlots) {
      Files.write(
          primary.dataDirectory().resolve("postgresql.auto.conf"),
          List.of("synchronized_standby_slots = 'standby'"),
          StandardOpenOption.APPEND);
    }
    Path signal = Files.createFile(server.dataDirectory().resolve("standby.signal"));
    Folders.copyOwner(server.dataDirectory(), signal);
  }

  /** The server. */
  public EmbeddedPostgres server() {
    return server;
  }

  /** The primary's database, here. */
  public TestDatabase database() {
    return database;
  }

  private void awaitStreaming() throws Exception {
    eventually(
        "the standby streams",
        LONG,
        () ->
            database
                .ask("SELECT count(*) FROM pg_stat_wal_receiver WHERE status = 'streaming'")
                .equals("1"));
  }

  /** Waits until it has what the primary has written so far. */
  public void awaitReplayed(TestDatabase primary) throws Exception {
    String written = primary.ask("SELECT pg_current_wal_lsn()");
    eventually(
        "the standby has replayed " + written,
        LONG,
        () ->
            database
                .ask("SELECT pg_last_wal_replay_lsn() >= '%s'::pg_lsn".formatted(written))
                .equals("t"));
  }

  /** Waits until the primary's slot could be used here after a failover. */
  public void awaitSlot(String slot) throws Exception {
    eventually(
        "the standby has the slot",
        LONG,
        () ->
            database
                .ask(
                    "SELECT count(*) FROM pg_replication_slots WHERE synced AND NOT temporary AND slot_name = '%s'"
                        .formatted(slot))
                .equals("1"));
  }

  /** Takes the primary's place. */
  public void promote() throws Exception {
    if (!database.ask("SELECT pg_promote()").equals("t")) {
      throw new IllegalStateException("the standby was not promoted");
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
