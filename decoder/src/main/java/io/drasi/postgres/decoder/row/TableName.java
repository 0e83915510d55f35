package io.drasi.postgres.decoder.row;

import java.util.Objects;

/**
 * The name of a table, as the catalog has it: no quotes, case as it is.
 *
 * @param schema the schema's name
 * @param table the table's name within the schema
 */
public record TableName(String schema, String table) {
  /** The schema of tables that are written without one. */
  public static final String PUBLIC = "public";

  public TableName {
    Objects.requireNonNull(schema, "schema");
    Objects.requireNonNull(table, "table");
    if (schema.isEmpty() || table.isEmpty()) {
      throw new IllegalArgumentException("a table's name and its schema's must not be empty");
    }
    if (schema.indexOf('\0') >= 0 || table.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a table's name must not contain a zero character");
    }
  }

  /**
   * Reads {@code users}, which is {@code public.users}, or {@code schema.table}. Either name may be
   * quoted as in SQL: {@code "My Schema"."Users"}. A name without quotes is taken as it is written;
   * unlike in SQL its case is not folded.
   *
   * @throws IllegalArgumentException when it is anything else; the message says where
   */
  public static TableName parse(String text) {
    NameReader reader = new NameReader(text);
    TableName name = reader.readTableName();
    reader.requireEnd();
    return name;
  }

  /**
   * The label of the table's elements: {@code users}, and {@code schema.table} outside {@code
   * public}. A dot or backslash within a name is escaped by a backslash, so that no two tables have
   * one label.
   */
  public String label() {
    String label = escaped(table, ".\\");
    return schema.equals(PUBLIC) ? label : escaped(schema, ".\\") + '.' + label;
  }

  /** The name as SQL text, both parts quoted: {@code "public"."users"}. */
  public String toSql() {
    return NameReader.quoted(schema) + '.' + NameReader.quoted(table);
  }

  /** The name with its schema, quoted where it must be; {@link #parse} reads it. */
  @Override
  public String toString() {
    return quotedIfNeeded(schema) + '.' + quotedIfNeeded(table);
  }

  /** A name in which each of some characters has a backslash before it. */
  static String escaped(String name, String characters) {
    StringBuilder out = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      if (characters.indexOf(name.charAt(i)) >= 0) {
        out.append('\\');
      }
      out.append(name.charAt(i));
    }
    return out.toString();
  }

  private static String quotedIfNeeded(String name) {
    return NameReader.isPlain(name) ? name : NameReader.quoted(name);
  }
}
