package io.drasi.source.postgres.internal.session;

import io.drasi.api.source.SourceException;
import io.drasi.postgres.protocol.ServerErrorException;
import io.drasi.postgres.protocol.Sql;
import io.drasi.postgres.protocol.auth.AuthenticationException;
import io.drasi.source.postgres.PostgresSourceConfig;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Tells what passes by itself from what the operator has to mend, by SQLSTATE, and how. */
public final class Remedies {
  /** Classes of errors that last: data, log-in, names, privileges, features, state, settings. */
  private static final List<String> LASTING =
      List.of("0A", "22", "28", "2B", "3D", "3F", "42", "55", "F0");

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
    return switch (error.sqlState()) {
      case "55006", "55P03" -> true; // the slot is active; a lock was not to be had in time
      case "08P01" -> !error.isAtLogIn(); // a pooler, which will not become a server
      case "58P01" -> false; // a file is gone: the log the slot needs, or the plugin
      default -> LASTING.stream().noneMatch(error::isOfClass);
    };
  }

  /** An error in the operator's words: what happened, and what mends it. */
  public String explain(IOException error) {
    String message = String.valueOf(error.getMessage());
    return error instanceof ServerErrorException refused
        ? remedy(refused).map(remedy -> message + "; " + remedy).orElse(message)
        : message;
  }

  private Optional<String> remedy(ServerErrorException error) {
    return (error.isAtLogIn() ? remedyAtLogIn(error.sqlState()) : Optional.<String>empty())
        .or(() -> remedy(error.sqlState()));
  }

  /** What mends it where the server has not let the session in, if that is not as elsewhere. */
  private Optional<String> remedyAtLogIn(String sqlState) {
    String user = config.connection().user();
    String database = config.connection().database();
    return Optional.ofNullable(
        switch (sqlState) {
          case "08P01" ->
              "something else than PostgreSQL answers at %s, such as a connection pooler: logical replication does not pass through it (PgBouncer before 1.23), so set host and port to those of the server itself"
                  .formatted(config.connection().address());
          case "42501" ->
              "the role %1$s needs REPLICATION, and CONNECT on the database %2$s: as a superuser run ALTER ROLE %3$s REPLICATION; GRANT CONNECT ON DATABASE %4$s TO %3$s;"
                  .formatted(user, database, Sql.readable(user), Sql.readable(database));
          case "55000" ->
              "run ALTER DATABASE %s ALLOW_CONNECTIONS true;".formatted(Sql.readable(database));
          default -> null;
        });
  }

  private Optional<String> remedy(String sqlState) {
    String user = config.connection().user();
    return Optional.ofNullable(
        switch (sqlState) {
          case "22021", "22P05" ->
              "a text in the database has no UTF-8: with the encoding SQL_ASCII the server converts nothing, so that all text has to be UTF-8 itself; mend the rows, drop the slot %s, make a new source (or run the command again), and bootstrap the subscribers again"
                  .formatted(config.slotName());
          case "28P01" -> "check the options user and password";
          case "28000" ->
              "check that the role %s may log in (ALTER ROLE %s LOGIN;) and that pg_hba.conf has a line for it"
                  .formatted(user, Sql.readable(user));
          case "3D000" -> "check the option database";
          case "42501" -> "grant that privilege to the role " + user;
          case "42704" ->
              "the publication or the slot does not exist, or the publication was created after the"
                  + " changes that are being read";
          case "55000" -> "check wal_level and the state of the slot in pg_replication_slots";
          case "55006" ->
              "a connection that was cut frees its slot within about %d s (wal_sender_timeout); if it stays so, another client uses the slot %s: give each source a slot of its own"
                  .formatted(WalSenderTimeout.LONGEST.toSeconds(), config.slotName());
          case "58P01" ->
              "a file that the server needs is gone: if it is write-ahead log, drop the slot %s, make a new source (or run the command again), and bootstrap the subscribers again"
                  .formatted(config.slotName());
          case "53300" -> "raise max_connections or max_wal_senders";
          case "53400" -> "raise max_replication_slots, or drop a slot that nobody needs";
          default -> null;
        });
  }
}
