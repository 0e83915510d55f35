package io.drasi.it;

import static io.drasi.it.support.Eventually.awaitRunning;
import static io.drasi.it.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.drasi.api.source.Acknowledgement;
import io.drasi.api.source.ManagedSource;
import io.drasi.api.source.PositionUnavailableException;
import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.SourceState;
import io.drasi.api.source.Subscription;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.embedded.postgres.EmbeddedPostgres;
import io.drasi.embedded.postgres.ShutdownMode;
import io.drasi.it.support.Folders;
import io.drasi.it.support.Follower;
import io.drasi.it.support.Servers;
import io.drasi.it.support.ShopWriter;
import io.drasi.it.support.Standby;
import io.drasi.it.support.SubscriberCopy;
import io.drasi.it.support.Tables;
import io.drasi.it.support.TestDatabase;
import io.drasi.it.support.Transactions;
import io.drasi.postgres.decoder.position.PostgresPosition;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** A server that was promoted goes on with the stream where its log does, and only there. */
@ParameterizedClass
@MethodSource("io.drasi.it.support.Servers#versions")
class PromotionIT {
  private static final Duration LONG = Duration.ofSeconds(60);

  @Parameter String version;

  @TempDir Path temporary;

  private EmbeddedPostgres server;
  private TestDatabase database;
  private ManagedSource source;
  private Follower follower;

  @BeforeEach
  void stream() throws Exception {
    server = Servers.start(Servers.builder(version));
    database = TestDatabase.create(server);
    ShopWriter.createSchema(database);
    source = database.source("promoted").build();
    follower = Follower.start(source.subscribe(SubscriptionRequest.of("follower")));
    source.start();
    awaitRunning(source);
  }

  @AfterEach
  void stop() {
    source.close();
    follower.close();
    server.close();
  }

  private void write(int id) throws Exception {
    database.run("INSERT INTO items VALUES (%d, 'one', 1)".formatted(id));
  }

  private void awaitCopy(int elements) throws Exception {
    eventually(
        "the copy has " + elements,
        LONG,
        () -> follower.look(copy -> copy.elements().size() == elements));
  }

  /** The server starts as a standby would, and becomes a primary on a new timeline. */
  private void startPromoted() throws Exception {
    Standby.makeStandby(server, version, List.of());
    server.start();
    Standby.promote(database, version);
  }

  @Test
  void goesOnWhereThePromotedServerHasAllThatSubscribersHad() throws Exception {
    write(1);
    awaitCopy(1);
    server.stop(ShutdownMode.FAST);
    startPromoted();
    write(2);
    awaitCopy(2);
    assertThat(follower.look(SubscriberCopy::mistakes)).isEmpty();
    assertThat(follower.look(SubscriberCopy::elements)).isEqualTo(Tables.rows(database));
    assertThat(source.metrics().received().orElseThrow().toString())
        .as("on the second timeline")
        .matches("\\d+-2-.*");
  }

  /** A source of another process, which has no other memory than what its subscribers have. */
  private ManagedSource anotherSource() {
    source.close();
    return database.source("another").build();
  }

  private static SubscriptionRequest resuming(String id, String position) {
    return SubscriptionRequest.builder(id).withResumeFrom(PostgresPosition.parse(position)).build();
  }

  /** It acknowledges nothing, so that the slot keeps everything from now on. */
  private Subscription holdTheSlot() {
    return source.subscribe(
        SubscriptionRequest.builder("holder").withAcknowledgement(Acknowledgement.MANUAL).build());
  }

  private static String nextPosition(Subscription holder) throws Exception {
    String position = Transactions.next(holder).position().toString();
    assertThat(position).as("on the first timeline").matches("\\d+-1-.*");
    return position;
  }

  @Test
  void whoResumesFromAnOlderTimelineGetsWhatFollowsOnBoth() throws Exception {
    Subscription holder = holdTheSlot();
    write(1);
    write(2);
    String first = nextPosition(holder);
    String second = nextPosition(holder);
    ManagedSource another = anotherSource();
    server.stop(ShutdownMode.FAST);
    startPromoted();
    write(3);
    try (another;
        var early = another.subscribe(resuming("early", first));
        var late = another.subscribe(resuming("late", second))) {
      another.start();
      assertThat(Transactions.inserted(Transactions.next(early))).containsExactly("items:2");
      for (Subscription each : List.of(early, late)) {
        SourceEvent.Transaction last = Transactions.next(each);
        assertThat(Transactions.inserted(last)).containsExactly("items:3");
        assertThat(last.position().toString()).as("on the second timeline").matches("\\d+-2-.*");
      }
    }
  }

  @Test
  void refusesAPositionBeyondWhereThePromotedServerLeftItsTimeline() throws Exception {
    Subscription holder = holdTheSlot();
    write(1);
    String reached = nextPosition(holder);
    server.stop(ShutdownMode.FAST);
    Path older = temporary.resolve("older");
    Folders.copy(server.dataDirectory(), older);
    server.start();
    write(2);
    String beyond = nextPosition(holder);
    ManagedSource another = anotherSource();
    server.stop(ShutdownMode.FAST);
    Folders.replace(server.dataDirectory(), older);
    startPromoted();
    try (another;
        var refused = another.subscribe(resuming("refused", beyond));
        var back = another.subscribe(resuming("back", reached))) {
      another.start();
      assertThatExceptionOfType(PositionUnavailableException.class)
          .isThrownBy(refused::take)
          .withMessageStartingWith(
              "cannot resume from %s: the server is on timeline 2, which left timeline 1 at ",
              beyond);
      write(3);
      assertThat(Transactions.inserted(Transactions.next(back))).containsExactly("items:3");
    }
  }

  @Test
  void failsWhereThePromotedServerLacksWhatSubscribersHad() throws Exception {
    write(1);
    awaitCopy(1);
    server.stop(ShutdownMode.FAST);
    Path older = temporary.resolve("older");
    Folders.copy(server.dataDirectory(), older);
    server.start();
    write(2);
    awaitCopy(2);
    source.stop(); // or it may come before the promotion, when the log is merely too short
    server.stop(ShutdownMode.FAST);
    Folders.replace(server.dataDirectory(), older);
    startPromoted();
    source.start();
    eventually("the source has failed", LONG, () -> source.status().state() == SourceState.FAILED);
    assertThat(source.status().error().orElseThrow())
        .hasMessageContaining("the server is on timeline 2, which left timeline 1 at")
        .hasMessageContaining("bootstrap the subscribers again");
  }
}
