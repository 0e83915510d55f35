package io.drasi.source.postgres.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.drasi.api.change.SourceChange;
import io.drasi.api.source.Acknowledgement;
import io.drasi.api.source.DispatchMode;
import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.SourceException;
import io.drasi.api.source.Subscription;
import io.drasi.api.source.SubscriptionEndedException;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.source.postgres.internal.spill.SpillSpace;
import io.drasi.source.postgres.internal.transaction.ReceivedTransaction;
import io.drasi.source.postgres.testing.HandClock;
import io.drasi.source.postgres.testing.Incoming;
import io.drasi.source.postgres.testing.PgOutput;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What a subscriber has of a transaction that does not fit into memory. */
@Timeout(20)
class LargeTransactionTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  @TempDir Path folder;
  private final HandClock clock = new HandClock();
  private SpillSpace space;
  private Incoming incoming;
  private SubscriptionHub hub;
  private HubSession session;

  @BeforeEach
  void open() throws Exception {
    space = new SpillSpace("source", folder, 1 << 20);
    incoming = new Incoming(space, 0);
    hub =
        new SubscriptionHub(
            new DeliverySettings(
                "source",
                DispatchMode.CHANNEL,
                10,
                Long.MAX_VALUE,
                TIMEOUT,
                Duration.ofDays(1),
                space),
            clock,
            new SubscriptionHub.Listener() {
              @Override
              public void confirmedAdvanced() {}

              @Override
              public void restartWanted() {}
            });
    session = Changes.begin(hub, Changes.at(1));
  }

  @AfterEach
  void nothingIsLeft() {
    hub.close("the test is over");
    assertThat(space.usedBytes()).isZero();
    assertThat(folder).isEmptyDirectory();
  }

  private Subscription auto(String id) {
    return hub.subscribe(SubscriptionRequest.of(id));
  }

  private Subscription manual(String id) {
    return hub.subscribe(
        SubscriptionRequest.builder(id).withAcknowledgement(Acknowledgement.MANUAL).build());
  }

  /** A user and an order come, in one transaction. */
  private void dispatch(long endLsn) throws IOException, InterruptedException {
    dispatch(
        endLsn,
        PgOutput.relation(),
        PgOutput.orders(),
        PgOutput.insert(endLsn, "Alice"),
        PgOutput.insert(PgOutput.ORDERS, endLsn, "a book"));
  }

  private void dispatch(long endLsn, byte[]... messages) throws IOException, InterruptedException {
    ReceivedTransaction transaction = incoming.receive(endLsn, messages);
    session.dispatch(transaction);
    transaction.committed().release();
  }

  /** Two of them are more than is read at a time. */
  private static byte[] largeRow(long id) {
    return PgOutput.insert(id, "x".repeat(70_000));
  }

  private static SourceEvent.Transaction next(Subscription subscription)
      throws InterruptedException {
    return (SourceEvent.Transaction) subscription.poll(Duration.ZERO).orElseThrow();
  }

  private static List<String> ids(SourceEvent.Transaction transaction) {
    List<String> ids = new ArrayList<>();
    for (SourceChange change : transaction.changes()) {
      ids.add(((SourceChange.Insert) change).element().metadata().reference().elementId());
    }
    return ids;
  }

  private static void assertNotReadable(SourceEvent.Transaction transaction) {
    assertThatIllegalStateException()
        .isThrownBy(() -> ids(transaction))
        .withMessageEndingWith("can be read until it is acknowledged or its subscription ends");
  }

  @Test
  void canBeReadUntilTheNextEventIsAskedFor() throws Exception {
    Subscription one = auto("one");
    dispatch(10);
    dispatch(20);
    SourceEvent.Transaction first = next(one);
    assertThat(ids(first)).containsExactly("users:10", "orders:10");
    assertThat(ids(first)).as("again").containsExactly("users:10", "orders:10");
    SourceEvent.Transaction second = next(one);
    assertNotReadable(first);
    assertThat(ids(second)).containsExactly("users:20", "orders:20");
    assertThat(one.poll(Duration.ZERO)).isEmpty();
    assertNotReadable(second);
    assertThat(space.usedBytes()).isZero();
  }

  @Test
  void canBeReadUntilItIsAcknowledgedByHand() throws Exception {
    Subscription one = manual("one");
    dispatch(10);
    dispatch(20);
    SourceEvent.Transaction first = next(one);
    SourceEvent.Transaction second = next(one);
    assertThat(ids(second)).containsExactly("users:20", "orders:20");
    assertThat(ids(first)).containsExactly("users:10", "orders:10");
    one.acknowledge(first.position());
    assertNotReadable(first);
    assertThat(ids(second)).hasSize(2);
    one.acknowledge(second.position());
    assertNotReadable(second);
    assertThat(space.usedBytes()).isZero();
  }

  @Test
  void isThereForEachSubscriberForItself() throws Exception {
    Subscription fast = auto("fast");
    Subscription slow = manual("slow");
    dispatch(10);
    SourceEvent.Transaction slows = next(slow);
    Iterator<SourceChange> reading = slows.changes().iterator();
    reading.next();
    assertThat(ids(next(fast))).hasSize(2);
    fast.close();
    reading.next();
    assertThat(reading.hasNext()).isFalse();
    slow.acknowledge(slows.position());
    assertThat(space.usedBytes()).isZero();
  }

  @Test
  void isNarrowedToTheLabelsThatAreWanted() throws Exception {
    Subscription orders =
        hub.subscribe(
            SubscriptionRequest.builder("orders").withNodeLabels(Set.of("orders")).build());
    Subscription others =
        hub.subscribe(SubscriptionRequest.builder("others").withNodeLabels(Set.of("x")).build());
    dispatch(10);
    assertThat(ids(next(orders))).containsExactly("orders:10");
    assertThat(others.poll(Duration.ZERO)).as("nothing for it").isEmpty();
    assertThat(orders.poll(Duration.ZERO)).isEmpty();
    assertThat(hub.confirmed()).isEqualTo(new Lsn(10));
  }

  @Test
  void whoClosesInTheMiddleReadsNoFurtherAndHasNotConfirmedIt() throws Exception {
    Subscription one = auto("one");
    dispatch(10);
    Iterator<SourceChange> reading = next(one).changes().iterator();
    reading.next();
    one.close();
    assertThatIllegalStateException().isThrownBy(reading::next);
    assertThat(space.usedBytes()).isZero();
    assertThat(hub.confirmed()).isEqualTo(new Lsn(1));
  }

  @Test
  void withTheSourceGoesWhatWasNotTakenYet() throws Exception {
    Subscription one = auto("one");
    dispatch(10);
    dispatch(20);
    SourceEvent.Transaction first = next(one);
    hub.close("the source was closed");
    assertNotReadable(first);
    assertThat(space.usedBytes()).isZero();
    assertThatExceptionOfType(SubscriptionEndedException.class)
        .as("it cannot be read, and what is behind it must not come in its place")
        .isThrownBy(() -> one.poll(Duration.ZERO));
  }

  @Test
  void whatWasQueuedBeforeItCanStillBeTakenWhenTheSourceIsClosed() throws Exception {
    Subscription one = auto("one");
    session.dispatch(Changes.received(Changes.transaction(10)));
    dispatch(20);
    session.dispatch(Changes.received(Changes.transaction(30)));
    hub.close("the source was closed");
    assertThat(one.poll(Duration.ZERO)).contains(Changes.transaction(10));
    assertThatExceptionOfType(SubscriptionEndedException.class)
        .isThrownBy(() -> one.poll(Duration.ZERO));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void oneThatCannotBeReadEndsTheSubscriptionBeforeItIsTakenForDone() throws Exception {
    Subscription one = auto("one");
    Subscription other = auto("other");
    dispatch(10);
    dispatch(20);
    SourceEvent.Transaction taken = next(one);
    assertThat(ids(next(other))).hasSize(2);
    cutFilesOff();
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(() -> ids(taken))
        .withMessageContaining("cannot be read");
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(() -> one.poll(Duration.ZERO))
        .withMessageContaining("check spill_dir");
  }

  /** As a disk that fails would. The files have no names, but Linux shows them. */
  private void cutFilesOff() throws IOException {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      for (Path descriptor : descriptors.filter(this::isInFolder).toList()) {
        try (var file = FileChannel.open(descriptor, StandardOpenOption.WRITE)) {
          file.truncate(0);
        }
      }
    }
  }

  private boolean isInFolder(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).startsWith(folder);
    } catch (IOException e) {
      return false; // closed meanwhile
    }
  }

  @Test
  void whoReadsIsNotTakenForIdle() throws Exception {
    Subscription one = auto("one");
    dispatch(10, PgOutput.relation(), largeRow(1), largeRow(2), largeRow(3), largeRow(4));
    Iterator<SourceChange> reading = next(one).changes().iterator();
    dispatch(20);
    clock.advance(TIMEOUT.minusSeconds(1));
    reading.next();
    clock.advance(TIMEOUT.minusSeconds(1));
    session.advance(Changes.at(30));
    assertThat(reading.hasNext()).as("it has read within the time").isTrue();
    clock.advance(TIMEOUT);
    session.advance(Changes.at(40));
    assertThatIllegalStateException().isThrownBy(reading::hasNext);
  }

  @Test
  void entersWhenTheQueueIsEmptyHoweverLargeItIs() throws Exception {
    Subscription one = auto("one");
    session.dispatch(Changes.received(Changes.large(10, 9)));
    var large =
        Waiting.on(
            () -> {
              dispatch(20);
              return true;
            });
    assertThat(one.poll(Duration.ZERO)).isPresent();
    large.awaitReturn();
    assertThat(ids(next(one))).hasSize(2);
  }
}
