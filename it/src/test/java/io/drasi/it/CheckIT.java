package io.drasi.it;

import static io.drasi.it.support.Eventually.awaitRunning;
import static io.drasi.it.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.api.source.Finding;
import io.drasi.api.source.Finding.Level;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.embedded.postgres.EmbeddedPostgres;
import io.drasi.it.support.CapturedLog;
import io.drasi.it.support.Pooler;
import io.drasi.it.support.Servers;
import io.drasi.it.support.TestDatabase;
import io.drasi.postgres.decoder.row.TableKeyConfig;
import io.drasi.postgres.protocol.Connector;
import io.drasi.source.postgres.BootstrapProviderConfig;
import io.drasi.source.postgres.PostgresReplicationSource;
import io.drasi.source.postgres.PostgresSourceCheck;
import io.drasi.source.postgres.PostgresSourceConfig;
import io.drasi.source.postgres.internal.session.Checkup;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The check against set-ups that are in order and broken ones; its statements mend what is. */
@ParameterizedClass
@MethodSource("io.drasi.it.support.Servers#versions")
class CheckIT {
  @Parameter String version;

  private TestDatabase database;

  @BeforeEach
  void createDatabase() throws Exception {
    database = TestDatabase.create(Servers.shared(version));
    setUp(database);
  }

  private static void setUp(TestDatabase database) throws Exception {
    database.run(
        "CREATE SCHEMA shop",
        "CREATE TABLE shop.users (id int PRIMARY KEY, name text)",
        "CREATE TABLE shop.items (a int, b int, PRIMARY KEY (a, b))",
        "CREATE PUBLICATION drasi_publication FOR TABLE shop.users, shop.items",
        "GRANT USAGE ON SCHEMA shop TO " + TestDatabase.ROLE,
        "GRANT SELECT ON ALL TABLES IN SCHEMA shop TO " + TestDatabase.ROLE);
  }

  @AfterEach
  void dropDatabase() throws Exception {
    database.close();
  }

  private static PostgresSourceConfig.Builder config(TestDatabase database) {
    return PostgresSourceConfig.builder("shop")
        .withHost(database.server().host())
        .withPort(database.server().port())
        .withDatabase(database.name())
        .withUser(TestDatabase.ROLE)
        .withPassword(TestDatabase.PASSWORD)
        .withSlotName(database.slot())
        .withBootstrapProvider(new BootstrapProviderConfig("postgres", Map.of()));
  }

  private static List<Finding> notInOrder(PostgresSourceConfig config) {
    return PostgresSourceCheck.run(config).stream()
        .filter(finding -> finding.level() != Level.OK)
        .toList();
  }

  @Test
  void everythingIsInOrder() throws Exception {
    List<Finding> findings = PostgresSourceCheck.run(config(database).build());

    assertThat(findings)
        .allSatisfy(f -> assertThat(f.level()).as(f.toString()).isEqualTo(Level.OK));
    assertThat(findings)
        .extracting(Finding::item)
        .containsExactly(
            "connection",
            "tls",
            "authentication",
            "pooler",
            "replication",
            "server version",
            "wal_level",
            "synchronous_standby_names",
            "publication",
            "table shop.items",
            "table shop.users",
            "slot",
            "open transactions",
            "max_replication_slots",
            "max_wal_senders",
            "clock");
    assertThat(
            database.ask(
                "SELECT count(*) FROM pg_replication_slots WHERE slot_name = '%s'"
                    .formatted(database.slot())))
        .as("it has changed nothing")
        .isEqualTo("0");
  }

  /** What is broken, by which statement, and which finding has to name it. */
  private record Broken(
      String name,
      String statement,
      UnaryOperator<PostgresSourceConfig.Builder> config,
      Level level,
      String item,
      String message) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Broken broken(
      String name, String statement, Level level, String item, String message) {
    return new Broken(name, statement, config -> config, level, item, message);
  }

