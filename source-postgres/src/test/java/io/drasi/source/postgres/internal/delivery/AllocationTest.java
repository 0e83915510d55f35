package io.drasi.source.postgres.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.drasi.api.change.SourceChange;
import io.drasi.api.source.DispatchMode;
import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.Subscription;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.source.postgres.internal.transaction.ReceivedTransaction;
import io.drasi.source.postgres.testing.Incoming;
import io.drasi.source.postgres.testing.TenColumns;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a row costs from the output plugin's message to the subscriber, in bytes allocated: unlike
 * time, they are the same on every machine. The just-in-time compiler can only save some. Who makes
 * a row dearer with good reason raises a bound here.
 */
class AllocationTest {
  private static final ThreadMXBean THREAD = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int WARM_UP_ROWS = 1_000;

  private final SubscriptionHub hub =
      new SubscriptionHub(
          Changes.settings(DispatchMode.CHANNEL, 1_000), Clock.systemUTC(), Changes.NO_LISTENER);
  private final Incoming incoming = new Incoming();
  private final List<Subscription> subscriptions = new ArrayList<>();
  private Optional<ReceivedTransaction> received = Optional.empty();
  private long rowsTaken;
  private long endLsn = 100;

  /** Bytes a row, once everything is loaded. */
  private double bytesPerRow(String format, int subscribers, int rows)
      throws IOException, InterruptedException {
    for (int i = 0; i < subscribers; i++) {
      subscriptions.add(hub.subscribe(SubscriptionRequest.of("subscriber-" + i)));
    }
    HubSession session = Changes.begin(hub, Changes.at(endLsn));
    var stream = new TenColumns(format);
    run(stream, session, WARM_UP_ROWS);
    rowsTaken = 0;
    long before = THREAD.getCurrentThreadAllocatedBytes();
    run(stream, session, rows);
    long allocated = THREAD.getCurrentThreadAllocatedBytes() - before;
    assertThat(rowsTaken).isEqualTo((long) rows * subscribers);
    return (double) allocated / rows;
  }

  private void run(TenColumns stream, HubSession session, int rows)
      throws IOException, InterruptedException {
    for (int i = 0; i < rows / TenColumns.ROWS; i++) {
      endLsn += 10;
      stream.transaction(endLsn, message -> received = incoming.accept(message));
      session.dispatch(received.orElseThrow());
      for (Subscription subscription : subscriptions) {
        take(subscription.poll(Duration.ZERO).orElseThrow());
      }
    }
  }

  private void take(SourceEvent event) {
    for (SourceChange change : ((SourceEvent.Transaction) event).changes()) {
      if (((SourceChange.Insert) change).element().properties().size() == 10) {
        rowsTaken++;
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"text, 1085", "binary, 1060"})
  void aRowOfTenColumnsCosts(String format, int mostBytes) throws Exception {
    assertThat(bytesPerRow(format, 1, 1_000)).isLessThan(mostBytes);
  }

  @ParameterizedTest
  @CsvSource({"text, 100000", "binary, 1000000"})
  void manyRowsCostNoMoreEachThanAThousand(String format, int rows) throws Exception {
    double ofAThousand = bytesPerRow(format, 1, 1_000);

    assertThat(new AllocationTest().bytesPerRow(format, 1, rows)).isLessThan(1.01 * ofAThousand);
  }

  @Test
  void aRowIsDecodedOnceForAllSubscribers() throws Exception {
    double withOne = bytesPerRow("binary", 1, 1_000);
    double withSeventeen = new AllocationTest().bytesPerRow("binary", 17, 1_000);

    // An event in a queue for each transaction, where ten rows cost more than ten thousand bytes.
    assertThat((withSeventeen - withOne) / 16 * TenColumns.ROWS).isLessThan(400);
  }
}
