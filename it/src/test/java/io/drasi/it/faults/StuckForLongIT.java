package io.drasi.it.faults;

import static io.drasi.it.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.api.source.DispatchMode;
import io.drasi.embedded.postgres.EmbeddedPostgres;
import io.drasi.it.support.Servers;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A subscriber takes nothing for many minutes while rows are written all the time. The source holds
 * the stream, not the rows: nothing grows but the server's log, the session stays, and the status
 * names who is waited for. Afterwards everybody gets everything, once.
 */
@Tag("soak")
class StuckForLongIT {
  private static final Logger log = LoggerFactory.getLogger(StuckForLongIT.class);
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Duration STUCK = Duration.ofMinutes(Long.getLong("stuck.minutes", 10));
  private static final int SAMPLES_APART_MILLIS = 2000;
  private static final int ROUNDS_APART_MILLIS = 40;
  private static final int LEDGER_ROWS = 2000;
  private static final int CAPACITY = 100;
  private static final int OTHERS = 4;
  private static final long CONFIRMED_BYTES = 1 << 20;

  private final List<SoakSample> samples = new ArrayList<>();
  private final List<FaultFollower> followers = new ArrayList<>();
  private Scene scene;

  @Test
  void holdsTheStreamAndNothingElse() throws Exception {
    try (EmbeddedPostgres server = Servers.start(Servers.builder(Servers.newest()))) {
      scene =
          Scene.on(
              server,
              "long",
              (source, provider) ->
                  source
                      .withDispatchMode(DispatchMode.CHANNEL)
                      .withDispatchBufferCapacity(CAPACITY));
      FaultFollower stuck = follow("stuck");
      for (int i = 0; i < OTHERS; i++) {
        follow("other-" + i);
      }
      startWithPatientServer();
      awaitEqual();
      long sessions = scene.source().metrics().sessions();
      long begun = System.nanoTime();
      try (var writer = BackgroundWriter.start(this::write)) {
        log.info("a subscriber takes nothing for {}, and {} writes", STUCK, writer);
        stuck.halt();
        watch();
        stuck.goOn();
      } finally {
        SoakChart.write("stuck", samples, Summary.folder());
      }
      awaitEqual();
      eventually("the server's log is let go", LONG, () -> lag() < CONFIRMED_BYTES);
      assertThat(scene.source().metrics().sessions()).as("sessions").isEqualTo(sessions);
      report(server, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
      followers.forEach(FaultFollower::close);
      scene.close();
    }
    SoakSample.assertNothingGrows(samples);
  }

  /** A machine that is busy may take more than a second for a report. */
  private void startWithPatientServer() throws SQLException {
    scene.database().missSoon("10s");
    scene.source().stop();
    scene.source().start();
  }

  private FaultFollower follow(String id) {
    FaultFollower follower = FaultFollower.start(scene.source(), id);
    followers.add(follower);
    return follower;
  }

  private void write() throws SQLException {
    scene.load().round();
    scene.load().trim(LEDGER_ROWS);
    try {
      TimeUnit.MILLISECONDS.sleep(ROUNDS_APART_MILLIS); // so much a second, not as much as goes
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** While it takes nothing. */
  private void watch() throws Exception {
    Optional<String> stuck = Optional.of("the subscriber stuck");
    eventually("it is named", LONG, () -> scene.source().status().waitingFor().equals(stuck));
    String process = process();
    long bytes = scene.source().metrics().bytes();
    long begun = System.nanoTime();
    for (long at = 0; at < STUCK.toMillis(); at = (System.nanoTime() - begun) / 1_000_000) {
      samples.add(SoakSample.take(Duration.ofMillis(at), scene.database()));
      assertThat(scene.source().status().waitingFor()).isEqualTo(stuck);
      assertThat(process()).as("the server's process of the session").isEqualTo(process);
      assertThat(scene.source().metrics().bytes()).as("bytes received").isEqualTo(bytes);
      TimeUnit.MILLISECONDS.sleep(SAMPLES_APART_MILLIS);
    }
    assertThat(lag()).as("kept by the server").isGreaterThan(samples.get(0).lagBytes());
  }

  private long lag() throws Exception {
    return SoakSample.take(Duration.ZERO, scene.database()).lagBytes();
  }

  private String process() throws SQLException {
    return scene
        .database()
        .ask(
            "SELECT coalesce(active_pid, 0) FROM pg_replication_slots WHERE slot_name = '%s'"
                .formatted(scene.database().slot()));
  }

  private void awaitEqual() throws Exception {
    awaitLast();
    scene.writeAndCompare();
    awaitLast();
    for (FaultFollower each : followers) {
      assertThat(each.mistakes(scene.database())).as("mistakes").isEmpty();
    }
  }

  private void awaitLast() throws Exception {
    String last = scene.load().last();
    for (FaultFollower each : followers) {
      eventually("each subscriber has " + last, LONG, () -> each.has(last));
    }
  }

  private void report(EmbeddedPostgres server, long millis) throws Exception {
    List<Summary.Case> cases = new ArrayList<>();
    int doubled = scene.doubled();
    for (FaultFollower each : followers) {
      cases.add(
          new Summary.Case(
              "stuck", "subscriber", each.toString(), true, each.transactions(), millis));
      doubled += each.doubled();
    }
    new Summary(
            "a subscriber stuck for %d minutes".formatted(STUCK.toMinutes()),
            server.version(),
            cases,
            0,
            doubled)
        .write();
    assertThat(doubled).as("transactions that came twice").isZero();
  }
}
