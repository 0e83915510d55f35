package io.drasi.it.types;

import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.api.change.ElementPropertyMap;
import io.drasi.api.change.ElementValue;
import io.drasi.api.source.Subscription;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.it.support.Bootstraps;
import io.drasi.it.support.Eventually;
import io.drasi.it.support.Rows;
import io.drasi.it.support.TestDatabase;
import io.drasi.source.postgres.PostgresReplicationSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One round: rows of made-up values, in a table whose every type has a binary format that is
 * understood, and in one that has a type besides which has none. Both are streamed and loaded.
 */
public final class FourRoads {
  private static final String BINARY = "as_binary";
  private static final String TEXT = "as_text";

  private final TestDatabase database;
  private final List<GeneratedType> types;
  private final Random random;

  /** A round in a database that has the types' {@linkplain GeneratedTypes#statements needs}. */
  public FourRoads(TestDatabase database, List<GeneratedType> types, long seed) {
    this.database = database;
    this.types = types;
    this.random = new Random(seed);
  }

  /** Writes so many rows, reads them by each road, and compares. */
  public void play(int rows) throws Exception {
    createTables();
    try (var binary = new Stream(BINARY, true);
        var text = new Stream(TEXT, false)) {
      write(rows);
      Map<String, ElementPropertyMap> expected = Rows.next(text.subscription);
      assertThat(expected).hasSize(rows);
      assertSame("stream, binary", Rows.next(binary.subscription), expected);
      assertSame("COPY, text", load(TEXT), expected);
      assertSame("COPY, binary", load(BINARY), expected);
      askTheServer(expected);
    }
  }

  /** A source of one of the tables. */
  private final class Stream implements AutoCloseable {
    final PostgresReplicationSource source;
    final Subscription subscription;

    Stream(String table, boolean binary) throws Exception {
      source =
          database
              .source("shop")
              .withPublicationName(table)
              .withSlotName(database.slot() + "_" + table)
              .build();
      subscription = source.subscribe(SubscriptionRequest.of("query"));
      source.start();
      Eventually.awaitRunning(source);
      assertThat(
              database
                  .ask(
                      "SELECT query FROM pg_stat_activity WHERE backend_type = 'walsender'"
                          + " AND datname = '%s' AND query LIKE '%%%s%%'"
                              .formatted(database.name(), table))
                  .contains("\"binary\" 'true'"))
          .isEqualTo(binary && Integer.parseInt(database.ask("SHOW server_version_num")) >= 140000);
    }

    @Override
    public void close() {
      source.close();
    }
  }

  private void createTables() throws SQLException {
    String columns =
        IntStream.range(0, types.size())
            .mapToObj(i -> ", c%d %s".formatted(i, types.get(i).sql()))
            .collect(Collectors.joining());
    Bootstraps.setUp(
        database,
        "CREATE TABLE %s (id int PRIMARY KEY%s)".formatted(BINARY, columns),
        "CREATE TABLE %s (id int PRIMARY KEY%s, price money)".formatted(TEXT, columns),
        "CREATE PUBLICATION %1$s FOR TABLE %1$s".formatted(BINARY),
        "CREATE PUBLICATION %1$s FOR TABLE %1$s".formatted(TEXT));
  }

  private void write(int rows) throws SQLException {
    String parameters =
        types.stream().map(type -> ", ?::" + type.sql()).collect(Collectors.joining());
    try (Connection connection = database.connect()) {
      connection.setAutoCommit(false);
      try (PreparedStatement insert =
          connection.prepareStatement(
              "INSERT INTO %s VALUES (?%s)".formatted(BINARY, parameters))) {
        for (int row = 1; row <= rows; row++) {
          insert.setInt(1, row);
          for (int i = 0; i < types.size(); i++) {
            String value = types.get(i).value().apply(random);
            insert.setString(i + 2, random.nextInt(12) == 0 ? null : value);
          }
          insert.execute();
        }
      }
      connection.commit();
      TestDatabase.run(connection, "INSERT INTO %s SELECT *, 1 FROM %s".formatted(TEXT, BINARY));
      connection.commit();
    }
  }

  private Map<String, ElementPropertyMap> load(String table) throws InterruptedException {
    return Rows.loaded(Bootstraps.provider(database).withPublicationName(table).build());
  }

  /** The names of the tables differ, and one has a column more. */
  private void assertSame(
      String road, Map<String, ElementPropertyMap> rows, Map<String, ElementPropertyMap> expected) {
    Map<Integer, Map<String, ElementValue>> actual = byNumber(rows);
    byNumber(expected)
        .forEach(
            (id, row) ->
                row.forEach(
                    (column, value) ->
                        assertThat(actual.get(id).get(column))
                            .as("%s, row %d, %s", road, id, typeOf(column))
                            .isEqualTo(value)));
    assertThat(actual).hasSameSizeAs(expected);
  }

  private static Map<Integer, Map<String, ElementValue>> byNumber(
      Map<String, ElementPropertyMap> rows) {
    Map<Integer, Map<String, ElementValue>> numbered = new LinkedHashMap<>();
    rows.forEach(
        (id, row) -> {
          Map<String, ElementValue> values = new LinkedHashMap<>(row);
          values.remove("price");
          numbered.put(Integer.valueOf(id.substring(id.indexOf(':') + 1)), values);
        });
    return numbered;
  }

  private String typeOf(String column) {
    return column.equals("id") ? "int4" : types.get(Integer.parseInt(column.substring(1))).sql();
  }

  /** A value that the server reads again prints as the original does. */
  private void askTheServer(Map<String, ElementPropertyMap> rows) throws SQLException {
    Map<Integer, Map<String, ElementValue>> numbered = byNumber(rows);
    try (Connection connection = database.connect()) {
      for (int i = 0; i < types.size(); i++) {
        String column = "c" + i;
        String type = types.get(i).sql();
        List<@Nullable String> inputs = new ArrayList<>();
        numbered.values().forEach(row -> inputs.add(input(row.get(column), type)));
        askTheServer(connection, column, type, List.copyOf(numbered.keySet()), inputs);
      }
    }
  }

  private static @Nullable String input(@Nullable ElementValue value, String type) {
    Objects.requireNonNull(value, type);
    return value == ElementValue.Null.NULL
        ? null
        : ServerInput.of(value, type, type.startsWith("box") ? ";" : ",");
  }

  private static void askTheServer(
      Connection connection,
      String column,
      String type,
      List<Integer> ids,
      List<@Nullable String> inputs)
      throws SQLException {
    String query =
        "SELECT id, format('%%s', t.%s) AS stored, format('%%s', i.input::%s) AS again FROM %s t"
                .formatted(column, type, BINARY)
            + " JOIN unnest(?, ?) i(id, input) USING (id)";
    try (PreparedStatement ask = connection.prepareStatement(query)) {
      ask.setArray(1, connection.createArrayOf("int4", ids.toArray()));
      ask.setArray(2, connection.createArrayOf("text", inputs.toArray()));
      try (ResultSet answer = ask.executeQuery()) {
        int count = 0;
        while (answer.next()) {
          assertThat(answer.getString("again"))
              .as("%s, row %d", type, answer.getInt("id"))
              .isEqualTo(answer.getString("stored"));
          count++;
        }
        assertThat(count).isEqualTo(ids.size());
      }
    }
  }
}
