package io.drasi.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drasi.api.change.SourceChange;
import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.SourceException;
import io.drasi.api.source.SourceState;
import io.drasi.api.source.SourceStatus;
import io.drasi.api.source.Subscription;
import io.drasi.api.source.SubscriptionEndedException;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.postgres.protocol.SslMode;
import io.drasi.source.postgres.testing.Backend;
import io.drasi.source.postgres.testing.PgOutput;
import io.drasi.source.postgres.testing.ScriptedServer;
import io.drasi.source.postgres.testing.ScriptedStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The life of a source, before a scripted server. */
@Timeout(30)
class PostgresReplicationSourceTest {
  private static final Duration A_SECOND = Duration.ofSeconds(1);

  private final ScriptedServer server = new ScriptedServer();
  private final PostgresReplicationSource source = source(server.port());
  private final BlockingQueue<SourceStatus> statuses = new LinkedBlockingQueue<>();

  PostgresReplicationSourceTest() {
    source.addStatusListener((from, status) -> statuses.add(status));
  }

  private static PostgresReplicationSource source(int port) {
    return PostgresReplicationSource.builder("life")
        .withHost("127.0.0.1")
        .withPort(port)
        .withDatabase("shop")
        .withUser("drasi")
        .withPassword("hunter2")
        .withSslMode(SslMode.DISABLE)
        .build();
  }

  @AfterEach
  void close() throws Exception {
    source.close();
    server.close();
    assertThat(threads()).as("threads left behind").isEmpty();
  }

