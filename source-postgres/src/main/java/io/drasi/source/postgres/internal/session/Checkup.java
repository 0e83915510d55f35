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
import java.time.Clock;
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
  private final Clock clock;
  private final Duration longTransaction;
  private final Findings findings = new Findings();

  /**
   * A check-up; {@link #run} does it.
   *
   * @param clock this machine's
   * @param longTransaction from when on a transaction counts as long, which a slot that is there
   *     waits for
   */
  public Checkup(
      PostgresSourceConfig config, Connector connector, Clock clock, Duration longTransaction) {
    this.config = config;
    this.connector = connector;
    this.clock = clock;
    this.longTransaction = longTransaction;
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
      new SlotCheckup(config, session, findings, longTransaction).run();
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
    try (Session replication = connector.connect(session.here(), SessionMode.REPLICATION)) {
      findings.ok("replication", "the role may replicate from " + replication.address());
    } catch (ServerErrorException e) {
      findings.problem("replication", refusal(e, session));
    } catch (IOException e) {
      findings.problem("replication", new Remedies(config).explain(e), List.of());
    }
  }

  /** On a cloud service a role may get the right to replicate in another way. */
  private Problem refusal(ServerErrorException e, Session session) throws IOException {
    String message = new Remedies(config).explain(e);
    if (!e.sqlState().equals("42501")) {
      return new Problem(message);
    }
    String user = config.connection().user();
    Optional<CloudService> cloud = CloudService.of(session);
    if (cloud.isEmpty()) {
      return new Problem(message, "ALTER ROLE %s REPLICATION;".formatted(Sql.readable(user)));
    }
    String grant = cloud.get().grantReplication(user);
    return new Problem(
        "%s; the role %s needs the right to replicate: as the service's administrator run %s"
            .formatted(e.getMessage(), user, grant),
        grant);
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
    Instant before = clock.instant();
    String micros =
        ask(
                session,
                "SELECT (extract(epoch FROM pg_catalog.clock_timestamp()) * 1000000)::bigint AS now")
            .required(0, "now");
    Duration skew =
        Duration.between(
            before.plus(Duration.between(before, clock.instant()).dividedBy(2)),
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
