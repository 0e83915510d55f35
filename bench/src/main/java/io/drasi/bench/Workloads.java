package io.drasi.bench;

import static io.drasi.bench.Contestant.DEBEZIUM;
import static io.drasi.bench.Contestant.DEBEZIUM_TUNED;
import static io.drasi.bench.Contestant.DRASI;
import static io.drasi.bench.Contestant.PGJDBC;
import static io.drasi.bench.Contestant.PG_RECVLOGICAL;
import static io.drasi.bench.Contestant.RAW;
import static io.drasi.bench.Contestant.RAW_BINARY;

import io.drasi.bench.Workload.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** All workloads, in the order in which they are run. */
final class Workloads {
  private static final List<Contestant> ALL = List.of(Contestant.values());
  private static final List<Contestant> MAIN = List.of(DRASI, RAW, DEBEZIUM_TUNED);
  private static final List<Contestant> OWN = List.of(DRASI, RAW_BINARY);
  private static final List<Contestant> LEAN = List.of(DRASI, RAW, PG_RECVLOGICAL);

  private static final String TEN_COLUMNS =
      """
      CREATE TABLE item (id bigint PRIMARY KEY, account int, quantity int, price numeric(12,2),
        rate double precision, active boolean, code varchar(20), note text, created timestamptz,
        token uuid)""";

  private static final String TEN_VALUES =
      """
      SELECT g, g % 1000, g % 50, (g % 100000) / 100.0, g * 0.5, g % 2 = 0, 'code-' || g,
        md5(g::text), timestamptz '2026-01-01' + g * interval '1 s', md5(g::text)::uuid""";

  private Workloads() {}

  static List<Workload> all() {
    List<Workload> all = new ArrayList<>();
    String small = "Many small transactions: ten columns, ten rows in a transaction";
    all.add(small("small", small, 1_000_000, ALL, 1, 1));
    all.add(small("long", small, 5_000_000, LEAN, 1, 1));
    all.add(updates());
    all.add(wide());
    all.add(large());
    all.add(huge());
    all.add(deletes());
    all.add(load("bootstrap-small", "Bootstrap of a small table", 1_000));
    all.add(load("bootstrap-large", "Bootstrap of a large table", 1_000_000));
    all.add(load("bootstrap-huge", "Bootstrap of a huge table", 10_000_000, List.of(DRASI, RAW)));
    for (int rate : new int[] {100, 500, 2_000, 10_000}) {
      all.add(latency(rate));
    }
    for (int rows : new int[] {1_000, 100_000, 10_000_000}) {
      all.add(small("rows-" + rows, "Small transactions", rows, List.of(DRASI), 1, 1));
    }
    for (int subscribers : new int[] {1, 4, 16}) {
      all.add(
          small(
              "subscribers-" + subscribers,
              "Small transactions to %d subscriber%s"
                  .formatted(subscribers, subscribers == 1 ? "" : "s"),
              200_000,
              List.of(DRASI),
              1,
              subscribers));
    }
    all.add(small("slots-100", "100 slots in one process", 2_000, List.of(DRASI), 100, 1));
    all.add(columns(2));
    all.add(columns(200));
    all.add(tables(1_000));
    return all;
  }

