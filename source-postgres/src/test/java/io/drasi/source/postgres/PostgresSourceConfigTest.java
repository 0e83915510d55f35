package io.drasi.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.drasi.api.config.ConfigurationException;
import io.drasi.api.config.Options;
import io.drasi.api.source.DispatchMode;
import io.drasi.api.source.SourceFactory;
import io.drasi.postgres.decoder.row.ElementIdFormat;
import io.drasi.postgres.decoder.row.TableKeyConfig;
import io.drasi.postgres.decoder.row.TableName;
import io.drasi.postgres.protocol.ConnectionConfig;
import io.drasi.postgres.protocol.SslMode;
import io.drasi.postgres.protocol.auth.Password;
import io.drasi.postgres.protocol.auth.PasswordSource;
import io.drasi.postgres.protocol.replication.SlotName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PostgresSourceConfigTest {
  private static final String TEXTS = "; names are written plain or in SQL quotes";
  private static final String SLOT_RULE =
      "a slot name is 1 to 63 lower-case letters, digits and underscores, was ";

  private static Map<String, Object> with(Object... more) {
    Map<String, Object> options = new HashMap<>();
    options.put("id", "src");
    options.put("database", "shop");
    options.put("user", "drasi");
    for (int i = 0; i < more.length; i += 2) {
      options.put((String) more[i], more[i + 1]);
    }
    return options;
  }

  private static PostgresSourceConfig parse(Object... more) {
    return PostgresSourceConfig.parse(with(more));
  }

  private static List<String> problems(Map<String, ?> options) {
    try {
      PostgresSourceConfig.parse(options);
    } catch (ConfigurationException e) {
      assertThat(e).hasMessage(String.join("\n", e.problems()));
      return e.problems();
    }
    throw new AssertionError("nothing was wrong with " + options);
  }

  @Test
  void theDefaultsAreThoseOfTheDocumentation() {
    PostgresSourceConfig config = parse();
    assertThat(config)
        .isEqualTo(
            new PostgresSourceConfig(
                "src",
                ConnectionConfig.builder()
                    .withHost("localhost")
                    .withPort(5432)
                    .withDatabase("shop")
                    .withUser("drasi")
                    .withPassword(Password.none())
                    .withSslMode(SslMode.PREFER)
                    .withApplicationName("drasi:src")
                    .build(),
                List.of(),
                new SlotName("drasi_slot"),
                "drasi_publication",
                List.of(),
                ElementIdFormat.TABLE,
                false,
                SlotLossPolicy.FAIL,
                Streaming.PARALLEL,
                DispatchMode.CHANNEL,
                1000,
                Duration.ZERO,
                Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 8),
                Path.of(System.getProperty("java.io.tmpdir")),
                10L << 30,
                null,
                true,
                null));
    assertThat(PostgresSourceConfig.builder("src").withDatabase("shop").withUser("drasi").build())
        .as("one set of defaults")
        .isEqualTo(config);
  }

  private static Arguments good(
      String key, Object value, Object expected, Function<PostgresSourceConfig, Object> getter) {
    return Arguments.of(key, value, expected, getter);
  }

  private static PasswordSource fixed(Object password) {
    return new PasswordSource.Fixed(Password.of(password.toString()));
  }

  static List<Arguments> goodValues() {
    return List.of(
        good("id", "a b", "a b", PostgresSourceConfig::id),
        good("host", "db.example.com", "db.example.com", c -> c.connection().host()),
        good("port", 1, 1, c -> c.connection().port()),
        good("port", "65535", 65_535, c -> c.connection().port()),
        good("port", 5433L, 5433, c -> c.connection().port()),
        good("database", "My Shop", "My Shop", c -> c.connection().database()),
        good("user", "Drasi", "Drasi", c -> c.connection().user()),
        good("subscriber_timeout", 90, Duration.ofSeconds(90), c -> c.subscriberTimeout()),
        good("memory_limit_mb", 3, 3L << 20, c -> c.memoryLimitBytes()),
        good("spill_dir", ".", Path.of("."), c -> c.spillDir()),
        good("state_dir", ".", Path.of("."), c -> c.stateDir()),
        good("spill_limit_mb", 3, 3L << 20, c -> c.spillLimitBytes()),
        good(
            "bootstrap_provider",
            Map.of("kind", "csv", "files", "a.csv"),
            new BootstrapProviderConfig("csv", Map.of("files", "a.csv")),
            c -> c.bootstrapProvider()),
        good("password", "pw ", fixed("pw "), c -> c.connection().password()),
        good("password", "", fixed(""), c -> c.connection().password()),
        good("password", 1234, fixed(1234), c -> c.connection().password()),
        good("ssl_mode", "disable", SslMode.DISABLE, c -> c.connection().sslMode()),
        good("ssl_mode", "prefer", SslMode.PREFER, c -> c.connection().sslMode()),
        good("ssl_mode", "require", SslMode.REQUIRE, c -> c.connection().sslMode()),
        good("ssl_mode", "verify-ca", SslMode.VERIFY_CA, c -> c.connection().sslMode()),
        good("ssl_mode", "VERIFY_FULL", SslMode.VERIFY_FULL, c -> c.connection().sslMode()),
        good("sslMode", "require", SslMode.REQUIRE, c -> c.connection().sslMode()),
        good("tables", List.of(), List.of(), PostgresSourceConfig::tables),
        good("tables", "", List.of(), PostgresSourceConfig::tables),
        good(
            "tables",
            List.of("users", "sales.orders", "\"My Schema\".\"A.B\""),
            List.of(
                new TableName("public", "users"),
                new TableName("sales", "orders"),
                new TableName("My Schema", "A.B")),
            PostgresSourceConfig::tables),
        good(
            "tables",
            "users, sales.orders",
            List.of(new TableName("public", "users"), new TableName("sales", "orders")),
            PostgresSourceConfig::tables),
        good(
            "tables",
            new String[] {"users"},
            List.of(new TableName("public", "users")),
            PostgresSourceConfig::tables),
        good("slot_name", "a_1", new SlotName("a_1"), PostgresSourceConfig::slotName),
        good("slotName", "b", new SlotName("b"), PostgresSourceConfig::slotName),
        good("publication_name", "My Pub", "My Pub", PostgresSourceConfig::publicationName),
        good("publicationName", "pub", "pub", PostgresSourceConfig::publicationName),
        good(
            "table_keys",
            "order_items(order_id, \"Item\")",
            List.of(key("order_items", "order_id", "Item")),
            PostgresSourceConfig::tableKeys),
        good(
            "table_keys",
            new String[] {"a(x)", "public.b(y)"},
            List.of(key("a", "x"), key("b", "y")),
            PostgresSourceConfig::tableKeys),
        good(
            "table_keys",
            List.of(Map.of("table", "a", "key_columns", List.of("x", "y")), "b(z)"),
            List.of(key("a", "x", "y"), key("b", "z")),
            PostgresSourceConfig::tableKeys),
        good(
            "tableKeys",
            List.of(Map.of("table", "a", "keyColumns", "x, y")),
            List.of(key("a", "x", "y")),
            PostgresSourceConfig::tableKeys),
        good(
            "element_id_format",
            "qualified",
            ElementIdFormat.QUALIFIED,
            PostgresSourceConfig::elementIdFormat),
        good("slot_failover", "true", true, PostgresSourceConfig::slotFailover),
        good(
            "on_slot_loss",
            "rebootstrap",
            SlotLossPolicy.REBOOTSTRAP,
            PostgresSourceConfig::onSlotLoss),
        good("streaming", "off", Streaming.OFF, PostgresSourceConfig::streaming),
        good("streaming", "on", Streaming.ON, PostgresSourceConfig::streaming),
        good(
            "dispatch_mode",
            "Broadcast",
            DispatchMode.BROADCAST,
            PostgresSourceConfig::dispatchMode),
        good("dispatch_buffer_capacity", "1", 1, PostgresSourceConfig::dispatchBufferCapacity),
        good(
            "dispatchBufferCapacity",
            Integer.MAX_VALUE,
            Integer.MAX_VALUE,
            PostgresSourceConfig::dispatchBufferCapacity),
        good("auto_start", false, false, PostgresSourceConfig::autoStart),
        good("autoStart", " FALSE ", false, PostgresSourceConfig::autoStart));
  }

  private static TableKeyConfig key(String table, String... columns) {
    return new TableKeyConfig(new TableName("public", table), List.of(columns));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("goodValues")
  void readsEveryAcceptedForm(
      String key, Object value, Object expected, Function<PostgresSourceConfig, Object> getter) {
    assertThat(getter.apply(parse(key, value))).isEqualTo(expected);
  }

  static List<Arguments> badValues() {
    return List.of(
        Arguments.of("id", " ", "id: is empty; a text is needed"),
        Arguments.of("host", " ", "host: is empty; a text is needed"),
        Arguments.of("host", List.of("a"), "host: a list is not allowed; allowed is a text"),
        Arguments.of(
            "port",
            "abc",
            "port: \"abc\" is not allowed; allowed is a whole number from 1 to 65535"),
        Arguments.of(
            "port", 0, "port: \"0\" is not allowed; allowed is a whole number from 1 to 65535"),
        Arguments.of(
            "port",
            65_536,
            "port: \"65536\" is not allowed; allowed is a whole number from 1 to 65535"),
        Arguments.of("database", "", "database: is empty; a text is needed"),
        Arguments.of("user", "", "user: is empty; a text is needed"),
        Arguments.of(
            "password",
            List.of("secret"),
            "password: is not allowed as it is (not shown: a secret); allowed is a text"),
        Arguments.of(
            "ssl_mode",
            "always",
            "ssl_mode: \"always\" is not allowed; allowed is disable, prefer, require, verify-ca,"
                + " verify-full"),
        Arguments.of(
            "tables",
            List.of("a.b.c"),
            "tables: nothing may follow at position 4 of \"a.b.c\"" + TEXTS),
        Arguments.of("tables", 5, "tables: \"5\" is not allowed; allowed is a list of texts"),
        Arguments.of("slot_name", "My-Slot", "slot_name: " + SLOT_RULE + "\"My-Slot\""),
        Arguments.of("slot_name", "", "slot_name: " + SLOT_RULE + "\"\""),
        Arguments.of("publication_name", "", "publication_name: is empty; a text is needed"),
        Arguments.of(
            "table_keys",
            "users",
            "table_keys: '(' is expected at position 6 of \"users\"" + TEXTS),
        Arguments.of(
            "table_keys",
            "users(id, id)",
            "table_keys: the key of public.users names a column twice: [id, id]"),
        Arguments.of(
            "table_keys",
            List.of("users(id)", "public.users(name)"),
            "table_keys: public.users must come once"),
        Arguments.of(
            "table_keys",
            List.of(Map.of("key_columns", List.of("id"))),
            "table_keys[0].table: is missing"),
        Arguments.of(
            "table_keys",
            List.of("a(x)", Map.of("table", "users")),
            "table_keys[1].key_columns: is missing"),
        Arguments.of(
            "table_keys",
            List.of(Map.of("table", "users", "key_columns", List.of())),
            "table_keys[0].key_columns: is empty; a list of at least one text is needed"),
        Arguments.of(
            "table_keys",
            List.of(Map.of("table", "users", "key_columns", Map.of("a", "b"))),
            "table_keys[0].key_columns: a group of options is not allowed; allowed is a list of"
                + " texts"),
        Arguments.of(
            "table_keys",
            List.of(Map.of("table", "a.b.c", "key_columns", "id")),
            "table_keys[0].table: nothing may follow at position 4 of \"a.b.c\"" + TEXTS),
        Arguments.of(
            "table_keys",
            List.of(Map.of("table", "users", "key_columns", "id", "columns", "id")),
            "table_keys[0].columns: is not an option; options are table, key_columns"),
        Arguments.of(
            "element_id_format",
            "short",
            "element_id_format: \"short\" is not allowed; allowed is table, qualified"),
        Arguments.of(
            "on_slot_loss",
            "ignore",
            "on_slot_loss: \"ignore\" is not allowed; allowed is fail, rebootstrap"),
        Arguments.of(
            "streaming", "yes", "streaming: \"yes\" is not allowed; allowed is off, on, parallel"),
        Arguments.of(
            "dispatch_mode",
            "queue",
            "dispatch_mode: \"queue\" is not allowed; allowed is channel, broadcast"),
        Arguments.of(
            "dispatch_buffer_capacity",
            "0",
            "dispatch_buffer_capacity: \"0\" is not allowed; allowed is a whole number of at least 1"),
        Arguments.of(
            "auto_start", "yes", "auto_start: \"yes\" is not allowed; allowed is true or false"));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("badValues")
  void namesKeyValueAndWhatIsAllowed(String key, Object value, String problem) {
    assertThat(problems(with(key, value))).containsExactly(problem);
  }

  @Test
  void namesWhatIsMissing() {
    assertThat(problems(Map.of()))
        .containsExactly("id: is missing", "database: is missing", "user: is missing");
  }

  @Test
  void namesAnUnknownKeyButNotItsValue() {
    assertThat(problems(with("passwd", "secret")))
        .containsExactly(
            "passwd: is not an option; options are host, port, target_session_attrs,"
                + " connect_timeout, login_timeout, database, user, password,"
                + " password_file, passfile, credential_provider, ssl_mode, ssl_negotiation,"
                + " ssl_root_cert, ssl_cert, ssl_key, ssl_key_password, channel_binding,"
                + " require_auth, tables, slot_name, publication_name, table_keys, element_id_format,"
                + " slot_failover, on_slot_loss, streaming, dispatch_mode, dispatch_buffer_capacity, subscriber_timeout,"
                + " memory_limit_mb, spill_dir, spill_limit_mb, state_dir, auto_start, bootstrap_provider");
  }

  @Test
  void namesEveryMistakeAtOnce() {
    Map<String, Object> options =
        with(
            "port", "x", "slot_name", "A", "publication_name", "", "typo", 1, "password", "secret");
    options.remove("user");
    options.put("table_keys", List.of(Map.of("table", "a.b.c"), "users"));
    assertThat(problems(options))
        .hasSize(8)
        .anySatisfy(p -> assertThat(p).startsWith("port: "))
        .anySatisfy(p -> assertThat(p).startsWith("user: "))
        .anySatisfy(p -> assertThat(p).startsWith("slot_name: "))
        .anySatisfy(p -> assertThat(p).startsWith("publication_name: "))
        .anySatisfy(p -> assertThat(p).startsWith("table_keys[0].table: "))
        .anySatisfy(p -> assertThat(p).startsWith("table_keys[0].key_columns: "))
        .anySatisfy(p -> assertThat(p).startsWith("table_keys: "))
        .anySatisfy(p -> assertThat(p).startsWith("typo: "))
        .noneSatisfy(p -> assertThat(p).contains("secret"));
  }

  @Test
  void refusesAKeyInBothOfItsForms() {
    assertThat(problems(with("slot_name", "a", "slotName", "b")))
        .singleElement()
        .asString()
        .contains("is given twice, the other time as slot");
  }

  @Test
  void takesValuesFromTheEnvironment() {
    Map<String, String> environment = Map.of("DB_HOST", "db", "DB_PORT", "6000", "PW", "secret");
    var options =
        Options.of(
            with(
                "host", "${DB_HOST}.example.com",
                "port", "${DB_PORT}",
                "user", "${DB_USER:-drasi}",
                "password", "${PW}",
                "publication_name", "$${pub}",
                "tables", List.of("${T:-users}")),
            environment::get);
    PostgresSourceConfig config = PostgresSourceConfig.parse(options);
    assertThat(config.connection().host()).isEqualTo("db.example.com");
    assertThat(config.connection().port()).isEqualTo(6000);
    assertThat(config.connection().user()).isEqualTo("drasi");
    assertThat(config.connection().password()).isEqualTo(fixed("secret"));
    assertThat(config.publicationName()).isEqualTo("${pub}");
    assertThat(config.tables()).containsExactly(new TableName("public", "users"));
  }

  @Test
  void namesAVariableThatIsNotSetButNothingOfAPassword() {
    var options = Options.of(with("host", "${NOPE}", "password", "x${SECRET"), name -> null);
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> PostgresSourceConfig.parse(options))
        .satisfies(
            e ->
                assertThat(e.problems())
                    .containsExactly(
                        "host: the environment variable NOPE is not set",
                        "password: has a ${ without its }; write $${ for a literal ${"));
  }

  @Test
  void neverPrintsThePassword() {
    PostgresSourceConfig config = parse("password", "hunter2");
    assertThat(config.toString()).doesNotContain("hunter2").contains("password=****");
    try (PostgresReplicationSource source = PostgresReplicationSource.create(config)) {
      assertThat(source.config().toString()).doesNotContain("hunter2");
      assertThat(source.status().toString()).doesNotContain("hunter2");
    }
  }

  @Test
  void theBuildersRefuseWhatTheOptionsRefuse() {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> PostgresReplicationSource.builder("src").withUser("u").build())
        .withMessage("database is required");
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> valid().withSlotName("A").build())
        .withMessageContaining(SLOT_RULE + "\"A\"");
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> valid().withPort(0).build())
        .withMessageContaining("port must be from 1 to 65535, was 0");
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> valid().withPublicationName(" ").build());
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> valid().withDispatchBufferCapacity(0).build())
        .withMessageContaining("was 0");
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> valid().addTableKey(key("a", "x")).addTableKey(key("a", "y")).build())
        .withMessage("table_keys: public.a must come once");
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(
            () -> PostgresSourceConfig.builder(" ").withDatabase("d").withUser("u").build());
    assertThatNullPointerException().isThrownBy(() -> PostgresSourceConfig.builder(nothing()));
  }

  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // what Java lets a caller do
  private static <T> T nothing() {
    return null;
  }

  private static PostgresSourceConfig.Builder valid() {
    return PostgresSourceConfig.builder("src").withDatabase("shop").withUser("drasi");
  }

  @Test
  void theTablesOfABuilderAreThoseSetLast() {
    assertThat(valid().withTables(List.of("a", "b")).withTables(List.of("c")).build().tables())
        .containsExactly(new TableName("public", "c"));
  }

  @Test
  void theFactoryIsFoundAndMakesASourceThatIsNotStarted() {
    PostgresSourceFactory factory =
        ServiceLoader.load(SourceFactory.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(PostgresSourceFactory.class::isInstance)
            .map(PostgresSourceFactory.class::cast)
            .findFirst()
            .orElseThrow();
    assertThat(factory.kind()).isEqualTo("postgres");
    try (var source = factory.create(with("auto_start", false))) {
      assertThat(source.id()).isEqualTo("src");
      assertThat(source.kind()).isEqualTo("postgres");
      assertThat(source.autoStart()).isFalse();
      assertThat(source.status().toString()).isEqualTo("STOPPED");
    }
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> factory.create(Map.of("id", "src", "user", "u")))
        .withMessage("database: is missing");
  }
}
