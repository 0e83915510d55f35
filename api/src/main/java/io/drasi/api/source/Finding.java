package io.drasi.api.source;

import java.util.List;
import java.util.Objects;

/**
 * One thing that a check of a source's set-up has looked at.
 *
 * @param item what was looked at, for example {@code wal_level}
 * @param level how it stands
 * @param message what was found, and what mends it
 * @param sql the statements that mend it, in order; empty where none do, or where they might harm
 */
public record Finding(String item, Level level, String message, List<String> sql) {
  public Finding {
    Objects.requireNonNull(item, "item");
    Objects.requireNonNull(level, "level");
    Objects.requireNonNull(message, "message");
    sql = List.copyOf(sql);
  }

  /** How something stands. */
  public enum Level {
    /** In order. */
    OK,
    /** The source runs, but with consequences that may not be wanted. */
    WARNING,
    /** The source does not run as it is configured. */
    PROBLEM
  }
}
