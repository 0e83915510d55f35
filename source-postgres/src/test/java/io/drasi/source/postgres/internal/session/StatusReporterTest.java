package io.drasi.source.postgres.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.api.source.DispatchMode;
import io.drasi.api.source.Subscription;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.postgres.decoder.position.PostgresPosition;
import io.drasi.postgres.decoder.position.TimelineHistory;
import io.drasi.postgres.protocol.ConnectionConfig;
import io.drasi.postgres.protocol.ConnectionException;
import io.drasi.postgres.protocol.Connector;
import io.drasi.postgres.protocol.Session;
import io.drasi.postgres.protocol.SessionMode;
import io.drasi.postgres.protocol.SslMode;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.postgres.protocol.replication.ReplicationCommands;
import io.drasi.postgres.protocol.replication.ReplicationStream;
import io.drasi.postgres.protocol.replication.SlotName;
import io.drasi.source.postgres.internal.delivery.DeliverySettings;
import io.drasi.source.postgres.internal.delivery.HubSession;
import io.drasi.source.postgres.internal.delivery.StreamOrigin;
import io.drasi.source.postgres.internal.delivery.SubscriptionHub;
import io.drasi.source.postgres.internal.spill.SpillSpace;
import io.drasi.source.postgres.testing.ScriptedServer;
import io.drasi.source.postgres.testing.ScriptedStream;
import io.drasi.source.postgres.testing.ScriptedStream.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class StatusReporterTest {
  private static final Duration OFTEN = Duration.ofMillis(5);
  private static final Duration NEVER = Duration.ofDays(1);

  private final ScriptedServer server = new ScriptedServer();
  private final LinkedBlockingQueue<IOException> failures = new LinkedBlockingQueue<>();
  private volatile Runnable onAdvance = () -> {};
  private final SubscriptionHub hub =
      new SubscriptionHub(
          new DeliverySettings(
              "source",
              DispatchMode.CHANNEL,
              100,
              Long.MAX_VALUE,
              Duration.ZERO,
              NEVER,
              new SpillSpace("source", Path.of(System.getProperty("java.io.tmpdir")), 0)),
          Clock.systemUTC(),
          new SubscriptionHub.Listener() {
            @Override
            public void confirmedAdvanced() {
              onAdvance.run();
            }

            @Override
            public void restartWanted() {}
          });
  private final Subscription subscription = hub.subscribe(SubscriptionRequest.of("query"));
  private Session session;
  private ReplicationStream stream;
  private ScriptedStream peer;
  private HubSession handover;
  private Thread reporting = new Thread();

  @BeforeEach
  void stream() throws Exception {
    ConnectionConfig config =
        ConnectionConfig.builder()
            .withHost("127.0.0.1")
            .withPort(server.port())
            .withDatabase("shop")
            .withUser("drasi")
            .withSslMode(SslMode.DISABLE)
            .build();
    session = new Connector(List.of()).connect(config, SessionMode.REPLICATION);
    stream =
        new ReplicationCommands(session).start(new SlotName("s"), new Lsn(10), Map.of("a", "b"));
    peer = server.awaitStream();
    handover =
        hub.begin(
                new StreamOrigin(
                    position(10), new Lsn(1_000), TimelineHistory.none(1), hub.revision()),
                (subscriber, since) -> {})
            .orElseThrow();
  }

  @AfterEach
  void close() throws Exception {
    session.close();
    server.close();
  }

  private static PostgresPosition position(long lsn) {
    return PostgresPosition.after(7, 1, new Lsn(lsn));
  }

  private StatusReporter reporter(Duration interval) {
    var reporter =
        new StatusReporter(stream, hub, new Lsn(10), new Lsn(10), interval, failures::add);
    onAdvance = reporter::confirmedAdvanced;
    reporting = new Thread(reporter, "status");
    reporting.setDaemon(true);
    reporting.start();
    return reporter;
  }

  /** A transaction has been received and handed over. */
  private void handOver(StatusReporter reporter, long lsn) throws Exception {
    handover.dispatch(TestChanges.transaction(position(lsn)));
    reporter.received(new Lsn(lsn));
  }

  private static Report report(long written, long confirmed) {
    return new Report(written, confirmed, confirmed, false);
  }

  @Test
  void answersAtOnceWhenAsked() throws Exception {
    StatusReporter reporter = reporter(NEVER);
    reporter.requestReport();
    assertThat(peer.awaitReport()).isEqualTo(report(10, 10));
    reporter.received(new Lsn(30));
    reporter.requestReport();
    assertThat(peer.awaitReport()).isEqualTo(report(30, 10));
  }

  @Test
  void reportsByTheIntervalAndAsksForAReplyWhenNothingWasHeardInBetween() throws Exception {
    reporter(OFTEN);
    assertThat(peer.awaitReport()).as("the stream has just begun").isEqualTo(report(10, 10));
    assertThat(peer.awaitReport()).isEqualTo(new Report(10, 10, 10, true));
    assertThat(peer.awaitReport()).isEqualTo(new Report(10, 10, 10, true));
  }

  @Test
  void asksForNoReplyWhenSomethingWasHeard() throws Exception {
    StatusReporter reporter = reporter(NEVER);
    for (int lsn = 20; lsn < 25; lsn++) {
      reporter.received(new Lsn(lsn));
      reporter.requestReport();
      assertThat(peer.awaitReport()).isEqualTo(report(lsn, 10));
    }
    reporter.requestReport();
    assertThat(peer.awaitReport()).isEqualTo(new Report(24, 10, 10, true));
  }

  @Test
  void holdsNoFlushPositionWhileAnythingIsOutstanding() throws Exception {
    StatusReporter reporter = reporter(NEVER);
    handOver(reporter, 20);
    reporter.requestReport();
    assertThat(peer.awaitReport()).isEqualTo(report(20, 0));
  }

  @Test
  void reportsOnceWhatIsNewlyConfirmedWhileMoreIsOutstanding() throws Exception {
    StatusReporter reporter = reporter(NEVER);
    handOver(reporter, 20);
    handOver(reporter, 30);
    subscription.take();
    subscription.take();
    reporter.requestReport();
    assertThat(peer.awaitReport()).isEqualTo(report(30, 20));
    reporter.received(new Lsn(30));
    reporter.requestReport();
    assertThat(peer.awaitReport()).isEqualTo(report(30, 0));
    reporter.received(new Lsn(31));
    subscription.poll(Duration.ZERO);
    reporter.requestReport();
    assertThat(peer.awaitReport()).isEqualTo(report(31, 30));
  }

  @Test
  void reportsSoonWhatSubscribersHaveAcknowledged() throws Exception {
    StatusReporter reporter = reporter(NEVER);
    handOver(reporter, 20);
    subscription.take();
    subscription.poll(Duration.ZERO);
    assertThat(peer.awaitReport()).isEqualTo(report(20, 20));
    assertThat(peer.hasReport()).as("once").isFalse();
  }

  @Test
  void neverReportsLessWrittenThanConfirmed() throws Exception {
    StatusReporter reporter = reporter(NEVER);
    handover.advance(position(50));
    reporter.requestReport();
    assertThat(peer.awaitReport()).isEqualTo(report(50, 50));
    reporter.received(new Lsn(40));
    reporter.requestReport();
    assertThat(peer.awaitReport()).isEqualTo(report(50, 50));
  }

  @Test
  void sendsALastReportAndTakesLeave() throws Exception {
    StatusReporter reporter = reporter(NEVER);
    handOver(reporter, 20);
    subscription.take();
    subscription.poll(Duration.ZERO);
    reporter.end();
    Report last = peer.awaitReport();
    assertThat(last).isEqualTo(report(20, 20));
    reporting.join();
    session.close();
    assertThat(peer.awaitFarewell()).isTrue();
    assertThat(failures).isEmpty();
  }

  @Test
  void asksForNothingInItsLastReport() throws Exception {
    StatusReporter reporter = reporter(NEVER);
    reporter.requestReport();
    peer.awaitReport();
    reporter.end();
    assertThat(peer.awaitReport()).isEqualTo(report(10, 10));
  }

  @Test
  void tellsWhenAReportCannotBeSent() throws Exception {
    StatusReporter reporter = reporter(NEVER);
    session.close();
    reporter.requestReport();
    assertThat(failures.poll(10, TimeUnit.SECONDS)).isInstanceOf(ConnectionException.class);
  }
}
