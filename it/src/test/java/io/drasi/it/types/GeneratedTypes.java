package io.drasi.it.types;

import static io.drasi.it.types.BaseValues.orElse;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/** Types with values from their whole domain: base types, and what is made of them. */
public final class GeneratedTypes {
  private static final String[] INFINITE = {"infinity", "-infinity"};

  /** Arrays of domains, and domains over composite types. */
  private static final int DOMAINS_COMPOSED_SINCE = 11;

  private static final int JSONPATH_SINCE = 12;

  private static final List<String> STATEMENTS =
      List.of(
          "CREATE EXTENSION hstore",
          "CREATE EXTENSION citext",
          "CREATE EXTENSION ltree",
          "CREATE TYPE mood AS ENUM ('glad', 'so so', 'it''s', 'a\"b\\c,{}()', 'NULL', 'ä')",
          "CREATE DOMAIN codes AS int[] CHECK (array_ndims(VALUE) IS DISTINCT FROM 7)",
          "CREATE TYPE place AS (\"Street Name\" text, number numeric, moods mood[])",
          "CREATE TYPE person AS (name text, home place, places place[], codes codes, born date,"
              + " weight float4, alive bool, tags hstore)",
          "CREATE TYPE textspan AS RANGE (subtype = text, collation = \"C\")");

  private GeneratedTypes() {}

  /** What has to be in the database before the types are used. */
  public static List<String> statements(int serverVersion) {
    List<String> statements = new ArrayList<>(STATEMENTS);
    if (serverVersion >= DOMAINS_COMPOSED_SINCE) {
      statements.add("CREATE DOMAIN resident AS place");
    }
    return statements;
  }

  /** All types that the four roads are compared for. */
  public static List<GeneratedType> all(int serverVersion) {
    List<GeneratedType> scalars = scalars(serverVersion);
    List<GeneratedType> all = new ArrayList<>(scalars);
    scalars.forEach(type -> all.add(type.array(type.sql().equals("box") ? ";" : ",")));
    all.addAll(composed(serverVersion));
    return all;
  }

  private static GeneratedType type(String sql, Function<Random, String> value) {
    return new GeneratedType(sql, value);
  }

  private static List<GeneratedType> scalars(int serverVersion) {
    String[] numeric =
        serverVersion >= 14 ? new String[] {"NaN", "Infinity", "-Infinity"} : new String[] {"NaN"};
    List<GeneratedType> types = new ArrayList<>();
    types.add(type("bool", random -> random.nextBoolean() ? "t" : "f"));
    types.add(type("int2", orElse(BaseValues.integer(16), "-32768", "32767")));
    types.add(type("int4", orElse(BaseValues.integer(32), "-2147483648", "2147483647")));
    types.add(
        type(
            "int8", orElse(BaseValues.integer(64), "-9223372036854775808", "9223372036854775807")));
    types.add(type("oid", BaseValues.unsigned(32)));
    types.add(type("xid", BaseValues.unsigned(32)));
    types.add(type("cid", BaseValues.unsigned(32)));
    types.add(type("float4", orElse(BaseValues::float4, "NaN", "Infinity", "-Infinity", "-0")));
    types.add(type("float8", orElse(BaseValues::float8, "NaN", "Infinity", "-Infinity", "-0")));
    types.add(type("numeric", orElse(BaseValues::numeric, numeric)));
    types.add(type("text", orElse(BaseValues::text, "", "NULL", "null", "\\N", "\\.")));
    types.add(type("varchar(9)", BaseValues::word));
    types.add(type("char(9)", BaseValues::word));
    types.add(type("name", BaseValues::text));
    types.add(type("\"char\"", orElse(BaseValues::word, "")));
    types.add(type("citext", BaseValues::text));
    types.add(type("xml", random -> "<a b=\"%s\"/>".formatted(BaseValues.word(random))));
    types.add(type("json", BaseValues::json));
    types.add(type("jsonb", BaseValues::json));
    if (serverVersion >= JSONPATH_SINCE) {
      types.add(type("jsonpath", random -> "$.\"" + BaseValues.word(random) + "\"[*] ? (@ > 1.5)"));
    }
    types.add(type("bytea", BaseValues::bytea));
    types.add(type("uuid", BaseValues::uuid));
    types.add(type("bit(9)", random -> BaseValues.bits(random, 9)));
    types.add(type("varbit", random -> BaseValues.bits(random, 70)));
    types.add(type("date", orElse(TimeValues::date, INFINITE)));
    types.add(type("time", orElse(TimeValues::time, "24:00:00", "00:00:00")));
    types.add(type("timetz", orElse(TimeValues::timetz, "24:00:00+15:59:59", "00:00-15:59:59")));
    types.add(type("timestamp", orElse(TimeValues::timestamp, INFINITE)));
    types.add(type("timestamptz", orElse(TimeValues::timestamptz, INFINITE)));
    types.add(
        type(
            "interval",
            serverVersion >= 17 ? orElse(TimeValues::interval, INFINITE) : TimeValues::interval));
    types.add(type("inet", orElse(BaseValues::inet, "::", "::1", "::ffff:1.2.3.4", "::/0")));
    types.add(type("cidr", BaseValues::cidr));
    types.add(type("macaddr", random -> BaseValues.mac(random, 6)));
    types.add(type("macaddr8", random -> BaseValues.mac(random, 8)));
    types.add(type("point", orElse(BaseValues::point, "(NaN,Infinity)")));
    types.add(
        type(
            "lseg",
            random -> "[" + BaseValues.point(random) + "," + BaseValues.point(random) + "]"));
    types.add(type("path", random -> "[" + BaseValues.points(random) + "]"));
    types.add(type("box", random -> BaseValues.point(random) + "," + BaseValues.point(random)));
    types.add(type("polygon", random -> "(" + BaseValues.points(random) + ")"));
    types.add(type("line", random -> "{1,%s,2.5}".formatted(BaseValues.float4(random))));
    types.add(type("circle", random -> "<%s,%d>".formatted(BaseValues.point(random), 3)));
    types.add(type("tsvector", BaseValues::tsvector));
    types.add(type("tsquery", BaseValues::tsquery));
    types.add(
        type("pg_lsn", random -> "%X/%X".formatted(random.nextInt() >>> 1, random.nextInt())));
    types.add(
        type("tid", random -> "(%d,%d)".formatted(random.nextInt(1 << 30), random.nextInt(65536))));
    types.add(type("mood", GeneratedTypes::mood));
    types.add(type("ltree", random -> BaseValues.word(random) + "." + BaseValues.word(random)));
    types.add(type("hstore", GeneratedTypes::hstore));
    return types;
  }

