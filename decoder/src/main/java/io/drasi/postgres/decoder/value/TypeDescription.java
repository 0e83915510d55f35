package io.drasi.postgres.decoder.value;

import java.util.List;

/**
 * A type of a database, as its catalog has it.
 *
 * @param oid what columns call it
 * @param schema its schema
 * @param name its name
 * @param kind what it is made of
 * @param partOid an array's element, a domain's base type, a range's bound, a multirange's range; 0
 *     for the rest
 * @param delimiter what stands between the elements of an array; anything for the rest
 * @param columns the columns of a composite type, in order; none for the rest
 * @see <a href="https://www.postgresql.org/docs/current/catalog-pg-type.html">Manual, pg_type</a>
 */
public record TypeDescription(
    int oid,
    String schema,
    String name,
    Kind kind,
    int partOid,
    char delimiter,
    List<Column> columns) {
  public TypeDescription {
    columns = List.copyOf(columns);
  }

  /** What a type is made of. */
  public enum Kind {
    /** Nothing: only its own functions know. */
    BASE,
    /** Elements of another type. */
    ARRAY,
    /** Columns. */
    COMPOSITE,
    /** Another type, with constraints. */
    DOMAIN,
    /** Labels. */
    ENUM,
    /** Bounds of another type. */
    RANGE,
    /** Ranges. */
    MULTIRANGE
  }

  /**
   * A column of a composite type.
   *
   * @param name its name
   * @param typeOid its type
   */
  public record Column(String name, int typeOid) {}
}
