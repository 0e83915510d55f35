package io.drasi.it.faults;

import static io.drasi.it.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.api.source.ManagedSource;
import io.drasi.api.source.SourceState;
import io.drasi.bootstrap.postgres.PostgresBootstrapProvider;
import io.drasi.embedded.postgres.EmbeddedPostgres;
import io.drasi.embedded.postgres.ShutdownMode;
import io.drasi.it.support.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A database that is written to, a source behind a proxy, a subscriber that stays and one that
 * begins anew now and then; and what disturbs them, at random.
 *
 * <p>Confined to one thread, but for the writer.
 */
final class Soak {
  private static final Logger log = LoggerFactory.getLogger(Soak.class);
  private static final Duration LONG = Duration.ofSeconds(150);
  private static final int LEDGER_ROWS = 2000;
  private static final int ROUNDS_APART_MILLIS = 40;
  private static final int MOST_ROUNDS = 20;

  private final EmbeddedPostgres server;
  private final Random random;
  private final TestDatabase database;
  private final FaultLoad load;
  private final FaultProxy proxy;
  private final ManagedSource source;
  private final FaultFollower stays;
  private final List<Fault> faults;
  private final List<Fault> streamFaults;
  private FaultFollower comes;
  private int number;
  private long transactions;

  /** What was done. */
  record Event(String kind, String place, String name, long millis) {
    Summary.Case toCase() {
      return new Summary.Case(kind, place, name, true, 0, millis);
    }
  }

  private Soak(EmbeddedPostgres server, Random random) throws Exception {
    this.server = server;
    this.random = random;
    this.database = TestDatabase.create(server);
    this.load = FaultLoad.create(database, random.nextLong());
    this.proxy = FaultProxy.to(server.port());
    this.source =
        database
            .source("soak")
            .withPort(proxy.port())
            .withMemoryLimitBytes(20_000)
            .withBootstrapProvider(
                PostgresBootstrapProvider.builder()
                    .withHost(server.host())
                    .withPort(proxy.port())
                    .withDatabase(database.name())
                    .withUser(TestDatabase.ROLE)
                    .withPassword(TestDatabase.PASSWORD)
                    .withBatchSize(100)
                    .build())
            .build();
    this.stays = FaultFollower.start(source, "stays");
    this.comes = FaultFollower.start(source, "comes-0");
    source.start();
    proxy.arm(null);
    compare();
    this.faults = FaultPlan.of(proxy.seen());
    faults.removeIf(fault -> fault.kind() == FaultKind.CORRUPTION);
    this.streamFaults =
        faults.stream().filter(fault -> fault.place().phase().equals("stream")).toList();
  }

  /** Begins. */
  static Soak begin(EmbeddedPostgres server, Random random) throws Exception {
    return new Soak(server, random);
  }

  TestDatabase database() {
    return database;
  }

  /** Writes for a while, in which something happens. */
  Event disturb() throws Exception {
    long begun = System.nanoTime();
    int what = random.nextInt(100);
    String done = strike(what);
    for (int rounds = random.nextInt(MOST_ROUNDS); rounds > 0; rounds--) {
      write();
    }
    proxy.disarm();
    proxy.endAbandoned();
    return new Event(
        what < 80 ? "connection" : what < 98 ? "process" : "server",
        done.split(" ", 2)[0],
        done,
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
  }

  private String strike(int what) throws Exception {
    if (what < 80) {
      List<Fault> some = random.nextInt(3) == 0 ? faults : streamFaults;
      Fault fault = some.get(random.nextInt(some.size()));
      proxy.arm(fault);
      if (some.equals(faults)) { // most of them need a new connection
        source.stop();
        source.start();
      }
      return fault.toString();
    } else if (what < 86) {
      source.stop();
      source.start();
      return "RESTART of the source";
    } else if (what < 92) {
      stays.comeBack();
      return "RETURN of the subscriber";
    } else if (what < 95) {
      comes.close();
      number++;
      comes = FaultFollower.start(source, "comes-" + number);
      return "BOOTSTRAP of another subscriber";
    } else if (what < 98) {
      database.run(
          "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active");
      return "TERMINATION of the server's process";
    }
    ShutdownMode mode = what < 99 ? ShutdownMode.FAST : ShutdownMode.IMMEDIATE;
    server.stop(mode);
    server.start();
    load.reconnect();
    return mode + " shutdown";
  }

  private void write() throws SQLException, InterruptedException {
    load.round();
    load.trim(LEDGER_ROWS);
    TimeUnit.MILLISECONDS.sleep(ROUNDS_APART_MILLIS);
  }

  /** Waits until all have everything, and compares. */
  void compare() throws Exception {
    load.round();
    String last = load.last();
    for (FaultFollower each : List.of(stays, comes)) {
      eventually(
          "a subscriber has " + last,
          LONG,
          () -> {
            assertThat(source.status().state()).isNotEqualTo(SourceState.FAILED);
            return each.has(last);
          });
      assertThat(each.mistakes(database)).isEmpty();
    }
    transactions = load.transactions();
  }

  /** How many transactions were compared. */
  long transactions() {
    return transactions;
  }

  /** How many came twice. */
  int doubled() {
    return stays.doubled() + comes.doubled();
  }

  /** Ends it. */
  void end() throws Exception {
    stays.close();
    comes.close();
    source.close();
    proxy.close();
    load.close();
    log.info("done: {}", this);
  }

  @Override
  public String toString() {
    return "%s; %d transactions, %d sessions, %d bootstraps"
        .formatted(source.status(), load.transactions(), source.metrics().sessions(), number + 1);
  }
}
