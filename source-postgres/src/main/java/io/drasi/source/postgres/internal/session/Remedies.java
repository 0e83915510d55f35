package io.drasi.source.postgres.internal.session;

import io.drasi.api.source.SourceException;
import io.drasi.postgres.protocol.ServerErrorException;
import io.drasi.postgres.protocol.Sql;
import io.drasi.postgres.protocol.auth.AuthenticationException;
import io.drasi.source.postgres.PostgresSourceConfig;
import java.io.IOException;
import java.util.Optional;

/** Tells what passes by itself from what the operator has to mend, by SQLSTATE, and how. */
public final class Remedies {
  private final PostgresSourceConfig config;

  /** Remedies for a source. */
  public Remedies(PostgresSourceConfig config) {
    this.config = config;
  }

  /**
   * Judges an error.
   *
   * @return the failure, with its remedy, when trying again is of no use; empty when it is
   */
  public Optional<SourceException> failure(IOException error) {
    if (error instanceof AuthenticationException) {
      return Optional.of(new SourceException(String.valueOf(error.getMessage()), error));
    }
    if (error instanceof ServerErrorException refused && !passesByItself(refused)) {
      return Optional.of(new SourceException(explain(refused), error));
    }
    return Optional.empty();
  }

  private static boolean passesByItself(ServerErrorException error) {
    return switch (error.sqlState().substring(0, 2)) {
      case "22", "28", "2B", "3D", "3F", "42", "0A", "F0" -> false;
      case "55" -> error.sqlState().equals("55006"); // object in use: the slot is active
      default -> true;
    };
  }

  /** An error in the operator's words: what happened, and what mends it. */
  public String explain(IOException error) {
    String message = String.valueOf(error.getMessage());
    return error instanceof ServerErrorException refused
        ? remedy(refused.sqlState()).map(remedy -> message + "; " + remedy).orElse(message)
        : message;
  }

  private Optional<String> remedy(String sqlState) {
    String user = config.connection().user();
    String role = identifier(user);
    return Optional.ofNullable(
        switch (sqlState) {
          case "28P01" -> "check the options user and password";
          case "28000" ->
              "check that the role %s may log in (ALTER ROLE %s LOGIN;) and that pg_hba.conf has a line for it"
                  .formatted(user, role);
          case "3D000" -> "check the option database";
          case "42501" ->
              "the role %s needs REPLICATION: run ALTER ROLE %s REPLICATION; as a superuser"
                  .formatted(user, role);
          case "42704" ->
              "the publication or the slot does not exist, or the publication was created after the"
                  + " changes that are being read";
          case "55000" -> "check wal_level and the state of the slot in pg_replication_slots";
          case "55006" ->
              "another client uses the slot %s; give each source a slot of its own"
                  .formatted(config.slotName());
          case "53300" -> "raise max_connections or max_wal_senders";
          case "53400" -> "raise max_replication_slots, or drop a slot that nobody needs";
          default -> null;
        });
  }

  /** An identifier as it has to stand in SQL: quoted where it must be. */
  static String identifier(String name) {
    return name.matches("[a-z_][a-z0-9_]*") ? name : Sql.identifier(name);
  }
}