  static Workload of(String name) {
    return all().stream()
        .filter(workload -> workload.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no workload is called " + name));
  }

  private static Workload small(
      String name,
      String title,
      long rows,
      List<Contestant> contestants,
      int sources,
      int subscribers) {
    return new Workload(
        name,
        title,
        Kind.STREAM,
        rows,
        List.of("item"),
        List.of(TEN_COLUMNS),
        List.of(),
        List.of(
            loop(
                ":rows / 10",
                "INSERT INTO item " + TEN_VALUES + " FROM generate_series(i * 10, i * 10 + 9) g")),
        contestants,
        sources,
        subscribers);
  }

  /** A statement in a transaction of its own, for each {@code i} from 0 on. */
  private static String loop(String count, String statements) {
    return """
        DO $$ BEGIN FOR i IN 0 .. %s - 1 LOOP
          %s;
          COMMIT;
        END LOOP; END $$"""
        .formatted(count, statements);
  }

  private static Workload updates() {
    return new Workload(
        "updates",
        "As pgbench: three updates and an insert in a transaction",
        Kind.STREAM,
        200_000,
        List.of("accounts", "tellers", "branches", "history"),
        List.of(
            "CREATE TABLE branches (bid int PRIMARY KEY, bbalance int, filler char(88))",
            "CREATE TABLE tellers (tid int PRIMARY KEY, bid int, tbalance int, filler char(84))",
            "CREATE TABLE accounts (aid int PRIMARY KEY, bid int, abalance int, filler char(84))",
            "CREATE TABLE history (hid bigint PRIMARY KEY, tid int, bid int, aid int, delta int,"
                + " mtime timestamp, filler char(22))"),
        List.of(
            "INSERT INTO branches SELECT g, 0, '' FROM generate_series(0, 9) g",
            "INSERT INTO tellers SELECT g, g / 10, 0, '' FROM generate_series(0, 99) g",
            "INSERT INTO accounts SELECT g, g / 10000, 0, '' FROM generate_series(0, 99999) g"),
        List.of(
            loop(
                ":rows / 4",
                """
                UPDATE accounts SET abalance = abalance + i WHERE aid = i % 100000;
                UPDATE tellers SET tbalance = tbalance + 1 WHERE tid = i % 100;
                UPDATE branches SET bbalance = bbalance + 1 WHERE bid = i % 10;
                INSERT INTO history VALUES (i, i % 100, i % 10, i % 100000, 1, now(), '')""")),
        MAIN,
        1,
        1);
  }

  private static Workload wide() {
    return wide("wide", "Wide rows: 50 columns, ten rows in a transaction", 50, 100_000, MAIN);
  }

  private static Workload columns(int count) {
    return wide(
        "columns-" + count,
        "Rows of %d columns".formatted(count),
        count,
        Math.min(500_000, 8_000_000 / count),
        OWN);
  }

  private static Workload wide(
      String name, String title, int count, long rows, List<Contestant> contestants) {
    var table = new WideTable(count);
    return new Workload(
        name,
        title,
        Kind.STREAM,
        rows,
        List.of("wide"),
        List.of("CREATE TABLE wide (%s)".formatted(table.columns())),
        List.of(),
        List.of(
            loop(
                ":rows / 10",
                "INSERT INTO wide SELECT %s FROM generate_series(i * 10, i * 10 + 9) g"
                    .formatted(table.values()))),
        contestants,
        1,
        1);
  }

  private static Workload large() {
    return new Workload(
        "large",
        "Large values: 16 kB of text and a jsonb of 40 objects, a row in a transaction",
        Kind.STREAM,
        10_000,
        List.of("document"),
        List.of("CREATE TABLE document (id bigint PRIMARY KEY, body text, data jsonb)"),
        List.of(),
        List.of(
            loop(
                ":rows",
                """
                INSERT INTO document SELECT i,
                  (SELECT string_agg(md5((i * 512 + g)::text), ' ') FROM generate_series(1, 500) g),
                  (SELECT jsonb_agg(jsonb_build_object('id', g, 'name', 'item ' || g, 'price', g * 1.5,
                    'tags', array['a', 'b'])) FROM generate_series(1, 40) g)""")),
        MAIN,
        1,
        1);
  }

  private static Workload huge() {
    return new Workload(
        "huge",
        "One huge transaction of ten-column rows",
        Kind.STREAM,
        300_000,
        List.of("item"),
        List.of(TEN_COLUMNS),
        List.of(),
        List.of("INSERT INTO item " + TEN_VALUES + " FROM generate_series(1, :rows) g"),
        MAIN,
        1,
        1);
  }

  private static Workload deletes() {
    return new Workload(
        "deletes",
        "Deletes with full identity: ten columns, ten rows in a transaction",
        Kind.STREAM,
        200_000,
        List.of("item"),
        List.of(TEN_COLUMNS, "ALTER TABLE item REPLICA IDENTITY FULL"),
        List.of("INSERT INTO item " + TEN_VALUES + " FROM generate_series(0, :rows - 1) g"),
        List.of(loop(":rows / 10", "DELETE FROM item WHERE id BETWEEN i * 10 AND i * 10 + 9")),
        MAIN,
        1,
        1);
  }

  private static Workload tables(int count) {
    List<String> tables = IntStream.range(0, count).mapToObj(i -> "item_" + i).toList();
    return new Workload(
        "tables-" + count,
        "Ten-column rows in %d tables, in turns".formatted(count),
        Kind.STREAM,
        200_000,
        tables,
        tables.stream().map(table -> TEN_COLUMNS.replace(" item ", " " + table + " ")).toList(),
        List.of(),
        List.of(
            loop(
                ":rows / 10",
                "EXECUTE 'INSERT INTO item_' || i %% %d || '%s FROM generate_series(' || i * 10 || ', ' || i * 10 + 9 || ') g'"
                    .formatted(count, " " + TEN_VALUES.replace("'", "''")))),
        OWN,
        1,
        1);
  }

  private static Workload load(String name, String title, long rows) {
    return load(name, title, rows, MAIN);
  }

  private static Workload load(String name, String title, long rows, List<Contestant> contestants) {
    return new Workload(
        name,
        title,
        Kind.LOAD,
        rows,
        List.of("item"),
        List.of(TEN_COLUMNS),
        List.of("INSERT INTO item " + TEN_VALUES + " FROM generate_series(1, :rows) g"),
        List.of(),
        contestants,
        1,
        1);
  }

  private static Workload latency(int rate) {
    return new Workload(
        "latency-" + rate,
        "Insert to subscriber at %,d transactions a second".formatted(rate),
        Kind.LATENCY,
        rate,
        List.of("due"),
        List.of("CREATE TABLE due (id bigint PRIMARY KEY, due bigint, measured boolean)"),
        List.of(),
        List.of(),
        rate == 500 ? List.of(DRASI, RAW, PGJDBC, DEBEZIUM, DEBEZIUM_TUNED) : MAIN,
        1,
        1);
  }
}
