package io.drasi.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.api.change.ElementPropertyMap;
import io.drasi.api.change.ElementValue;
import io.drasi.api.source.Subscription;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.it.oracle.Seeds;
import io.drasi.it.support.Bootstraps;
import io.drasi.it.support.Eventually;
import io.drasi.it.support.Rows;
import io.drasi.it.support.Servers;
import io.drasi.it.support.TestDatabase;
import io.drasi.it.types.FourRoads;
import io.drasi.it.types.GeneratedTypes;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A value is the same by each road, as text and as binary, and is what the server has. {@link
 * Seeds} tells how to play other rounds, and more.
 */
@ParameterizedClass
@MethodSource("io.drasi.it.support.Servers#versions")
class ValuesIT {
  private static final int ROWS = 20;

  /**
   * Makes a column of each type that there is, in tables of some columns each, and a statement for
   * each table that inserts a row with a value in each column.
   */
  private static final String EVERY_TYPE =
      """
      DO $$
      DECLARE
        type record;
        literal text;
        columns text := '';
        literals text := '';
        count int := 0;
        found text;
      BEGIN
        FOR type IN
          SELECT t.oid, format('%I.%I', n.nspname, t.typname) AS name,
            (SELECT '(' || repeat(',', count(*)::int - 1) || ')' FROM pg_attribute a
              WHERE attrelid = t.typrelid AND attnum > 0 AND NOT attisdropped) AS nulls
          FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
          LEFT JOIN pg_class c ON c.oid = t.typrelid
          WHERE t.typisdefined AND t.typtype <> 'p' AND coalesce(c.relkind, 'c') IN ('c', 'r', 'v')
            AND n.nspname <> 'pg_toast'
          ORDER BY t.oid
        LOOP
          BEGIN
            EXECUTE format('CREATE TEMP TABLE probe (c %s) ON COMMIT DROP', type.name);
            DROP TABLE probe;
          EXCEPTION WHEN invalid_table_definition THEN
            CONTINUE;
          END;
          found := NULL;
          FOREACH literal IN ARRAY ARRAY[type.nulls, '{}', '1', '', 'a', '2020-01-01', '12:00',
            '(1,2)', '((1,2),(3,4))', '{1,2,3}', '<(1,2),3>', '[]', 'empty', '10.0.0.0/8',
            '08:00:2b:01:02:03', '1:1:', '0/1', 'int4', 'pg_class', '=(int4,int4)', 'now()',
            'pg_catalog', 'postgres=r/postgres', 'english', 'simple', '<a/>', '$', 'YES',
            'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '"C"', 'magnetic disk',
            '["2020-01-01" "2020-01-02"]'] LOOP
            BEGIN
              EXECUTE format('SELECT %L::%s', literal, type.name) INTO found;
              EXIT WHEN found IS NOT NULL;
            EXCEPTION WHEN others THEN
              NULL;
            END;
          END LOOP;
          IF found IS NULL THEN
            INSERT INTO without_value VALUES (type.name);
          ELSE
            columns := columns || format(', c%s %s', type.oid, type.name);
            literals := literals || format(', %L', literal);
            count := count + 1;
          END IF;
          IF count % 100 = 0 AND columns <> '' THEN
            EXECUTE format('CREATE TABLE types_%s (id int PRIMARY KEY%s)', count, columns);
            INSERT INTO statements
            VALUES (format('INSERT INTO types_%s VALUES (1%s);', count, literals));
            columns := '';
            literals := '';
          END IF;
        END LOOP;
        EXECUTE format('CREATE TABLE types_rest (id int PRIMARY KEY%s)', columns);
        INSERT INTO statements
        VALUES (format('INSERT INTO types_rest VALUES (1%s);', literals));
      END $$""";

  /** The server reads no value of these; it makes them itself. */
  private static final List<String> WITHOUT_INPUT =
      List.of(
          "pg_catalog.gtsvector",
          "pg_catalog.pg_brin_bloom_summary",
          "pg_catalog.pg_brin_minmax_multi_summary",
          "pg_catalog.pg_dependencies",
          "pg_catalog.pg_mcv_list",
          "pg_catalog.pg_ndistinct",
          "pg_catalog.pg_node_tree");

  @Parameter String version;

  static LongStream seeds() {
    return Seeds.of(1);
  }

  static LongStream manySeeds() {
    return Seeds.of(200);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aValueIsTheSameByEachRoad(long seed) throws Exception {
    play(seed, ROWS);
  }

  @Tag("large")
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("manySeeds")
  void manyValuesAreTheSameByEachRoad(long seed) throws Exception {
    play(seed, 5 * ROWS);
  }

  private void play(long seed, int rows) throws Exception {
    try (var database = TestDatabase.create(Servers.shared(version))) {
      database.run(GeneratedTypes.statements(Integer.parseInt(version)).toArray(String[]::new));
      new FourRoads(database, GeneratedTypes.all(Integer.parseInt(version)), seed).play(rows);
    } catch (AssertionError e) {
      throw new AssertionError(
          "the round with -Doracle.seed=%d on PostgreSQL %s failed: %s"
              .formatted(seed, version, e.getMessage()),
          e);
    }
  }

  @Test
  void everyTypeThatAColumnCanHaveComesThrough() throws Exception {
    try (var database = TestDatabase.create(Servers.shared(version))) {
      database.run(
          "CREATE TABLE without_value (type text)",
          "CREATE TABLE statements (statement text)",
          EVERY_TYPE,
          "CREATE PUBLICATION drasi_publication FOR ALL TABLES");
      Bootstraps.setUp(database);
      try (var source = database.source("shop").build();
          Subscription subscription = source.subscribe(SubscriptionRequest.of("query"))) {
        source.start();
        Eventually.awaitRunning(source);
        database.run(
            database.ask("SELECT 'BEGIN;' || string_agg(statement, '') FROM statements")
                + "COMMIT");
        Map<String, ElementPropertyMap> streamed = Rows.next(subscription);
        int columns = 0;
        for (ElementPropertyMap row : streamed.values()) {
          assertThat(row).doesNotContainValue(ElementValue.Null.NULL);
          columns += row.size();
        }
        assertThat(columns).isEqualTo(columnsOf(database)).isGreaterThan(300);
        assertThat(
                Rows.loaded(
                    Bootstraps.provider(database)
                        .withTables(
                            streamed.keySet().stream().map(id -> id.replace(":1", "")).toList())
                        .build()))
            .isEqualTo(streamed);
        assertThat(WITHOUT_INPUT)
            .contains(database.ask("SELECT string_agg(type, ' ') FROM without_value").split(" "));
      }
    }
  }

  private static int columnsOf(TestDatabase database) throws SQLException {
    return Integer.parseInt(
        database.ask(
            "SELECT count(*) FROM pg_attribute WHERE attrelid IN (SELECT oid FROM pg_class"
                + " WHERE relname LIKE 'types\\_%' AND relkind = 'r') AND attnum > 0"));
  }
}
