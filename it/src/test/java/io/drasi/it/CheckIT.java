package io.drasi.it;

import static io.drasi.it.support.Eventually.awaitRunning;
import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.api.source.Finding;
import io.drasi.api.source.Finding.Level;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.embedded.postgres.EmbeddedPostgres;
import io.drasi.it.support.CapturedLog;
import io.drasi.it.support.Servers;
import io.drasi.it.support.TestDatabase;
import io.drasi.postgres.decoder.row.TableKeyConfig;
import io.drasi.source.postgres.BootstrapProviderConfig;
import io.drasi.source.postgres.PostgresReplicationSource;
import io.drasi.source.postgres.PostgresSourceCheck;
import io.drasi.source.postgres.PostgresSourceConfig;
import java.sql.Connection;
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
      for (Finding finding : findings) {
        small.run(finding.sql().toArray(String[]::new));
      }
      server.restart();
      assertThat(notInOrder(config)).isEmpty();
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
                assertThat(finding.message()).contains("which the creation of the slot waits for");
              });
      open.rollback();
    }
  }

  @Test
  void partitionsAndWhatIsAboutThemAreNamed() throws Exception {
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
