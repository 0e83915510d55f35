package io.drasi.source.postgres.internal.session;

import io.drasi.api.source.Finding;
import io.drasi.postgres.protocol.Connector;
import io.drasi.postgres.protocol.QueryResult;
import io.drasi.postgres.protocol.ServerErrorException;
import io.drasi.postgres.protocol.Session;
import io.drasi.postgres.protocol.SessionMode;
import io.drasi.postgres.protocol.SessionSecurity;
import io.drasi.postgres.protocol.Sql;
import io.drasi.source.postgres.PostgresSourceConfig;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Looks at everything that a source needs, by the rules that a session's start goes by, and at what
 * may surprise later. Changes nothing.
 *
 * <p>Confined to the thread that runs it.
 */
public final class Checkup {
  private static final Duration TOLERATED_SKEW = Duration.ofSeconds(5);

  private final PostgresSourceConfig config;
  private final Connector connector;
  private final Findings findings = new Findings();

  /** A check-up; {@link #run} does it. */
  public Checkup(PostgresSourceConfig config, Connector connector) {
    this.config = config;
    this.connector = connector;
  }

  /** What was found, item by item. */
  public List<Finding> run() {
    try (Session session = connector.connect(config.connection(), SessionMode.QUERY)) {
      session.setReadTimeout(StreamSession.SILENCE);
      findings.ok("connection", "connected to " + session.address());
      checkSecurity(session);
      checkPooler(session);
      checkReplication(session);
      checkServer(session);
      new TableCheckup(config, session, findings).run();
      new SlotCheckup(config, session, findings).run();
      checkClock(session);
    } catch (IOException e) {
      findings.problem("connection", new Remedies(config).explain(e), List.of());
    }
    return findings.toList();
  }

  private void checkSecurity(Session session) {
    SessionSecurity security = session.security();
    String mode = config.connection().tls().modeName();
    if (security.tls().isPresent()) {
      String checked =
          config.connection().sslMode().checksCertificate()
              ? "certificate checked"
              : "certificate not checked";
      findings.ok("tls", "%s; ssl_mode %s: %s".formatted(security.tls().get(), mode, checked));
    } else if (security.leavesThisMachine()) {
      findings.warning(
          "tls",
          "the connection is not encrypted; set ssl = on at the server, and ssl_mode to verify-full");
    } else {
      findings.ok("tls", "not encrypted, but it does not leave this machine");
    }
    if (security.authentication().equals("password")) {
      findings.warning(
          "authentication",
          "the password is sent as it is; set scram-sha-256 for this user in pg_hba.conf");
    } else {
      findings.ok("authentication", security.authentication());
    }
  }

  /** A pooler gives a process of its own, and passes commands to another. */
  private void checkPooler(Session session) throws IOException {
    Optional<Integer> told = session.processId();
    String real = ask(session, "SELECT pg_catalog.pg_backend_pid() AS pid").required(0, "pid");
    if (told.isPresent() && !told.get().toString().equals(real)) {
      findings.warning(
          "pooler",
          "a connection pooler seems to stand in between: process %s answers in place of %d; set host and port to those of the server itself"
              .formatted(real, told.get()));
    } else {
      findings.ok("pooler", "none in between");
    }
  }

  private void checkReplication(Session session) throws IOException {
    try (Session replication = connector.connect(config.connection(), SessionMode.REPLICATION)) {
      findings.ok("replication", "the role may replicate from " + replication.address());
    } catch (ServerErrorException e) {
      findings.problem(
          "replication",
          new Remedies(config).explain(e),
          e.sqlState().equals("42501") ? List.of(grantReplication(session)) : List.of());
    } catch (IOException e) {
      findings.problem("replication", new Remedies(config).explain(e), List.of());
    }
  }

  /** Cloud services do not let a role have the attribute, but a role that stands for it. */
  private String grantReplication(Session session) throws IOException {
    String role = Sql.readable(config.connection().user());
    QueryResult cloud =
        ask(session, "SELECT 1 AS one FROM pg_catalog.pg_roles WHERE rolname = 'rds_replication'");
    return cloud.rows().isEmpty()
        ? "ALTER ROLE %s REPLICATION;".formatted(role)
        : "GRANT rds_replication TO %s;".formatted(role);
  }

  private void checkServer(Session session) throws IOException {
    var rules = new SetupRules(config, session);
    findings.judge("server version", rules.version(), session.serverVersion().toString());
    findings.judge("wal_level", rules.walLevel(), "logical");
    rules
        .synchronousStandby()
        .ifPresentOrElse(
            warning -> findings.warning("synchronous_standby_names", warning),
            () -> findings.ok("synchronous_standby_names", "commits do not wait for this source"));
  }

  private void checkClock(Session session) throws IOException {
    Instant before = Instant.now();
    String micros =
        ask(
                session,
                "SELECT (extract(epoch FROM pg_catalog.clock_timestamp()) * 1000000)::bigint AS now")
            .required(0, "now");
    Duration skew =
        Duration.between(
            before.plus(Duration.between(before, Instant.now()).dividedBy(2)),
            Instant.EPOCH.plusNanos(Long.parseLong(micros) * 1000));
    if (skew.abs().compareTo(TOLERATED_SKEW) > 0) {
      findings.warning(
          "clock",
          "the server's clock differs from this machine's by %d s; effective_from is by the server's"
              .formatted(skew.toSeconds()));
    } else {
      findings.ok("clock", "the server's clock is as this machine's");
    }
  }

  private static QueryResult ask(Session session, String sql) throws IOException {
    return session.query(sql).get(0);
  }
}
