package io.drasi.postgres.decoder.value;

import io.drasi.postgres.decoder.value.TypeDescription.Column;
import io.drasi.postgres.decoder.value.TypeDescription.Kind;
import io.drasi.postgres.protocol.QueryResult;
import io.drasi.postgres.protocol.ServerVersion;
import io.drasi.postgres.protocol.Sql;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What to ask the catalog about types, and how to read the answer. Whoever has a session does the
 * asking.
 */
public final class TypeDescriptions {
  private TypeDescriptions() {}

  /**
   * The query for the types of all columns of a publication's tables; its column is {@code oid}.
   */
  public static String usedBy(String publication) {
    return """
        SELECT DISTINCT a.atttypid AS oid
        FROM pg_catalog.pg_publication_tables t
        JOIN pg_catalog.pg_namespace n ON n.nspname = t.schemaname
        JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = t.tablename
        JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
        WHERE t.pubname = %s AND a.attnum > 0 AND NOT a.attisdropped"""
        .formatted(Sql.literal(publication));
  }

  /** Reads the answer to {@link #usedBy}. */
  public static List<Integer> readOids(QueryResult answer) {
    List<Integer> oids = new ArrayList<>();
    for (int row = 0; row < answer.rows().size(); row++) {
      oids.add(Integer.parseUnsignedInt(answer.required(row, "oid")));
    }
    return oids;
  }

  /**
   * The query about some types and all that they are made of. It gives a row for each column of a
   * composite type, and one for any other type; none for a type that there is not.
   */
  public static String of(Collection<Integer> typeOids, ServerVersion version) {
    String oids = typeOids.stream().map(Integer::toUnsignedString).collect(Collectors.joining(","));
    boolean multiranges = version.isAtLeast(14);
    return """
        WITH RECURSIVE described AS (
          SELECT t.oid, t.typname, t.typnamespace, t.typrelid, e.typdelim,
            CASE WHEN e.oid IS NULL THEN t.typtype ELSE 'a' END AS kind,
            coalesce(e.oid, nullif(t.typbasetype, 0), r.rngsubtype, %1$s, 0) AS part
          FROM pg_catalog.pg_type t
          LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem AND e.typarray = t.oid
          LEFT JOIN pg_catalog.pg_range r ON r.rngtypid = t.oid
          %2$s
        ), needed(oid) AS (
          SELECT * FROM unnest('{%3$s}'::oid[])
          UNION
          SELECT p.oid FROM needed
          JOIN described d USING (oid)
          LEFT JOIN pg_catalog.pg_attribute a
            ON a.attrelid = d.typrelid AND a.attnum > 0 AND NOT a.attisdropped
          CROSS JOIN LATERAL (VALUES (d.part), (a.atttypid)) p(oid)
          WHERE p.oid <> 0
        )
        SELECT d.oid, n.nspname, d.typname, d.kind, d.part, d.typdelim, a.attname, a.atttypid
        FROM needed
        JOIN described d USING (oid)
        JOIN pg_catalog.pg_namespace n ON n.oid = d.typnamespace
        LEFT JOIN pg_catalog.pg_attribute a
          ON a.attrelid = d.typrelid AND a.attnum > 0 AND NOT a.attisdropped
        ORDER BY d.oid, a.attnum"""
        .formatted(
            multiranges ? "m.rngtypid" : "NULL",
            multiranges ? "LEFT JOIN pg_catalog.pg_range m ON m.rngmultitypid = t.oid" : "",
            oids);
  }

  /**
   * Reads the answer to {@link #of}.
   *
   * @throws ProtocolException when the server knows a kind of types that we do not
   */
  public static List<TypeDescription> read(QueryResult answer) throws ProtocolException {
    List<TypeDescription> types = new ArrayList<>();
    int row = 0;
    while (row < answer.rows().size()) {
      String oid = answer.required(row, "oid");
      int first = row;
      List<Column> columns = new ArrayList<>();
      while (row < answer.rows().size() && answer.required(row, "oid").equals(oid)) {
        Optional<String> name = answer.value(row, "attname");
        if (name.isPresent()) {
          columns.add(
              new Column(name.get(), Integer.parseUnsignedInt(answer.required(row, "atttypid"))));
        }
        row++;
      }
      types.add(type(answer, first, columns));
    }
    return types;
  }

  private static TypeDescription type(QueryResult answer, int row, List<Column> columns)
      throws ProtocolException {
    return new TypeDescription(
        Integer.parseUnsignedInt(answer.required(row, "oid")),
        answer.required(row, "nspname"),
        answer.required(row, "typname"),
        kind(answer.required(row, "kind")),
        Integer.parseUnsignedInt(answer.required(row, "part")),
        answer.value(row, "typdelim").orElse(",").charAt(0),
        columns);
  }

  private static Kind kind(String letter) throws ProtocolException {
    return switch (letter) {
      case "a" -> Kind.ARRAY;
      case "b", "p" -> Kind.BASE;
      case "c" -> Kind.COMPOSITE;
      case "d" -> Kind.DOMAIN;
      case "e" -> Kind.ENUM;
      case "r" -> Kind.RANGE;
      case "m" -> Kind.MULTIRANGE;
      default -> throw new ProtocolException("pg_type: unknown kind of type " + letter);
    };
  }
}