  private static String mood(Random random) {
    return List.of("glad", "so so", "it's", "a\"b\\c,{}()", "NULL", "ä").get(random.nextInt(6));
  }

  private static String hstore(Random random) {
    List<String> pairs = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      String value = random.nextInt(3) == 0 ? "NULL" : GeneratedType.quote(BaseValues.text(random));
      pairs.add(GeneratedType.quote(BaseValues.text(random)) + "=>" + value);
    }
    return String.join(",", pairs);
  }

  /** Arrays of composites, ranges, domains over arrays, and these within each other. */
  private static List<GeneratedType> composed(int serverVersion) {
    var moods = type("mood", GeneratedTypes::mood).array();
    var codes = type("codes", BaseValuesAsCodes::make);
    var place =
        composite(
            "place", type("text", BaseValues::text), type("numeric", BaseValues::numeric), moods);
    var person =
        composite(
            "person",
            type("text", BaseValues::text),
            place,
            place.array(),
            codes,
            type("date", TimeValues::date),
            type("float4", BaseValues::float4),
            type("bool", random -> "t"),
            type("hstore", GeneratedTypes::hstore));
    var resident = type("resident", place.value());
    var textspan = type("textspan", random -> span(random, "x" + BaseValues.text(random), "y"));
    var tsrange = type("tsrange", GeneratedTypes::tsrange);
    List<GeneratedType> types = new ArrayList<>(List.of(codes, place, place.array()));
    if (serverVersion >= DOMAINS_COMPOSED_SINCE) {
      types.addAll(List.of(codes.list(), resident, resident.array()));
    }
    types.addAll(
        List.of(
            person,
            person.array(),
            textspan,
            textspan.array(),
            tsrange,
            tsrange.array(),
            type("int8range", random -> span(random, "-5", Long.toString(random.nextLong() >>> 1))),
            type("numrange", random -> span(random, "0.00", "12345.6700")),
            type("daterange", random -> span(random, "-infinity", "5874897-12-31")),
            type("tstzrange", random -> span(random, "0044-03-15 12:00:00.5+00 BC", "infinity"))));
    return types;
  }

  private static String tsrange(Random random) {
    String[] bounds = TimeValues.ordered(random);
    return span(random, bounds[0], bounds[1]);
  }

  private static String span(Random random, String lower, String upper) {
    return switch (random.nextInt(5)) {
      case 0 -> "empty";
      case 1 -> "(," + GeneratedType.quote(upper) + ")";
      case 2 -> "[" + GeneratedType.quote(lower) + ",]";
      default -> "[" + GeneratedType.quote(lower) + "," + GeneratedType.quote(upper) + ")";
    };
  }

  private static GeneratedType composite(String sql, GeneratedType... columns) {
    return type(
        sql,
        random -> {
          List<String> values = new ArrayList<>();
          for (GeneratedType column : columns) {
            values.add(random.nextInt(4) == 0 ? "" : column.quoted(random));
          }
          return "(" + String.join(",", values) + ")";
        });
  }

  /** Arrays of numbers. */
  private static final class BaseValuesAsCodes {
    static String make(Random random) {
      return type("int4", BaseValues.integer(32)).array().value().apply(random);
    }
  }
}
