package io.drasi.it.faults;

import static io.drasi.it.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.api.change.SourceChange;
import io.drasi.api.source.SourceState;
import io.drasi.api.source.Subscription;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.embedded.postgres.EmbeddedPostgres;
import io.drasi.it.support.Bootstraps;
import io.drasi.it.support.Servers;
import io.drasi.it.support.TestDatabase;
import io.drasi.it.support.Transactions;
import io.drasi.postgres.protocol.SslMode;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whatever its stream and its bootstraps are doing, a source stops when it is told to, and goes on
 * afterwards as if nothing had been. How long that takes is written down.
 */
@Tag("faults")
class StopStreamingMomentsIT {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final List<Moments.Moment> MOMENTS = new ArrayList<>();
  private static final int BOOTSTRAPPED_ROWS = 5000;

  /** In the middle of them. */
  private static final int SOME_ROW = 1000;

  private static EmbeddedPostgres server;

  private StopScene scene;

  @BeforeAll
  static void startServer() {
    server = Servers.start(Servers.builder(Servers.newest()));
  }

  @AfterEach
  void closeScene() throws Exception {
    scene.close();
  }

  @AfterAll
  static void report() throws Exception {
    new Moments("stop of the stream", server.version(), MOMENTS).write();
    server.close();
  }

  private void open(Scene.Settings settings) throws Exception {
    scene = StopScene.on(server, SslMode.DISABLE, settings);
  }

  private void open() throws Exception {
    open((source, provider) -> {});
  }

  private void stops(String state, StopScene.Step enter, StopScene.Step leave) throws Exception {
    MOMENTS.add(scene.stopEachTime(state, enter, leave));
  }

  private void stops(String state, StopScene.Step enter) throws Exception {
    stops(state, enter, () -> {});
  }

  @Test
  void whileNothingComes() throws Exception {
    open();
    stops("streaming, nothing comes", () -> scene.startStreaming());
  }

  @Test
  void whileTheServerHasFallenSilent() throws Exception {
    open();
    stops(
        "streaming, and the server has fallen silent",
        () ->
            scene.startIntoSilence(
                new Place(Role.REPLICATION, Direction.TO_CLIENT, "CopyData.Keepalive"), 1));
  }

  @Test
  void underLoad() throws Exception {
    open();
    List<BackgroundWriter> writers = new ArrayList<>();
    stops(
        "streaming under load",
        () -> {
          scene.startStreaming();
          long before = scene.source().metrics().transactions();
          writers.add(BackgroundWriter.start(() -> scene.load().rows()));
          eventually(
              "transactions come",
              LONG,
              () -> scene.source().metrics().transactions() > before + 50);
        },
        () -> writers.remove(0).close());
  }

  @Test
  void whileASubscriberTakesNothing() throws Exception {
    open((source, provider) -> source.withDispatchBufferCapacity(10));
    List<Subscription> stuck = new ArrayList<>();
    stops(
        "a subscriber takes nothing",
        () -> {
          stuck.add(scene.source().subscribe(SubscriptionRequest.of("stuck")));
          scene.startStreaming();
          scene.load().rows();
          scene.load().rows();
          scene.await(SourceState.RUNNING, "the subscriber stuck");
        },
        () -> leave(stuck.remove(0), "stuck"));
  }

  private void leave(Subscription subscription, String id) {
    subscription.close();
    scene.source().forget(id);
  }

  @Test
  void whileThereIsNoRoomInMemory() throws Exception {
    open((source, provider) -> source.withMemoryLimitBytes(50_000));
    List<Subscription> slow = new ArrayList<>();
    stops(
        "no room in memory, a transaction on disk is being read",
        () -> {
          slow.add(scene.source().subscribe(SubscriptionRequest.of("slow")));
          scene.startStreaming();
          scene.database().run(items(300));
          Iterator<SourceChange> changes = Transactions.next(slow.get(0)).changes().iterator();
          assertThat(changes.next()).isInstanceOf(SourceChange.class);
          for (int i = 0; i < 10; i++) {
            scene.load().rows();
          }
          scene.await(SourceState.RUNNING, "the subscriber slow");
        },
        () -> leave(slow.remove(0), "slow"));
  }

  private static String items(int count) {
    return "INSERT INTO items SELECT i, 'many', i, repeat('z', 1000) FROM"
        + " generate_series(100001, %d) i ON CONFLICT (id) DO UPDATE SET amount = items.amount + 1"
            .formatted(100_000 + count);
  }

  @Test
  void whileATransactionGoesOn() throws Exception {
    open();
    scene.database().streamEarly();
    List<BackgroundWriter> writers = new ArrayList<>();
    stops(
        "a transaction is being streamed",
        () -> {
          scene.startStreaming();
          long before = scene.source().metrics().bytes();
          Connection open = scene.database().connect();
          open.setAutoCommit(false);
          writers.add(BackgroundWriter.start(() -> TestDatabase.run(open, items(100)), open));
          eventually(
              "it is streamed", LONG, () -> scene.source().metrics().bytes() > before + 500_000);
        },
        () -> writers.remove(0).close());
  }

  private static final Place ROW = new Place(Role.BOOTSTRAP, Direction.TO_CLIENT, "CopyData.Row");

  @Test
  void whileABootstrapReads() throws Exception {
    stopsInABootstrap("a bootstrap reads a table", FaultKind.SLOW);
  }

  @Test
  void whileTheServerOfABootstrapIsSilent() throws Exception {
    stopsInABootstrap("the server of a bootstrap has fallen silent", FaultKind.BLACK_HOLE);
  }

  private void stopsInABootstrap(String state, FaultKind kind) throws Exception {
    open();
    scene.database().run(items(BOOTSTRAPPED_ROWS));
    List<FaultFollower> fresh = new ArrayList<>();
    stops(
        state,
        () -> {
          fresh.add(FaultFollower.start(scene.source(), "fresh"));
          scene.startInto(kind, ROW, SOME_ROW);
        },
        () -> finish(fresh.remove(0)));
  }

  @Test
  void whileABootstrapWaitsForATransaction() throws Exception {
    open();
    List<FaultFollower> fresh = new ArrayList<>();
    try (Connection open = scene.database().connect()) {
      open.setAutoCommit(false);
      stops(
          "a bootstrap waits for a transaction that is open",
          () -> {
            TestDatabase.run(open, "UPDATE items SET amount = 1 WHERE id = 100001");
            TestDatabase.run(open, "INSERT INTO ledger DEFAULT VALUES");
            fresh.add(FaultFollower.start(scene.source(), "fresh"));
            scene.source().start();
            Bootstraps.awaitSlotWaitsFor(scene.database(), open);
          },
          () -> {
            open.rollback();
            finish(fresh.remove(0));
          });
    }
  }

  /** Who was being bootstrapped has everything in the end. */
  private void finish(FaultFollower fresh) throws Exception {
    scene.startStreaming();
    scene.load().rows();
    String last = scene.load().last();
    eventually("it has " + last, LONG, () -> fresh.has(last));
    assertThat(fresh.mistakes(scene.database())).as("mistakes").isEmpty();
    fresh.close();
    scene.source().stop();
  }
}
