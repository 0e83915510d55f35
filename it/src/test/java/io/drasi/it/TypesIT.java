package io.drasi.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.api.change.ElementPropertyMap;
import io.drasi.api.change.ElementValue;
import io.drasi.api.source.ManagedSource;
import io.drasi.api.source.SourceState;
import io.drasi.api.source.Subscription;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.it.codec.VectorCodec;
import io.drasi.it.support.Bootstraps;
import io.drasi.it.support.Eventually;
import io.drasi.it.support.Rows;
import io.drasi.it.support.Servers;
import io.drasi.it.support.TestDatabase;
import io.drasi.postgres.decoder.value.Codecs;
import io.drasi.postgres.protocol.Connector;
import io.drasi.source.postgres.PostgresReplicationSource;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Types that a database has of its own, and what becomes of them while it is streamed. */
@ParameterizedClass
@MethodSource("io.drasi.it.support.Servers#versions")
class TypesIT {
  @Parameter String version;

  private TestDatabase database;
  private ManagedSource source;
  private Subscription subscription;

  @BeforeEach
  void createDatabase() throws Exception {
    database = TestDatabase.create(Servers.shared(version));
  }

  @AfterEach
  void stop() throws Exception {
    if (source != null) {
      source.close();
    }
    database.close();
  }

  private void stream(String... statements) throws Exception {
    Bootstraps.setUp(database, statements);
    database.run("CREATE PUBLICATION drasi_publication FOR ALL TABLES");
    source = database.source("shop").build();
    subscription = source.subscribe(SubscriptionRequest.of("query"));
    source.start();
    Eventually.awaitRunning(source);
  }

  /** The properties of the only row that a statement writes. */
  private ElementPropertyMap only(String... statements) throws Exception {
    database.run(statements);
    Map<String, ElementPropertyMap> rows = Rows.next(subscription);
    assertThat(rows).hasSize(1);
    return rows.values().iterator().next();
  }

  /** How the source asked the server to send values. */
  private boolean isBinary() throws Exception {
    return database
        .ask(
            "SELECT query FROM pg_stat_activity WHERE backend_type = 'walsender' AND datname = '%s'"
                .formatted(database.name()))
        .contains("\"binary\" 'true'");
  }

  private boolean knowsBinary() {
    return Integer.parseInt(version) >= 14;
  }

  private static ElementValue text(String value) {
    return new ElementValue.Text(value);
  }

  private static ElementValue integer(long value) {
    return new ElementValue.Integer(value);
  }

  private static ElementValue list(ElementValue... values) {
    return new ElementValue.List(List.of(values));
  }

  private static ElementValue object(Map<String, ElementValue> properties) {
    return new ElementValue.Object(ElementPropertyMap.copyOf(properties));
  }

  @Test
  void typesOfTheDatabaseHaveTheFormsOfWhatTheyAreMadeOf() throws Exception {
    stream(
        "CREATE EXTENSION hstore",
        "CREATE EXTENSION citext",
        "CREATE TYPE mood AS ENUM ('glad', 'so so')",
        "CREATE DOMAIN positive AS int CHECK (VALUE > 0)",
        "CREATE DOMAIN codes AS " + (Servers.isAtLeast(11, version) ? "positive[]" : "int[]"),
        "CREATE TYPE place AS (street text, number positive)",
        "CREATE TYPE person AS (name text, moods mood[], home place)",
        "CREATE TYPE span AS RANGE (subtype = place)",
        "CREATE TABLE t (id int PRIMARY KEY, m mood, p positive, c codes, o person, os person[],"
            + " s span, h hstore, i citext)");
    ElementPropertyMap row =
        only(
            "INSERT INTO t VALUES (1, 'so so', 7, '{1,2}', ROW('Ann', '{glad}', ROW('Main', 5)),"
                + " ARRAY[NULL, ROW(NULL, NULL, NULL)]::person[], '[\"(a,1)\",\"(\"\"b c\"\",2)\"]',"
                + " 'a=>1, b=>NULL', 'Text')");
    assertThat(isBinary()).isEqualTo(knowsBinary());
    ElementValue home = object(ordered("street", text("Main"), "number", integer(5)));
    assertThat(row)
        .isEqualTo(
            ordered(
                "id",
                integer(1),
                "m",
                text("so so"),
                "p",
                integer(7),
                "c",
                list(integer(1), integer(2)),
                "o",
                object(ordered("name", text("Ann"), "moods", list(text("glad")), "home", home)),
                "os",
                list(
                    ElementValue.Null.NULL,
                    object(
                        ordered(
                            "name",
                            ElementValue.Null.NULL,
                            "moods",
                            ElementValue.Null.NULL,
                            "home",
                            ElementValue.Null.NULL))),
                "s",
                text("[\"(a,1)\",\"(\"\"b c\"\",2)\"]"),
                "h",
                object(ordered("a", text("1"), "b", ElementValue.Null.NULL)),
                "i",
                text("Text")));
    assertThat(Rows.loaded(Bootstraps.provider(database).build())).containsEntry("t:1", row);
  }

