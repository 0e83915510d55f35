package io.drasi.source.postgres.internal.session;

import io.drasi.api.source.SourceException;
import java.util.List;

/**
 * What only the operator can mend.
 *
 * @param message what is wrong, and what mends it
 * @param sql the statements that mend it, if statements do
 */
record Problem(String message, List<String> sql) {
  Problem {
    sql = List.copyOf(sql);
  }

  Problem(String message, String... sql) {
    this(message, List.of(sql));
  }

  SourceException toException() {
    return new SourceException(message, null);
  }
}
