package io.drasi.source.postgres.internal.session;

import io.drasi.postgres.protocol.Session;
import io.drasi.postgres.protocol.Sql;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A service that runs servers for others. Nobody is superuser there, so that settings are made by
 * the service's own means; it is known by a role that it creates in each server.
 */
enum CloudService {
  RDS(
      "rds_replication",
      "Amazon RDS and Aurora",
      "set rds.logical_replication to 1 in the parameter group, and reboot"),
  AZURE(
      "azure_pg_admin",
      "Azure Database for PostgreSQL",
      "set the server parameter wal_level to logical, and restart the server"),
  CLOUD_SQL(
      "cloudsqlsuperuser",
      "Cloud SQL",
      "set the flag cloudsql.logical_decoding to on, which restarts the instance"),
  ALLOY_DB(
      "alloydbsuperuser",
      "AlloyDB",
      "set the flag alloydb.logical_decoding to on, which restarts the instance");

  private final String role;
  private final String title;
  private final String logicalDecoding;

  CloudService(String role, String title, String logicalDecoding) {
    this.role = role;
    this.title = title;
    this.logicalDecoding = logicalDecoding;
  }

  /** The service that runs the server, if one does. */
  static Optional<CloudService> of(Session session) throws IOException {
    String roles =
        Arrays.stream(values())
            .map(service -> Sql.literal(service.role))
            .collect(Collectors.joining(", "));
    var answer =
        session
            .query("SELECT rolname FROM pg_catalog.pg_roles WHERE rolname IN (%s)".formatted(roles))
            .get(0);
    return Arrays.stream(values())
        .filter(service -> answer.rows().stream().anyMatch(row -> service.role.equals(row.get(0))))
        .findFirst();
  }

  /** How a role gets the right to replicate. */
  String grantReplication(String user) {
    return this == RDS
        ? "GRANT %s TO %s;".formatted(role, Sql.readable(user))
        : "ALTER ROLE %s REPLICATION;".formatted(Sql.readable(user));
  }

  /** How {@code wal_level} becomes logical, in words. */
  String logicalDecoding() {
    return "on %s %s".formatted(title, logicalDecoding);
  }

  /** How another setting is raised, in words. */
  String raise(String setting, int value) {
    return "on %s set %s to %d by the service's own means, and restart the server"
        .formatted(title, setting, value);
  }
}
