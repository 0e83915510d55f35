package io.drasi.it.support;

import io.drasi.api.source.SourceState;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** What can be set up wrong on a server or in the options, and what a source has to say then. */
public final class SetupProblem {
  private static final SetupProblem TWO_PHASE =
      lasting(
          "slot with two phase",
          setup ->
              setup
                  .createSlot("'pgoutput', false, true")
                  .expectAnotherSlot("was created with two_phase"));
  private static final SetupProblem INVALIDATED =
      lastingOn(
          Map.of("max_slot_wal_keep_size", "1MB"),
          "invalidated slot",
          SetupProblem::invalidateSlot);
  private static final List<SetupProblem> ALL =
      List.of(
          lasting(
              "wrong password",
              setup ->
                  setup
                      .set("password", WrongSetup.WRONG_PASSWORD)
                      .expect(
                          "connecting to ",
                          " [SQLSTATE 28P01]; check the options user and password")),
          lasting(
              "no password",
              setup ->
                  setup
                      .set("password", "")
                      .expect(
                          "the server asks for a password, but none is configured; set the option"
                              + " password")),
          lasting(
              "unknown database",
              setup ->
                  setup
                      .set("database", "nowhere")
                      .expect("connecting to ", " [SQLSTATE 3D000]; check the option database")),
          lasting("closed database", SetupProblem::closeDatabase),
          lasting(
              "role without login",
              setup ->
                  setup
                      .connectAs("without_login", "NOLOGIN REPLICATION")
                      .expect(
                          "connecting to ",
                          " [SQLSTATE 28000]; check that the role without_login may log in (ALTER ROLE"
                              + " without_login LOGIN;) and that pg_hba.conf has a line for it")),
          lasting(
              "role without replication",
              setup -> setup.connectAs("plain", "LOGIN").expectRights()),
          lasting(
              "role without connect",
              setup ->
                  setup
                      .run("REVOKE CONNECT ON DATABASE %s FROM PUBLIC".formatted(setup.name()))
                      .expectRights()),
          lasting(
              "role without the catalog",
              setup ->
                  setup
                      .run("REVOKE SELECT ON pg_catalog.pg_publication FROM PUBLIC")
                      .expect(
                          "SELECT ",
                          " [SQLSTATE 42501]; grant that privilege to the role "
                              + TestDatabase.ROLE)),
          lastingOn(
              Map.of("wal_level", "replica"),
              "wal level replica",
              setup ->
                  setup.expect(
                      "wal_level is replica, but logical replication needs logical: run"
                          + " ALTER SYSTEM SET wal_level = logical; and restart the server")),
          INVALIDATED,
          lasting(
              "missing publication",
              setup ->
                  setup
                      .run("DROP PUBLICATION drasi_publication")
                      .set("tables", "users")
                      .expect(
                          ("the publication drasi_publication does not exist in database %s: run CREATE"
                                  + " PUBLICATION drasi_publication FOR TABLE \"public\".\"users\";")
                              .formatted(setup.name()))),
          lasting(
              "table outside the publication",
              setup ->
                  setup
                      .run("CREATE SCHEMA shop")
                      .run("CREATE TABLE shop.orders (id int)")
                      .set("tables", "shop.orders")
                      .expect(
                          "the publication drasi_publication does not have shop.orders, which tables lists:"
                              + " run ALTER PUBLICATION drasi_publication ADD TABLE"
                              + " \"shop\".\"orders\";")),
          lasting(
              "key outside the replica identity",
              setup ->
                  setup
                      .set("table_keys", "users(email)")
                      .expect(
                          "table_keys identifies public.users by [email], but for updates and deletes the"
                              + " server sends only [id] of the old row: run ALTER TABLE"
                              + " \"public\".\"users\" REPLICA IDENTITY FULL;")),
          lasting(
              "key of a table that is not published",
              setup ->
                  setup
                      .set("table_keys", "oders(id)")
                      .expect(
                          "table_keys names public.oders, which the publication drasi_publication does not"
                              + " have")),
          lasting(
              "slot of another plugin",
              setup ->
                  setup
                      .createSlot("'test_decoding'")
                      .expectAnotherSlot("uses the output plugin test_decoding, not pgoutput")),
          lasting("slot of another database", SetupProblem::makeSlotOfAnotherDatabase),
          lasting(
              "physical slot",
              setup ->
                  setup
                      .run(
                          "SELECT pg_create_physical_replication_slot('%s')"
                              .formatted(setup.slot()))
                      .undoBy("SELECT pg_drop_replication_slot('%s')".formatted(setup.slot()))
                      .expectAnotherSlot("is a physical slot")),
          TWO_PHASE,
          passing(
              "unknown host",
              setup ->
                  setup
                      .set("host", "no-such-host.invalid")
                      .expect(
                          "the host name no-such-host.invalid cannot be resolved; check the option host")),
          passing(
              "nobody listening",
              setup ->
                  setup
                      .set("port", "1")
                      .expect(
                          "no connection to 127.0.0.1:1: ",
                          "; check host, port, listen_addresses and the firewall")));

