package io.drasi.postgres.protocol;

/** Quoting of what goes into SQL and replication commands. */
public final class Sql {
  private Sql() {}

  /** A quoted identifier: {@code "My Table"}. */
  public static String identifier(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** A string literal that reads the same whatever {@code standard_conforming_strings} says. */
  public static String literal(String text) {
    String quoted = "'" + text.replace("'", "''") + "'";
    return text.indexOf('\\') < 0 ? quoted : " E" + quoted.replace("\\", "\\\\");
  }
}
