package io.drasi.postgres.protocol.message;

import java.util.Map;
import java.util.Optional;

/**
 * The fields of an ErrorResponse or a NoticeResponse, by their one-letter codes.
 *
 * @param fields what the server sent; a code it does not know of is kept
 * @see <a href="https://www.postgresql.org/docs/current/protocol-error-fields.html">Manual, Error
 *     and Notice Message Fields</a>
 */
public record ServerReport(Map<Character, String> fields) {
  public ServerReport {
    fields = Map.copyOf(fields);
  }

  /** The severity, never localised where the server can (field V, PostgreSQL 9.6+; else S). */
  public String severity() {
    return fields.getOrDefault('V', fields.getOrDefault('S', "ERROR"));
  }

  /** The five-character code (field C). */
  public String sqlState() {
    return fields.getOrDefault('C', "XX000");
  }

  /** The message for people (field M); localised. */
  public String message() {
    return fields.getOrDefault('M', "");
  }

  /** More about the problem (field D); may hold values of rows. */
  public Optional<String> detail() {
    return field('D');
  }

  /** What to do about it (field H). */
  public Optional<String> hint() {
    return field('H');
  }

  /** A field by its code. */
  public Optional<String> field(char code) {
    return Optional.ofNullable(fields.get(code));
  }

  /** Severity, code and message; no detail, since that may hold values of rows. */
  @Override
  public String toString() {
    return "%s: %s [SQLSTATE %s]".formatted(severity(), message(), sqlState());
  }
}
