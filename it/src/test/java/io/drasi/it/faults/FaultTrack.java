package io.drasi.it.faults;

import static io.drasi.it.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.api.source.ManagedSource;
import io.drasi.api.source.SourceState;
import io.drasi.api.source.SourceStatus;
import io.drasi.bootstrap.postgres.PostgresBootstrapProvider;
import io.drasi.embedded.postgres.EmbeddedPostgres;
import io.drasi.it.support.NamelessFiles;
import io.drasi.it.support.TestDatabase;
import io.drasi.postgres.protocol.SslMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A database, a source behind a proxy, and a subscriber that stays: cases run on it one after the
 * other. Each one stops and starts the source, so that every message is there to be harmed.
 *
 * <p>Confined to one thread.
 */
final class FaultTrack {
  private static final Logger log = LoggerFactory.getLogger(FaultTrack.class);
  private static final Duration DEADLINE = Duration.ofMinutes(2);

  private static final int LOOKS_PER_ROUND = 5;

  /** What comes once in a connection, may need another one. */
  private static final int LOOKS_PER_RESTART = 100;

  /** Longer than any silence is borne. */
  private static final Duration SILENT_DEADLINE = Duration.ofMinutes(4);

  private final String id;
  private final TestDatabase database;
  private final FaultLoad load;
  private final FaultProxy proxy;
  private final ManagedSource source;
  private final FaultFollower follower;
  private final Path spillDir;
  private int cases;
  private int looks;

  private FaultTrack(EmbeddedPostgres server, String id, SslMode sslMode, boolean spills)
      throws Exception {
    this.id = id;
    this.database = TestDatabase.create(server);
    this.load = FaultLoad.create(database, id.hashCode());
    this.proxy = FaultProxy.to(server.port());
    this.spillDir = Files.createTempDirectory("faults").toRealPath();
    this.source =
        database
            .source(id)
            .withPort(proxy.port())
            .withSslMode(sslMode)
            .withConnection(c -> c.withLoginTimeout(Duration.ofSeconds(2)))
            .withMemoryLimitBytes(spills ? 1 : 1 << 20)
            .withSpillDir(spillDir)
            .withBootstrapProvider(provider(sslMode))
            .build();
    this.follower = FaultFollower.start(source, "stays");
  }

  private PostgresBootstrapProvider provider(SslMode sslMode) {
    return PostgresBootstrapProvider.builder()
        .withHost(database.server().host())
        .withPort(proxy.port())
        .withDatabase(database.name())
        .withUser(TestDatabase.ROLE)
        .withPassword(TestDatabase.PASSWORD)
        .withSslMode(sslMode)
        .withConnection(c -> c.withLoginTimeout(Duration.ofSeconds(2)))
        .withBatchSize(20)
        .build();
  }

  /**
   * A track.
   *
   * @param id names its source
   * @param spills whether each transaction goes to disk
   */
  static FaultTrack create(EmbeddedPostgres server, String id, SslMode sslMode, boolean spills)
      throws Exception {
    var track = new FaultTrack(server, id, sslMode, spills);
    track.source.start();
    String last = track.load.last();
    eventually("the source streams", SILENT_DEADLINE, () -> track.follower.has(last));
    return track;
  }

  /** Plays a case without a fault, twice; tells what there is to be harmed. */
  Map<Place, Integer> record() throws Exception {
    play(null);
    play(null);
    return proxy.seen();
  }

  /** Plays a case, and compares in the end; throws what is wrong. */
  FaultResult play(@Nullable Fault fault) throws Exception {
    cases++;
    long begun = System.nanoTime();
    long transactions = load.transactions();
    long sessions = source.metrics().sessions();
    proxy.arm(fault);
    restart();
    if (new Random(cases).nextBoolean()) {
      follower.comeBack();
    }
    boolean bootstraps =
        fault == null || fault.place().role().isOfBootstrap() || fault.place().role() == Role.TLS;
    int failedBootstraps = 0;
    long had = 0;
    if (bootstraps) {
      try (FaultFollower fresh = FaultFollower.start(source, "fresh-" + cases)) {
        awaitFault(fault, load::rows);
        awaitEqual(List.of(follower, fresh), fault);
        load.round();
        awaitEqual(List.of(follower, fresh), fault);
        failedBootstraps = fresh.failedBootstraps();
        had = fresh.transactions();
      }
    } else {
      awaitFault(fault, load::round);
      awaitEqual(List.of(follower), fault);
    }
    proxy.disarm();
    awaitNothingLeft();
    return new FaultResult(
        fault,
        load.transactions() - transactions + had,
        source.metrics().sessions() - sessions,
        failedBootstraps,
        Duration.ofNanos(System.nanoTime() - begun));
  }