  static Stream<Broken> mendable() {
    return Stream.of(
        new Broken(
            "role without REPLICATION",
            "DROP ROLE IF EXISTS \"Plain Role\"; CREATE ROLE \"Plain Role\" LOGIN PASSWORD 'secret'; GRANT %s TO \"Plain Role\""
                .formatted(TestDatabase.ROLE),
            config -> config.withUser("Plain Role").withPassword("secret"),
            Level.PROBLEM,
            "replication",
            "the role Plain Role needs REPLICATION"),
        broken(
            "no publication",
            "DROP PUBLICATION drasi_publication",
            Level.PROBLEM,
            "publication",
            "the publication drasi_publication does not exist"),
        new Broken(
            "table not published",
            "ALTER PUBLICATION drasi_publication DROP TABLE shop.items",
            config -> config.withTables(List.of("shop.users", "shop.items")),
            Level.PROBLEM,
            "publication",
            "does not have shop.items, which tables lists"),
        new Broken(
            "table_keys that are not sent",
            "SELECT 1",
            config -> config.addTableKey(TableKeyConfig.parse("shop.users(name)")),
            Level.PROBLEM,
            "publication",
            "table_keys identifies shop.users by [name]"),
        broken(
            "no SELECT",
            "REVOKE SELECT ON shop.items FROM " + TestDatabase.ROLE,
            Level.PROBLEM,
            "table shop.items",
            "may not read it, which a bootstrap has to: run GRANT SELECT ON \"shop\".\"items\" TO"),
        broken(
            "no USAGE",
            "REVOKE USAGE ON SCHEMA shop FROM " + TestDatabase.ROLE,
            Level.PROBLEM,
            "table shop.users",
            "run GRANT USAGE ON SCHEMA shop TO"),
        broken(
            "no replica identity",
            "ALTER TABLE shop.users REPLICA IDENTITY NOTHING",
            Level.WARNING,
            "table shop.users",
            "it has no replica identity, so the server refuses updates"),
        broken(
            "large values",
            "ALTER TABLE shop.users ALTER name SET STORAGE EXTERNAL; INSERT INTO shop.users VALUES (1, repeat('x', 10000))",
            Level.WARNING,
            "table shop.users",
            "it has large values, which are absent from updates"));
  }

  @ParameterizedTest
  @MethodSource("mendable")
  void whatIsBrokenIsNamedAndItsStatementsMendIt(Broken broken) throws Exception {
    database.run(broken.statement);
    PostgresSourceConfig config = broken.config.apply(config(database)).build();

    List<Finding> findings = notInOrder(config);
    assertThat(findings)
        .anySatisfy(
            finding -> {
              assertThat(finding.item()).isEqualTo(broken.item);
              assertThat(finding.level()).isEqualTo(broken.level);
              assertThat(finding.message()).contains(broken.message);
              assertThat(finding.sql()).isNotEmpty();
            });

    for (Finding finding : findings) {
      database.run(finding.sql().toArray(String[]::new));
    }
    assertThat(notInOrder(config)).isEmpty();
  }

  @Test
  void theServersSettingsAreMendedToo() throws Exception {
    try (EmbeddedPostgres server =
        Servers.start(
            Servers.builder(version)
                .withSetting("wal_level", "replica")
                .withSetting("max_replication_slots", "1")
                .withSetting("max_wal_senders", "1"))) {
      TestDatabase small = TestDatabase.create(server);
      setUp(small);
      PostgresSourceConfig config = config(small).build();
      List<Finding> findings = notInOrder(config);
      assertThat(findings)
          .extracting(Finding::item)
          .containsExactly("wal_level", "max_replication_slots", "max_wal_senders");
      small.run("CREATE ROLE azure_pg_admin");
      assertThat(notInOrder(config))
          .allSatisfy(
              finding -> {
                assertThat(finding.message()).contains("on Azure Database for PostgreSQL set ");
                assertThat(finding.sql()).as("nobody may ALTER SYSTEM there").isEmpty();
              });
      small.run("DROP ROLE azure_pg_admin");
      for (Finding finding : findings) {
        small.run(finding.sql().toArray(String[]::new));
      }
      server.restart();
      assertThat(notInOrder(config)).isEmpty();
    }
  }

  /** A role of the service stands for the right to replicate, or its administrator gives it. */
  @ParameterizedTest
  @CsvSource({
    "rds_replication, GRANT rds_replication TO \"Plain Role\";",
    "cloudsqlsuperuser, ALTER ROLE \"Plain Role\" REPLICATION;"
  })
  void onACloudServiceTheRoleGetsTheRightToReplicateAsIsDoneThere(String service, String grant)
      throws Exception {
    database.run(
        "CREATE ROLE " + service,
        "DROP ROLE IF EXISTS \"Plain Role\"",
        "CREATE ROLE \"Plain Role\" LOGIN PASSWORD 'secret' IN ROLE " + TestDatabase.ROLE);
    try {
      assertThat(notInOrder(config(database).withUser("Plain Role").withPassword("secret").build()))
          .singleElement()
          .satisfies(
              finding -> {
                assertThat(finding.item()).isEqualTo("replication");
                assertThat(finding.level()).isEqualTo(Level.PROBLEM);
                assertThat(finding.message())
                    .endsWith("as the service's administrator run " + grant);
                assertThat(finding.sql()).containsExactly(grant);
              });
    } finally {
      database.run("DROP ROLE \"Plain Role\"", "DROP ROLE " + service);
    }
  }

