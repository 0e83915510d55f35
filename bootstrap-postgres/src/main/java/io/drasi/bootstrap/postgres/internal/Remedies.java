package io.drasi.bootstrap.postgres.internal;

import io.drasi.api.bootstrap.BootstrapException;
import io.drasi.postgres.decoder.row.TableName;
import io.drasi.postgres.protocol.ServerErrorException;
import io.drasi.postgres.protocol.Sql;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What mends an error, decided by its SQLSTATE. */
final class Remedies {
  private final BootstrapSettings settings;

  Remedies(BootstrapSettings settings) {
    this.settings = settings;
  }

  /** The failure that an error which is about no table comes to. */
  BootstrapException failure(IOException error) {
    return new BootstrapException("the bootstrap failed: " + inWords(error), error);
  }

  /** An error which is about no table, and what mends it. */
  String inWords(IOException error) {
    return inWords(
        error, error instanceof ServerErrorException refused ? remedy(refused.sqlState()) : null);
  }

  /** The failure that an error while a table was locked or read comes to. */
  BootstrapException failure(TableName table, ServerErrorException error) {
    @Nullable String remedy =
        switch (error.sqlState()) {
          case "42501" ->
              "run GRANT SELECT ON %s TO %s;"
                  .formatted(table.toSql(), Sql.readable(settings.connection().user()));
          case "42P01", "3F000" -> "the table was dropped or renamed meanwhile; bootstrap again";
          default -> remedy(error.sqlState());
        };
    return new BootstrapException(
        "the bootstrap failed at table %s: %s".formatted(table, inWords(error, remedy)), error);
  }

  private static String inWords(IOException error, @Nullable String remedy) {
    String message = String.valueOf(error.getMessage());
    return remedy == null ? message : message + "; " + remedy;
  }

  private @Nullable String remedy(String sqlState) {
    String user = settings.connection().user();
    String role = Sql.readable(user);
    return switch (sqlState) {
      case "08P01" ->
          "it may be that a connection pooler stands in between: set host and port to those of the"
              + " server itself";
      case "22021", "22P05" ->
          "a text in it has no UTF-8: with the encoding SQL_ASCII the server converts nothing, so that"
              + " all text has to be UTF-8 itself; mend the rows, and bootstrap again";
      case "28P01" -> "check the options user and password";
      case "28000" ->
          ("check that the role %s may log in (ALTER ROLE %s LOGIN;) and that pg_hba.conf has a line"
                  + " for it")
              .formatted(user, role);
      case "3D000" -> "check the option database";
      case "42501" ->
          "the role %s needs REPLICATION: run ALTER ROLE %s REPLICATION; as a superuser"
              .formatted(user, role);
      case "53300" ->
          "there is no free connection or walsender: raise max_connections or max_wal_senders, or the"
              + " role's CONNECTION LIMIT, or lower parallelism";
      case "53400" ->
          "there is no free slot: raise max_replication_slots, or drop a slot that nobody needs";
      case "55000" -> "check that wal_level is logical";
      case "55P03" ->
          "another transaction holds a lock on a published table, or waits for one; find it in pg_locks"
              + " and pg_stat_activity, end it, and bootstrap again";
      case "57P01", "57P02", "57P03" -> "the server was shut down or restarted; bootstrap again";
      default -> null;
    };
  }
}