  /** A map in the order of its arguments: names and values by turns. */
  private static Map<String, ElementValue> ordered(Object... namesAndValues) {
    Map<String, ElementValue> map = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      map.put((String) namesAndValues[i], (ElementValue) namesAndValues[i + 1]);
    }
    return map;
  }

  @Test
  void typesThatComeWhileItStreamsAreKnownAtOnce() throws Exception {
    stream("CREATE TABLE t (id int PRIMARY KEY)");
    only("INSERT INTO t VALUES (1)");
    assertThat(
            only(
                "CREATE TYPE mood AS ENUM ('glad')",
                "CREATE TYPE place AS (street text, moods mood[])",
                "ALTER TABLE t ADD p place",
                "INSERT INTO t VALUES (2, ROW('Main', '{glad}'))"))
        .containsEntry("p", object(ordered("street", text("Main"), "moods", list(text("glad")))));
    assertThat(isBinary()).isEqualTo(knowsBinary());
    assertThat(
            only(
                "ALTER TYPE mood ADD VALUE 'new'",
                "UPDATE t SET p = ROW('Main', '{new,glad}') WHERE id = 2"))
        .containsEntry(
            "p", object(ordered("street", text("Main"), "moods", list(text("new"), text("glad")))));
    assertThat(source.metrics().sessions()).isEqualTo(1);
  }

  @Test
  void aValueTellsThatColumnsOfItsTypeHaveComeOrGone() throws Exception {
    stream(
        "CREATE TYPE place AS (street text, number int)",
        "CREATE TABLE t (id int PRIMARY KEY, p place[])");
    ElementValue before = object(ordered("street", text("Main"), "number", integer(5)));
    assertThat(only("INSERT INTO t VALUES (1, ARRAY[ROW('Main', 5)::place])"))
        .containsEntry("p", list(before));
    assertThat(
            only(
                "ALTER TYPE place ADD ATTRIBUTE city text",
                "INSERT INTO t VALUES (2, ARRAY[ROW('Main', 5, 'Rome')::place])"))
        .containsEntry(
            "p",
            list(
                object(
                    ordered("street", text("Main"), "number", integer(5), "city", text("Rome")))));
    assertThat(
            only(
                "ALTER TYPE place DROP ATTRIBUTE number",
                "INSERT INTO t VALUES (3, ARRAY[ROW('Main', 'Rome')::place])"))
        .containsEntry("p", list(object(ordered("street", text("Main"), "city", text("Rome")))));
    assertThat(isBinary()).isEqualTo(knowsBinary());
    assertThat(source.metrics().sessions()).isEqualTo(1);
  }

  @Test
  void aValueThatIsOlderThanItsTypeIsText() throws Exception {
    stream(
        "CREATE TYPE place AS (street text, number int)",
        "CREATE TABLE t (id int PRIMARY KEY, p place)");
    source.stop();
    database.run(
        "INSERT INTO t VALUES (1, ROW('Main', 5))",
        "ALTER TYPE place ADD ATTRIBUTE city text",
        "INSERT INTO t VALUES (2, ROW('Main', 5, 'Rome'))");
    source.start();
    assertThat(Rows.next(subscription).get("t:1")).containsEntry("p", text("(Main,5)"));
    assertThat(Rows.next(subscription).get("t:2"))
        .containsEntry(
            "p",
            object(ordered("street", text("Main"), "number", integer(5), "city", text("Rome"))));
    assertThat(source.status().state()).isEqualTo(SourceState.RUNNING);
  }

  @Test
  void aValueWhoseColumnsWereOfOtherTypesIsText() throws Exception {
    stream(
        "CREATE TYPE place AS (street text, number int)",
        "CREATE TABLE t (id int PRIMARY KEY, p place[])");
    source.stop();
    database.run(
        "INSERT INTO t VALUES (1, ARRAY[ROW('Main', 5)::place])",
        "ALTER TYPE place DROP ATTRIBUTE number",
        "ALTER TYPE place ADD ATTRIBUTE since date",
        "INSERT INTO t VALUES (2, ARRAY[ROW('Main', '2024-02-29')::place])");
    source.start();
    assertThat(Rows.next(subscription).get("t:1")).containsEntry("p", list(text("(Main,5)")));
    assertThat(Rows.next(subscription).get("t:2"))
        .containsEntry(
            "p",
            list(
                object(
                    ordered(
                        "street",
                        text("Main"),
                        "since",
                        new ElementValue.Date(LocalDate.of(2024, 2, 29))))));
    assertThat(source.status().state()).isEqualTo(SourceState.RUNNING);
  }

  @Test
  void goesOnAsTextWhereATypeWithoutBinaryFormatComesUp() throws Exception {
    stream("CREATE TABLE t (id int PRIMARY KEY)", "CREATE TABLE other (id int PRIMARY KEY)");
    only("INSERT INTO t VALUES (1)");
    assertThat(isBinary()).isEqualTo(knowsBinary());
    String acl = "'{drasi_user=r/postgres}'::aclitem[]";
    assertThat(only("ALTER TABLE t ADD a aclitem[]", "INSERT INTO t VALUES (2, %s)".formatted(acl)))
        .containsEntry("a", list(text("drasi_user=r/postgres")));
    assertThat(only("INSERT INTO other VALUES (3)")).containsEntry("id", integer(3));
    Eventually.awaitRunning(source);
    assertThat(isBinary()).isFalse();
    assertThat(source.metrics().sessions()).isEqualTo(knowsBinary() ? 2 : 1);
    assertThat(Rows.loaded(Bootstraps.provider(database).build()).get("t:2"))
        .containsEntry("a", list(text("drasi_user=r/postgres")));
  }

  @Test
  void goesOnAsTextWhereATypeThatIsNotUnderstoodComesUp() throws Exception {
    stream("CREATE TABLE t (id int PRIMARY KEY)");
    only("INSERT INTO t VALUES (1)");
    database.run(
        "BEGIN; INSERT INTO t VALUES (2);"
            + " CREATE TABLE prices (id int PRIMARY KEY, price money, class regclass);"
            + " INSERT INTO prices VALUES (3, '1234.56', 'pg_class'); COMMIT");
    Map<String, ElementPropertyMap> rows = Rows.next(subscription);
    assertThat(rows).containsOnlyKeys("t:2", "prices:3");
    assertThat(rows.get("prices:3"))
        .containsEntry("price", text("$1,234.56"))
        .containsEntry("class", text("pg_class"));
    assertThat(isBinary()).isFalse();
  }

  @Test
  void anExtensionThatIsMadeAnewIsKnownUnderItsNewOid() throws Exception {
    stream("CREATE EXTENSION hstore", "CREATE TABLE t (id int PRIMARY KEY, h hstore)");
    ElementValue pairs = object(ordered("a", text("1")));
    assertThat(only("INSERT INTO t VALUES (1, 'a=>1')")).containsEntry("h", pairs);
    assertThat(
            only(
                "DROP EXTENSION hstore CASCADE",
                "CREATE EXTENSION hstore",
                "ALTER TABLE t ADD h hstore",
                "INSERT INTO t VALUES (2, 'a=>1')"))
        .containsEntry("h", pairs);
  }

  @Test
  void aCodecOfOnesOwnCountsForArraysAndColumnsOfItsTypeToo() throws Exception {
    database.run(VectorCodec.STATEMENTS.toArray(String[]::new));
    Bootstraps.setUp(
        database,
        "CREATE TYPE place AS (name text, at vector)",
        "CREATE DOMAIN spot AS vector",
        "CREATE TABLE t (id int PRIMARY KEY, v vector, vs vector[], p place, s spot)",
        "CREATE TABLE u (id int PRIMARY KEY, v vector)",
        "CREATE PUBLICATION drasi_publication FOR ALL TABLES");
    var codecs = new Codecs(List.of(new VectorCodec()));
    var config = database.source("shop").build().config();
    source = PostgresReplicationSource.create(config, Connector.create(), codecs);
    subscription = source.subscribe(SubscriptionRequest.of("query"));
    source.start();
    Eventually.awaitRunning(source);
    ElementValue vector = list(new ElementValue.Float(1), new ElementValue.Float(2.5));
    ElementPropertyMap row =
        only(
            "INSERT INTO t VALUES (1, '[1,2.5]', '{\"[1,2.5]\"}', ROW('here', '[1,2.5]'),"
                + " '[1,2.5]')");
    assertThat(row)
        .containsEntry("v", vector)
        .containsEntry("vs", list(vector))
        .containsEntry("p", object(ordered("name", text("here"), "at", vector)))
        .containsEntry("s", vector);
    ElementPropertyMap other = only("INSERT INTO u VALUES (1, '[1,2.5]')");
    assertThat(other).containsEntry("v", vector);
    assertThat(Rows.loaded(Bootstraps.provider(database).withCodecs(codecs).build()))
        .containsEntry("t:1", row)
        .containsEntry("u:1", other);
    assertThat(Rows.loaded(Bootstraps.provider(database).build()).get("u:1"))
        .containsEntry("v", text("[1,2.5]"));
  }
}