  /** The threads of the source, but for the one that ends by itself when all is told. */
  private static List<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("life-") && thread.isAlive())
        .filter(thread -> !thread.getName().equals("life-events"))
        .toList();
  }

  private SourceStatus await(SourceState state) throws InterruptedException {
    List<SourceStatus> seen = new ArrayList<>();
    while (seen.isEmpty() || seen.get(seen.size() - 1).state() != state) {
      SourceStatus next = statuses.poll(10, TimeUnit.SECONDS);
      assertThat(next).as("%s after %s", state, seen).isNotNull();
      seen.add(next);
    }
    return seen.get(seen.size() - 1);
  }

  private Subscription startStreaming() throws InterruptedException {
    Subscription subscription = source.subscribe(SubscriptionRequest.of("query"));
    source.start();
    await(SourceState.RUNNING);
    return subscription;
  }

  private static String nextId(Subscription subscription) throws InterruptedException {
    SourceEvent event = subscription.poll(Duration.ofSeconds(10)).orElseThrow();
    SourceChange change = ((SourceEvent.Transaction) event).changes().iterator().next();
    return ((SourceChange.Insert) change).element().metadata().reference().elementId();
  }

  /** A removal that has come as far as a command, whose answer never comes. */
  private FutureTask<Boolean> startRemoval(String unanswered) throws InterruptedException {
    server.answer(unanswered, () -> ScriptedServer.NOTHING);
    var removal =
        new FutureTask<>(
            () -> {
              source.deprovision();
              return true;
            });
    var thread = new Thread(removal, "deprovision");
    thread.setDaemon(true);
    thread.start();
    server.awaitCommand(unanswered);
    return removal;
  }

  private static void expectGivenUp(FutureTask<Boolean> removal) {
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(() -> removal.get(1, TimeUnit.SECONDS))
        .withCauseInstanceOf(SourceException.class)
        .havingCause()
        .withMessageStartingWith("the removal of the slot drasi_slot was given up, since");
  }

  /** Stops, and says how long that took. */
  private Duration stop() {
    long from = System.nanoTime();
    source.stop();
    return Duration.ofNanos(System.nanoTime() - from);
  }

  // Streaming

  @Test
  void streamsAndReportsWhatIsAcknowledged() throws Exception {
    Subscription subscription = startStreaming();
    ScriptedStream stream = server.awaitStream();
    assertThat(stream.command())
        .isEqualTo(
            "START_REPLICATION SLOT \"drasi_slot\" LOGICAL 0/A (\"proto_version\" '4',"
                + " \"streaming\" 'parallel', \"publication_names\" '\"drasi_publication\"', \"binary\" 'true')");
    stream.sendTransaction(20, 1);
    assertThat(nextId(subscription)).isEqualTo("users:1");
    stream.send(Backend.keepalive(21, true));
    assertThat(stream.awaitReport())
        .as("outstanding")
        .isEqualTo(new ScriptedStream.Report(21, 0, 0, false));
    assertThat(subscription.poll(Duration.ZERO)).isEmpty();
    assertThat(stream.awaitReport().flushed()).isEqualTo(21);
    source.stop();
    assertThat(stream.awaitFarewell()).isTrue();
  }

  @Test
  void goesOnAfterALostConnectionWithoutLossOrRepetition() throws Exception {
    Subscription subscription = startStreaming();
    ScriptedStream stream = server.awaitStream();
    stream.sendTransaction(20, 1);
    assertThat(nextId(subscription)).isEqualTo("users:1");
    stream.send(Backend.xlogData(30, PgOutput.begin(30, 2)));
    stream.cut();
    assertThat(await(SourceState.RECONNECTING).waitingFor())
        .contains("the next attempt to connect");
    ScriptedStream next = server.awaitStream();
    assertThat(next.command()).contains(" LOGICAL 0/15 ");
    next.sendTransaction(20, 1);
    next.sendTransaction(30, 2);
    assertThat(nextId(subscription)).isEqualTo("users:2");
    assertThat(source.metrics().sessions()).isEqualTo(2);
  }

  @Test
  void aServerThatSkipsChangesIsAFailure() throws Exception {
    Subscription subscription = startStreaming();
    server
        .awaitStream()
        .send(
            Backend.warning("55000", "skipped loading publication \"drasi_publication\""),
            Backend.keepalive(50, false));
    assertThat(await(SourceState.FAILED).error())
        .hasValueSatisfying(e -> assertThat(e).hasMessageStartingWith("the server skips changes"));
    assertThat(source.metrics().confirmed()).hasToString("Optional[7-1-0/A]");
    assertThatThrownBy(subscription::take).hasMessageStartingWith("the server skips changes");
  }

  @Test
  void aTransactionThatCannotBeDecodedTwiceIsAFailure() throws Exception {
    startStreaming();
    for (int attempt = 0; attempt < 3; attempt++) { // as binary, then twice as text
      ScriptedStream stream = server.awaitStream();
      assertThat(stream.command().contains("\"binary\"")).isEqualTo(attempt == 0);
      stream.send(
          Backend.xlogData(29, PgOutput.begin(30, 2)),
          Backend.xlogData(29, PgOutput.insert(1, "Alice")),
          Backend.xlogData(31, PgOutput.commit(30)));
    }
    assertThat(await(SourceState.FAILED).error())
        .hasValueSatisfying(
            e ->
                assertThat(e)
                    .hasMessageStartingWith("the transaction with commit LSN 0/1E (xid 2) cannot")
                    .hasMessageEndingWith("; it has failed twice"));
  }

  @Test
  void goesOnWithTextWhereTheServerHasNoBinaryFormat() throws Exception {
    Subscription subscription = startStreaming();
    ScriptedStream stream = server.awaitStream();
    assertThat(stream.command()).contains("\"binary\" 'true'");
    stream.sendTransaction(20, 1);
    assertThat(nextId(subscription)).isEqualTo("users:1");
    stream.send(
        Backend.xlogData(30, PgOutput.begin(30, 2)),
        Backend.error("42883", "no binary output function available for type aclitem"));
    ScriptedStream next = server.awaitStream();
    assertThat(next.command()).contains(" LOGICAL 0/15 ").doesNotContain("binary");
    next.sendTransaction(30, 2);
    assertThat(nextId(subscription)).isEqualTo("users:2");
    assertThat(source.status().state()).isEqualTo(SourceState.RUNNING);
  }

  @Test
  void asksForTextWhereATypeIsNotUnderstoodAsBinary() throws Exception {
    server.answer("SELECT DISTINCT a.atttypid", () -> ScriptedServer.rows("oid", "790"));
    startStreaming();
    assertThat(server.awaitStream().command()).doesNotContain("binary");
  }

  @Test
  void asksForTextWhereTheServerHasNothingElse() throws Exception {
    server.answer("login", () -> Backend.welcome("13.2"));
    startStreaming();
    assertThat(server.awaitStream().command()).doesNotContain("binary");
  }

  // Starting and stopping

  @Test
  void tellsEveryStatusFromStartToStop() throws Exception {
    startStreaming();
    source.stop();
    source.close();
    List<SourceState> states = new ArrayList<>(List.of(await(SourceState.STOPPING).state()));
    states.add(await(SourceState.STOPPED).state());
    assertThat(states).containsExactly(SourceState.STOPPING, SourceState.STOPPED);
    assertThat(statuses).isEmpty();
  }

  @Test
  void isStartingAsSoonAsStartReturns() {
    server.answer("login", () -> ScriptedServer.NOTHING);
    source.start();
    assertThat(source.status().state()).isEqualTo(SourceState.STARTING);
  }

  @Test
  void startingTwiceIsStartingOnce() throws Exception {
    startStreaming();
    server.awaitStream();
    source.start();
    source.start();
    assertThat(threads()).hasSize(3);
    assertThat(source.metrics().sessions()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "login",
        "IDENTIFY_SYSTEM",
        "SELECT s.*",
        "CREATE_REPLICATION_SLOT",
        "START_REPLICATION"
      })
  void stopsWhileTheServerOwesAnAnswer(String command) throws Exception {
    server.answer(command, () -> ScriptedServer.NOTHING);
    if (command.startsWith("CREATE")) {
      server.setSlot(null);
    }
    source.subscribe(SubscriptionRequest.of("query"));
    source.start();
    server.awaitCommand(command);
    assertThat(stop()).isLessThan(A_SECOND);
    assertThat(threads()).isEmpty();
    assertThat(source.status().toString()).isEqualTo("STOPPED");
  }

  @Test
  void stopsWhileItConnectsToAServerThatDoesNotAccept() throws Exception {
    List<Socket> waiting = new ArrayList<>();
    try (var full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        PostgresReplicationSource connecting = source(full.getLocalPort())) {
      fill(full, waiting);
      connecting.start();
      awaitConnecting();
      long from = System.nanoTime();
      connecting.stop();
      assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(A_SECOND);
      assertThat(threads()).isEmpty();
    } finally {
      for (Socket socket : waiting) {
        socket.close();
      }
    }
  }

  private static void awaitConnecting() {
    while (threads().stream()
        .flatMap(thread -> Arrays.stream(thread.getStackTrace()))
        .noneMatch(frame -> frame.getClassName().equals(Socket.class.getName()))) {
      Thread.onSpinWait();
    }
  }

  /** Connects until the server's queue is full and the next one would wait. */
  private static void fill(ServerSocket full, List<Socket> waiting) throws IOException {
    while (waiting.size() < 100) {
      var socket = new Socket();
      waiting.add(socket);
      try {
        socket.connect(full.getLocalSocketAddress(), 200);
      } catch (SocketTimeoutException e) {
        return;
      }
    }
  }

  @Test
  void stopsWhileASubscriberHoldsTheStreamAndGoesOnAfterwards() throws Exception {
    PostgresReplicationSource small =
        PostgresReplicationSource.builder("life")
            .withHost("127.0.0.1")
            .withPort(server.port())
            .withDatabase("shop")
            .withUser("drasi")
            .withSslMode(SslMode.DISABLE)
            .withDispatchBufferCapacity(1)
            .build();
    try (small) {
      Subscription subscription = small.subscribe(SubscriptionRequest.of("slow"));
      small.start();
      ScriptedStream stream = server.awaitStream();
      stream.sendTransaction(20, 1);
      stream.sendTransaction(30, 2);
      stream.send(Backend.keepalive(31, true));
      assertThat(nextId(subscription)).isEqualTo("users:1");
      stream.sendTransaction(40, 3);
      long from = System.nanoTime();
      small.stop();
      assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(A_SECOND);
      assertThat(stream.awaitEnd()).isTrue();
      small.start();
      ScriptedStream next = server.awaitStream();
      next.sendTransaction(20, 1);
      next.sendTransaction(30, 2);
      next.sendTransaction(40, 3);
      assertThat(nextId(subscription)).isEqualTo("users:2");
      assertThat(nextId(subscription)).isEqualTo("users:3");
    }
  }

  @Test
  void startsRightAfterStopAndStatesFollowEachOther() throws Exception {
    source.subscribe(SubscriptionRequest.of("query"));
    for (int i = 0; i < 20; i++) {
      source.start();
      if (i % 3 == 0) {
        server.awaitStream();
      }
      source.stop();
      assertThat(source.status().state()).isEqualTo(SourceState.STOPPED);
      assertThat(threads()).isEmpty();
    }
    source.close();
    List<SourceState> states = statuses.stream().map(SourceStatus::state).toList();
    for (int i = 1; i < states.size(); i++) {
      if (states.get(i - 1) == SourceState.STOPPED) {
        assertThat(states.get(i)).as("%s", states).isEqualTo(SourceState.STARTING);
      }
      if (states.get(i - 1) == SourceState.STOPPING) {
        assertThat(states.get(i)).as("%s", states).isEqualTo(SourceState.STOPPED);
      }
    }
  }

  @Test
  void stoppingWhatIsStoppedTellsNothing() {
    source.stop();
    assertThat(source.status().state()).isEqualTo(SourceState.STOPPED);
    assertThat(statuses).isEmpty();
  }

  @Test
  void anInterruptedThreadStopsItToo() throws Exception {
    startStreaming();
    Thread.currentThread().interrupt();
    source.stop();
    assertThat(Thread.interrupted()).as("the flag is kept").isTrue();
    assertThat(threads()).isEmpty();
  }

  // Failing

  @Test
  void failsWithTheRemedyAndStartsAgainAtOnce() throws Exception {
    server.answer("login", () -> Backend.error("3D000", "database \"shop\" does not exist"));
    Subscription subscription = source.subscribe(SubscriptionRequest.of("query"));
    source.start();
    SourceStatus failed = await(SourceState.FAILED);
    assertThat(failed.toString()).contains("check the option database").doesNotContain("hunter2");
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(subscription::take)
        .withMessageContaining("check the option database");
    server.answer("login", () -> Backend.welcome("17.2"));
    source.start();
    await(SourceState.RUNNING);
    server.awaitStream().sendTransaction(20, 1);
    assertThat(nextId(subscription)).isEqualTo("users:1");
  }

  @Test
  void aListenerMayStartItAgainAsSoonAsItHasFailed() throws Exception {
    server.answer("login", () -> Backend.error("3D000", "no"));
    source.subscribe(SubscriptionRequest.of("query"));
    source.addStatusListener(
        (from, status) -> {
          if (status.state() == SourceState.FAILED) {
            server.answer("login", () -> Backend.welcome("17.2"));
            source.start();
          }
        });
    source.start();
    await(SourceState.RUNNING);
    assertThat(source.status().state()).isEqualTo(SourceState.RUNNING);
  }

  @Test
  void whatHasFailedCanBeStopped() throws Exception {
    server.answer("login", () -> Backend.error("3D000", "no"));
    Subscription subscription = source.subscribe(SubscriptionRequest.of("query"));
    source.start();
    await(SourceState.FAILED);
    source.stop();
    assertThat(source.status().toString()).isEqualTo("STOPPED");
    assertThat(subscription.poll(Duration.ZERO)).isEmpty();
  }

  @Test
  void reconnectsUntilStoppedWhereTheServerIsBusy() throws Exception {
    server.answer("login", () -> Backend.error("57P03", "the database system is starting up"));
    source.start();
    SourceStatus status = await(SourceState.RECONNECTING);
    assertThat(status.error().orElseThrow()).hasMessageContaining("[SQLSTATE 57P03]");
    assertThat(stop()).isLessThan(A_SECOND);
    assertThat(source.status().toString()).isEqualTo("STOPPED");
  }

  // Closing

  @Test
  void closingTwiceIsClosingOnceAndNothingStartsAfterwards() throws Exception {
    Subscription subscription = startStreaming();
    source.close();
    source.close();
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(source::start)
        .withMessage("the source life is closed");
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(() -> source.subscribe(SubscriptionRequest.of("late")));
    assertThatExceptionOfType(SubscriptionEndedException.class)
        .isThrownBy(subscription::take)
        .withMessage("the source life was closed");
    source.stop();
    assertThat(source.status().state()).isEqualTo(SourceState.STOPPED);
  }

  // Removal

  @ParameterizedTest
  @ValueSource(strings = {"login", "SELECT s.*", "DROP_REPLICATION_SLOT"})
  void stopsWithinASecondWhileTheServerIsSilentAboutARemoval(String unanswered) throws Exception {
    FutureTask<Boolean> removal = startRemoval(unanswered);
    assertThat(stop()).isLessThan(A_SECOND);
    expectGivenUp(removal);
  }

  @Test
  void closesWithinASecondWhileTheServerIsSilentAboutARemoval() throws Exception {
    FutureTask<Boolean> removal = startRemoval("DROP_REPLICATION_SLOT");
    long from = System.nanoTime();
    source.close();
    assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(A_SECOND);
    expectGivenUp(removal);
  }

  @Test
  void removesTheSlotOnceMoreAfterThatWasGivenUp() throws Exception {
    FutureTask<Boolean> removal = startRemoval("SELECT s.*");
    source.stop();
    expectGivenUp(removal);
    server.setSlot(null);
    server.answer("SELECT s.*", () -> ScriptedServer.rows("is_logical"));
    source.deprovision();
    assertThat(source.status().state()).isEqualTo(SourceState.STOPPED);
  }
}