  private interface Mischief {
    void make(WrongSetup setup) throws SQLException;
  }

  private final String name;
  private final SourceState state;
  private final Map<String, String> settings;
  private final Mischief mischief;

  private SetupProblem(
      String name, SourceState state, Map<String, String> settings, Mischief mischief) {
    this.name = name;
    this.state = state;
    this.settings = settings;
    this.mischief = mischief;
  }

  private static SetupProblem lasting(String name, Mischief mischief) {
    return lastingOn(Map.of(), name, mischief);
  }

  /** On a server of its own, with these settings. */
  private static SetupProblem lastingOn(
      Map<String, String> settings, String name, Mischief mischief) {
    return new SetupProblem(name, SourceState.FAILED, settings, mischief);
  }

  private static SetupProblem passing(String name, Mischief mischief) {
    return new SetupProblem(name, SourceState.RECONNECTING, Map.of(), mischief);
  }

  /** Those that a server of this version can have. */
  public static List<SetupProblem> possibleOn(String version) {
    boolean hasTwoPhase = Servers.isAtLeast(14, version);
    boolean invalidates = Servers.isAtLeast(13, version);
    return ALL.stream()
        .filter(problem -> hasTwoPhase || problem != TWO_PHASE)
        .filter(problem -> invalidates || problem != INVALIDATED)
        .toList();
  }

  /** Where a source ends that runs into it. */
  public SourceState state() {
    return state;
  }

  /** Sets it up. */
  public WrongSetup setUp(String version) throws SQLException {
    WrongSetup setup =
        settings.isEmpty()
            ? WrongSetup.on(Servers.shared(version))
            : WrongSetup.onServerWith(settings, version);
    mischief.make(setup);
    return setup;
  }

  @Override
  public String toString() {
    return name;
  }

  private static void closeDatabase(WrongSetup setup) throws SQLException {
    String allow = "ALTER DATABASE %s ALLOW_CONNECTIONS ".formatted(setup.name());
    setup.another().run(allow + "false");
    setup.expect("connecting to ", " [SQLSTATE 55000]; run " + allow + "true;");
  }

  private static void invalidateSlot(WrongSetup setup) throws SQLException {
    setup.createSlot("'pgoutput'");
    for (int segment = 1; segment <= 2; segment++) {
      setup.run("INSERT INTO users VALUES (%d)".formatted(segment)).run("SELECT pg_switch_wal()");
    }
    setup
        .run("CHECKPOINT")
        .expect(
            "the replication slot %s has been invalidated (".formatted(setup.slot()),
            ("): the changes since its last confirmed position are lost. Run SELECT"
                    + " pg_drop_replication_slot('%s'); make a new source (or run the command"
                    + " again), and bootstrap the subscribers again, or set on_slot_loss to rebootstrap; raise max_slot_wal_keep_size"
                    + " to avoid it")
                .formatted(setup.slot()));
  }

  private static void makeSlotOfAnotherDatabase(WrongSetup setup) throws SQLException {
    TestDatabase other = setup.another();
    other.run(
        "SELECT pg_create_logical_replication_slot('%s', 'pgoutput')".formatted(other.slot()));
    setup
        .set("slot_name", other.slot())
        .expectAnotherSlot(
            "belongs to the database %s, not %s".formatted(other.name(), setup.name()));
  }
}
