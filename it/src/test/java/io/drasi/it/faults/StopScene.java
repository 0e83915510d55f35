package io.drasi.it.faults;

import static io.drasi.it.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.api.source.ManagedSource;
import io.drasi.api.source.SourceState;
import io.drasi.embedded.postgres.EmbeddedPostgres;
import io.drasi.it.support.TestDatabase;
import io.drasi.postgres.protocol.SslMode;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A {@link Scene} behind a proxy, whose source is stopped several times in one state. */
final class StopScene implements AutoCloseable {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final int TRIES = 5;

  private final FaultProxy proxy;
  private final Scene scene;

  /** Something to do. */
  interface Step {
    void run() throws Exception;
  }

  private StopScene(FaultProxy proxy, Scene scene) {
    this.proxy = proxy;
    this.scene = scene;
  }

  /** Begins a scene. */
  static StopScene on(EmbeddedPostgres server, SslMode sslMode, Scene.Settings settings)
      throws Exception {
    FaultProxy proxy = FaultProxy.to(server.port());
    return new StopScene(
        proxy,
        Scene.on(
            server,
            "shop",
            (source, provider) -> {
              source.withPort(proxy.port()).withSslMode(sslMode);
              provider.withPort(proxy.port()).withSslMode(sslMode);
              settings.set(source, provider);
            }));
  }

  /**
   * Brings the source into a state, stops it, lets it go on, and looks whether nothing is lost or
   * doubled; and all of it again.
   *
   * @param enter starts the source, and waits until the state is there
   * @param leave undoes what has led to it
   */
  Moments.Moment stopEachTime(String state, Step enter, Step leave) throws Exception {
    scene.source().stop();
    Moments.Moment moment =
        stopEachTime(
            state,
            scene.source(),
            enter,
            () -> {
              leave.run();
              proxy.endAbandoned();
              scene.source().start();
              scene.writeAndCompare();
              scene.source().stop();
            });
    assertThat(scene.doubled()).as("transactions that came twice").isZero();
    return moment;
  }

  /** As {@link #stopEachTime(String, Step, Step)}, of any source. */
  static Moments.Moment stopEachTime(String state, ManagedSource source, Step enter, Step leave)
      throws Exception {
    List<Double> millis = new ArrayList<>();
    for (int i = 0; i < TRIES; i++) {
      enter.run();
      millis.add(Stopwatch.stop(source));
      leave.run();
    }
    return new Moments.Moment(state, millis);
  }

  /** Starts the source, which comes to a message after which nothing comes any more. */
  void startIntoSilence(Place place, int occurrence) throws Exception {
    startInto(FaultKind.BLACK_HOLE, place, occurrence);
  }

  /** Starts the source, and waits until something has happened to a message. */
  void startInto(FaultKind kind, Place place, int occurrence) throws Exception {
    proxy.arm(new Fault(kind, place, occurrence, Fault.Spot.BEFORE, 0));
    source().start();
    eventually(place + " has come", LONG, proxy::hasFired);
  }

  /** Starts the source, and waits until it streams. */
  void startStreaming() throws Exception {
    source().start();
    await(SourceState.RUNNING, "");
  }

  /**
   * Waits for a state.
   *
   * @param waitingFor how it begins what is waited for; nothing when it is empty
   */
  void await(SourceState state, String waitingFor) throws Exception {
    eventually(
        "the source is %s and waits for %s; %s".formatted(state, waitingFor, source().status()),
        LONG,
        () ->
            source().status().state() == state
                && source().status().waitingFor().orElse("").startsWith(waitingFor)
                && source().status().waitingFor().isPresent() != waitingFor.isEmpty());
  }

  ManagedSource source() {
    return scene.source();
  }

  TestDatabase database() {
    return scene.database();
  }

  FaultLoad load() {
    return scene.load();
  }

  @Override
  public void close() throws SQLException, IOException {
    scene.close();
    proxy.close();
  }
}
