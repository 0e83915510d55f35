package io.drasi.it.support;

import static io.drasi.it.support.Eventually.eventually;

import io.drasi.embedded.postgres.EmbeddedPostgres;
import io.drasi.embedded.postgres.ShutdownMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A server that follows another one, as a hot standby, and may take its place. */
public final class Standby implements AutoCloseable {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String PASSWORD = "one for both";

  /** Before, a file recovery.conf made a standby, and a file that it named promoted it. */
  private static final int SIGNALS_SINCE = 12;

  private static final String TRIGGER = "promote.now";

  private final EmbeddedPostgres server;
  private final TestDatabase database;
  private final String version;

  private Standby(EmbeddedPostgres server, TestDatabase database, String version) {
    this.server = server;
    this.database = database;
    this.version = version;
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
    var standby = new Standby(server, database.on(server), version);
    standby.awaitStreaming();
    return standby;
  }

  private static void follow(
      EmbeddedPostgres server, EmbeddedPostgres primary, TestDatabase database, String version)
      throws Exception {
    boolean syncsSlots = Integer.parseInt(version) >= 17;
    Path settings = server.dataDirectory().resolve("postgresql.auto.conf");
    List<String> receiver =
        List.of(
            "primary_conninfo = 'host=%s port=%d user=%s password=''%s'' dbname=%s'"
                .formatted(
                    primary.host(), primary.port(), primary.superuser(), PASSWORD, database.name()),
            "primary_slot_name = 'standby'");
    Files.write(
        settings,
        List.of(
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
    makeStandby(server, version, receiver);
  }

  /**
   * Has a server, which is stopped, start as a standby.
   *
   * @param receiver the settings that say what it follows
   */
  public static void makeStandby(EmbeddedPostgres server, String version, List<String> receiver)
      throws IOException {
    Path data = server.dataDirectory();
    if (Servers.isAtLeast(SIGNALS_SINCE, version)) {
      Files.write(data.resolve("postgresql.auto.conf"), receiver, StandardOpenOption.APPEND);
      create(data, "standby.signal", List.of());
    } else {
      List<String> recovery = new ArrayList<>(receiver);
      recovery.add("standby_mode = on");
      recovery.add("trigger_file = '%s'".formatted(TRIGGER));
      create(data, "recovery.conf", recovery);
    }
  }

  private static void create(Path data, String name, List<String> lines) throws IOException {
    Path file = Files.createFile(data.resolve(name));
    Files.write(file, lines);
    Folders.copyOwner(data, file);
  }

  /** Has a standby become a primary on a new timeline. */
  public static void promote(TestDatabase database, String version) throws Exception {
    if (!Servers.isAtLeast(SIGNALS_SINCE, version)) {
      create(database.server().dataDirectory(), TRIGGER, List.of());
      eventually(
          "the standby is promoted",
          LONG,
          () -> database.ask("SELECT pg_is_in_recovery()").equals("f"));
    } else if (!database.ask("SELECT pg_promote()").equals("t")) {
      throw new IllegalStateException("the standby was not promoted");
    }
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
    promote(database, version);
  }

  @Override
  public void close() {
    server.close();
  }
}
