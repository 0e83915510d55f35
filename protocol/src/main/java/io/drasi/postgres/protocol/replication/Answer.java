package io.drasi.postgres.protocol.replication;

import io.drasi.postgres.protocol.QueryResult;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.util.List;
import java.util.Optional;

/**
 * The one row that a command answers with. Strict: what is missing or malformed is a {@link
 * ProtocolException}.
 */
final class Answer {
  private final String command;
  private final QueryResult result;

  private Answer(String command, QueryResult result) {
    this.command = command;
    this.result = result;
  }

  /** The row of a command that always has one. */
  static Answer of(String command, List<QueryResult> results) throws ProtocolException {
    return ofOptional(command, results)
        .orElseThrow(() -> new ProtocolException(command + " answered without a row"));
  }

  /** The row of a command that may have none. */
  static Optional<Answer> ofOptional(String command, List<QueryResult> results)
      throws ProtocolException {
    if (results.size() != 1 || results.get(0).rows().size() > 1) {
      throw new ProtocolException(command + " answered with more or less than one row");
    }
    QueryResult result = results.get(0);
    return result.rows().isEmpty() ? Optional.empty() : Optional.of(new Answer(command, result));
  }

  String text(String column) throws ProtocolException {
    return optional(column).orElseThrow(() -> malformed(column, "NULL"));
  }

  /** The value of the only column, whatever its name. */
  String onlyText() throws ProtocolException {
    if (result.columns().size() != 1) {
      throw new ProtocolException(
          "%s answered with %d columns".formatted(command, result.columns().size()));
    }
    return text(result.columns().get(0));
  }

  /** A value that may be NULL. */
  Optional<String> optional(String column) throws ProtocolException {
    if (!result.columns().contains(column)) {
      throw new ProtocolException(
          "%s answered without the column %s, with %s"
              .formatted(command, column, result.columns()));
    }
    return result.value(0, column);
  }

  /** A value that may be NULL, of a column that not every server version has. */
  Optional<String> newer(String column) {
    return result.columns().contains(column) ? result.value(0, column) : Optional.empty();
  }

  boolean isTrue(String column) {
    return newer(column).equals(Optional.of("t"));
  }

  int integer(String column) throws ProtocolException {
    return parseInteger(column, text(column));
  }

  Optional<Integer> optionalInteger(String column) throws ProtocolException {
    Optional<String> text = optional(column);
    return text.isEmpty() ? Optional.empty() : Optional.of(parseInteger(column, text.get()));
  }

  Lsn lsn(String column) throws ProtocolException {
    return parseLsn(column, text(column));
  }

  Optional<Lsn> optionalLsn(String column) throws ProtocolException {
    Optional<String> text = optional(column);
    return text.isEmpty() ? Optional.empty() : Optional.of(parseLsn(column, text.get()));
  }

  private int parseInteger(String column, String text) throws ProtocolException {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw malformed(column, text);
    }
  }

  private Lsn parseLsn(String column, String text) throws ProtocolException {
    try {
      return Lsn.parse(text);
    } catch (IllegalArgumentException e) {
      throw malformed(column, text);
    }
  }

  private ProtocolException malformed(String column, String value) {
    return new ProtocolException(
        "%s answered with the %s %s, which is none".formatted(command, column, value));
  }
}