  @Test
  void whatASlotKeepsOfTheLogIsNamedAndThatItIsLost() throws Exception {
    boolean hasLimit = Servers.isAtLeast(13, version);
    try (EmbeddedPostgres server =
        Servers.start(Servers.builder(version).withSetting("max_wal_size", "32MB"))) {
      TestDatabase small = TestDatabase.create(server);
      setUp(small);
      PostgresSourceConfig config = config(small).build();
      small.run(
          "SELECT pg_create_logical_replication_slot('%s', 'pgoutput')".formatted(small.slot()));
      assertThat(notInOrder(config)).isEmpty();

      writeLog(small, 5);
      assertThat(notInOrder(config))
          .singleElement()
          .satisfies(
              finding -> {
                assertThat(finding.level()).isEqualTo(Level.WARNING);
                assertThat(finding.item()).isEqualTo("slot");
                assertThat(finding.message())
                    .matches("it keeps \\d+ MB of the log, more than max_wal_size; .*")
                    .contains(
                        "there is no limit (%s)"
                            .formatted(
                                hasLimit
                                    ? "max_slot_wal_keep_size"
                                    : "PostgreSQL has one since 13"));
              });
      if (hasLimit) {
        isNamedAsItNearsTheLimitAndWhenItIsLost(small, config);
      }
    }
  }

  private void isNamedAsItNearsTheLimitAndWhenItIsLost(
      TestDatabase small, PostgresSourceConfig config) throws Exception {
    small.run("ALTER SYSTEM SET max_slot_wal_keep_size = '512MB'", "SELECT pg_reload_conf()");
    eventually(
        "the limit is told",
        Duration.ofSeconds(20),
        () ->
            notInOrder(config)
                .get(0)
                .message()
                .matches(".*; after another \\d+ MB the server gives it up .*"));

    small.run("ALTER SYSTEM SET max_slot_wal_keep_size = '16MB'", "SELECT pg_reload_conf()");
    eventually(
        "the slot is lost",
        Duration.ofSeconds(20),
        () -> {
          small.run("CHECKPOINT");
          return notInOrder(config).get(0).level() == Level.PROBLEM;
        });
    Finding lost = notInOrder(config).get(0);
    assertThat(lost.message()).contains("has been invalidated", "raise max_slot_wal_keep_size");
    small.run(lost.sql().toArray(String[]::new));
    assertThat(notInOrder(config)).isEmpty();
  }

  /** Segments of 16 MB each. */
  private static void writeLog(TestDatabase database, int segments) throws Exception {
    for (int i = 0; i < segments; i++) {
      database.run("SELECT pg_logical_emit_message(false, 'x', 'x')", "SELECT pg_switch_wal()");
    }
    database.run("CHECKPOINT");
  }

  private List<Finding> checkup(Clock clock, Duration longTransaction) {
    return new Checkup(config(database).build(), Connector.create(), clock, longTransaction).run();
  }

