package io.drasi.postgres.protocol;

import java.util.Set;

/** Quoting of what goes into SQL and replication commands. */
public final class Sql {
  /**
   * The key words that are no names without quotes, up to PostgreSQL 18 (manual, appendix C,
   * "reserved").
   */
  private static final Set<String> RESERVED =
      Set.of(
          """
          all analyse analyze and any array as asc asymmetric authorization binary both case cast
          check collate collation column concurrently constraint create cross current_catalog
          current_date current_role current_schema current_time current_timestamp current_user
          default deferrable desc distinct do else end except false fetch for foreign freeze from
          full grant group having ilike in initially inner intersect into is isnull join lateral
          leading left like limit localtime localtimestamp natural not notnull null offset on only
          or order outer overlaps placing primary references returning right select session_user
          similar some symmetric system_user table tablesample then to trailing true union unique
          user using variadic verbose when where window with"""
              .split("\\s+"));

  private Sql() {}

  /** A quoted identifier: {@code "My Table"}. */
  public static String identifier(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /**
   * A name as somebody would write it, for SQL that people are to run: quoted where it has to be.
   */
  public static String readable(String name) {
    return name.matches("[a-z_][a-z0-9_]*") && !RESERVED.contains(name) ? name : identifier(name);
  }

  /** A string literal that reads the same whatever {@code standard_conforming_strings} says. */
  public static String literal(String text) {
    String quoted = "'" + text.replace("'", "''") + "'";
    return text.indexOf('\\') < 0 ? quoted : " E" + quoted.replace("\\", "\\\\");
  }
}