  private void restart() throws Exception {
    var stopped = new FutureTask<Void>(source::stop, null);
    new Thread(stopped, "stop").start();
    stopped.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
    source.start();
  }

  private interface Writing {
    void write() throws SQLException;
  }

  /**
   * Writes until the fault has happened.
   *
   * @param writing while tables are bootstrapped in several databases their definitions are left
   *     alone: each change of one would hold all of them up
   */
  private void awaitFault(@Nullable Fault fault, Writing writing) throws Exception {
    writing.write();
    if (fault != null) {
      eventually(
          "the fault happens; " + source.status(),
          DEADLINE,
          () -> {
            restartWhereFailed(fault);
            looks++;
            if (!proxy.hasFired() && looks % LOOKS_PER_RESTART == 0) {
              restart();
            }
            if (!proxy.hasFired() && looks % LOOKS_PER_ROUND == 0) {
              writing.write();
            }
            return proxy.hasFired();
          });
      writing.write();
    }
  }

  private void awaitEqual(List<FaultFollower> followers, @Nullable Fault fault) throws Exception {
    String last = load.last();
    boolean silent = fault != null && fault.isSilent();
    for (FaultFollower each : followers) {
      try {
        eventually(
            "the subscriber has " + last,
            silent ? SILENT_DEADLINE : DEADLINE,
            () -> {
              restartWhereFailed(fault);
              return each.has(last);
            });
      } catch (TimeoutException e) {
        throw new AssertionError("%s; %s".formatted(e.getMessage(), source.status()), e);
      }
      assertThat(each.mistakes(database)).as("mistakes").isEmpty();
    }
  }

  /** An operator would: where a byte was changed, the error may be one that lasts. */
  private void restartWhereFailed(@Nullable Fault fault) {
    SourceStatus status = source.status();
    if (status.state() == SourceState.FAILED) {
      log.info("{}: {} after {}", id, status, fault);
      assertThat(fault).as(status.toString()).isNotNull();
      assertThat(fault.kind()).as(status.toString()).isEqualTo(FaultKind.CORRUPTION);
      assertThat(status.error().orElseThrow().getMessage()).doesNotContain("defect");
      source.start();
    }
  }

  /** Once what has fallen silent is closed, one connection and the source's own slot remain. */
  private void awaitNothingLeft() throws Exception {
    eventually("no connection is left but the stream", DEADLINE, () -> proxy.open() <= 1);
    proxy.endAbandoned();
    String query =
        "SELECT (SELECT count(*) FROM pg_replication_slots WHERE database = '%1$s')"
            + " || ' slots, ' || (SELECT count(*) <= 1 FROM pg_stat_activity WHERE datname = '%1$s'"
            + " AND application_name LIKE 'drasi:%%') || ', ' || (SELECT count(*) FROM"
            + " pg_prepared_xacts WHERE database = '%1$s')";
    String sql = query.formatted(database.name());
    eventually(
        "nothing is left at the server",
        DEADLINE,
        () -> database.ask(sql).equals("1 slots, true, 0"));
    eventually("no thread of a bootstrap is left", DEADLINE, () -> bootstrapThreads() == 0);
  }

  private long bootstrapThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(id + "-bootstrap"))
        .count();
  }

  /** How many transactions came twice. */
  int doubled() {
    return follower.doubled();
  }

  /** Ends it; nothing may be left. */
  void end() throws Exception {
    follower.close();
    source.close();
    eventually("no thread is left", DEADLINE, () -> threads().isEmpty());
    assertThat(spillDir).isEmptyDirectory();
    assertThat(NamelessFiles.bytesIn(spillDir)).isZero();
    Files.delete(spillDir);
    proxy.close();
    load.close();
    database.close();
  }

  /** Ends it after something went wrong, so that others are not disturbed. */
  void abandon() {
    source.close();
    try {
      proxy.close();
      load.close();
      database.close();
    } catch (IOException | SQLException e) {
      log.warn("{}: something is left", id, e);
    }
  }

  private List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith(id + "-"))
        .toList();
  }
}