  @Test
  void aClockThatIsWrongIsNamed() {
    assertThat(
            checkup(
                Clock.offset(Clock.systemUTC(), Duration.ofSeconds(-650)), Duration.ofMinutes(1)))
        .filteredOn(finding -> finding.level() != Level.OK)
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.level()).isEqualTo(Level.WARNING);
              assertThat(finding.item()).isEqualTo("clock");
              assertThat(finding.message())
                  .matches("the server's clock differs from this machine's by 6\\d\\d s; .*");
            });
  }

  @Test
  void aPoolerInBetweenIsNamed() throws Exception {
    try (var pooler = Pooler.to(database.server().port())) {
      List<Finding> findings = notInOrder(config(database).withPort(pooler.port()).build());
      assertThat(findings).extracting(Finding::item).containsExactly("pooler", "replication");
      assertThat(findings)
          .extracting(Finding::message)
          .anySatisfy(
              message ->
                  assertThat(message)
                      .startsWith("a connection pooler seems to stand in between: process "))
          .anySatisfy(message -> assertThat(message).contains("such as a connection pooler"));
    }
  }

  @Test
  void whatSurprisesInATableIsNamed() throws Exception {
    Servers.assumeSince(12, version, "columns are generated");
    database.run(
        "CREATE TABLE shop.sums (a int PRIMARY KEY, twice int GENERATED ALWAYS AS (2 * a) STORED)");
    database.run("GRANT SELECT ON shop.sums TO " + TestDatabase.ROLE);
    boolean filters = Integer.parseInt(version) >= 15;
    database.run(
        "ALTER PUBLICATION drasi_publication ADD TABLE shop.sums"
            + (filters ? " WHERE (a > 0)" : ""));
    List<String> messages =
        notInOrder(config(database).build()).stream().map(Finding::message).toList();
    assertThat(messages).hasSize(filters ? 2 : 1);
    assertThat(messages.get(0)).startsWith("it has generated columns");
    if (filters) {
      assertThat(messages.get(1)).startsWith("the publication has a row filter for it");
    }
  }

  @Test
  void aSlotInUseIsNamedWithItsUser() throws Exception {
    PostgresSourceConfig config = config(database).build();
    try (var source = PostgresReplicationSource.create(config)) {
      source.subscribe(SubscriptionRequest.of("one"));
      source.start();
      awaitRunning(source);
      assertThat(notInOrder(config))
          .singleElement()
          .satisfies(
              finding -> {
                assertThat(finding.level()).isEqualTo(Level.PROBLEM);
                assertThat(finding.message())
                    .contains(database.slot() + " is in use by process ")
                    .contains("(drasi:shop from 127.0.0.1)");
                assertThat(finding.sql()).isEmpty();
              });
    }
  }

  @Test
  void aSlotOfAnotherKindIsNamedButNotDropped() throws Exception {
    database.run(
        "SELECT pg_create_logical_replication_slot('%s', 'test_decoding')"
            .formatted(database.slot()));
    assertThat(notInOrder(config(database).build()))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.message()).contains("uses the output plugin test_decoding");
              assertThat(finding.sql()).isEmpty();
            });
  }

  @Test
  void transactionsThatASlotWouldWaitForAreNamed() throws Exception {
    try (Connection open = database.connect()) {
      open.setAutoCommit(false);
      TestDatabase.run(open, "INSERT INTO shop.users VALUES (7, 'x')");
      assertThat(notInOrder(config(database).build()))
          .singleElement()
          .satisfies(
              finding -> {
                assertThat(finding.level()).isEqualTo(Level.WARNING);
                assertThat(finding.message()).contains("the creation of the slot waits for it");
              });
      database.run("SELECT pg_create_physical_replication_slot('%s')".formatted(database.slot()));
      assertThat(PostgresSourceCheck.run(config(database).build()))
          .as("it is not open for long")
          .filteredOn(finding -> finding.item().equals("open transactions"))
          .singleElement()
          .satisfies(finding -> assertThat(finding.level()).isEqualTo(Level.OK));
      assertThat(checkup(Clock.systemUTC(), Duration.ZERO))
          .filteredOn(finding -> finding.item().equals("open transactions"))
          .singleElement()
          .satisfies(
              finding ->
                  assertThat(finding.message()).contains("the slot keeps the log since then"));
      open.rollback();
    }
  }

  @Test
  void partitionsAndWhatIsAboutThemAreNamed() throws Exception {
    Servers.assumeSince(13, version, "partitioned tables are published");
    database.run(
        "CREATE TABLE parts (id int PRIMARY KEY) PARTITION BY RANGE (id)",
        "CREATE TABLE low PARTITION OF parts FOR VALUES FROM (0) TO (10)",
        "CREATE PUBLICATION parts_publication FOR TABLE parts");
    var partitioned =
        config(database)
            .withPublicationName("parts_publication")
            .withBootstrapProvider(new BootstrapProviderConfig("noop", Map.of()))
            .build();

    assertThat(notInOrder(partitioned))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.level()).isEqualTo(Level.WARNING);
              assertThat(finding.item()).isEqualTo("partitions");
              assertThat(finding.message())
                  .startsWith("public.low: the server does not tell of ATTACH, DETACH and DROP");
            });

    try (var log = new CapturedLog();
        var source = PostgresReplicationSource.create(partitioned)) {
      source.start();
      awaitRunning(source);
      assertThat(log.text()).contains("shop: public.low: the server does not tell of ATTACH");
    }
  }

  @Test
  void thatThereIsNoConnectionIsAFinding() {
    assertThat(PostgresSourceCheck.run(config(database).withPassword("wrong").build()))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.item()).isEqualTo("connection");
              assertThat(finding.message()).contains("check the options user and password");
            });
    assertThat(PostgresSourceCheck.run(config(database).withPort(1).build()))
        .singleElement()
        .satisfies(finding -> assertThat(finding.message()).startsWith("no connection to"));
  }
}
