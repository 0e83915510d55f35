package io.drasi.source.postgres.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.api.source.DispatchMode;
import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.source.postgres.internal.spill.SpillSpace;
import io.drasi.source.postgres.internal.transaction.DecodedTransaction;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class OutletTest {
  @TempDir static Path folder;

  private final CatchUp catchUp =
      new CatchUp(
          new SpillSpace("source", folder, 1 << 20), DispatchMode.CHANNEL, Clock.systemUTC());
  private final CallingClock clock = new CallingClock();
  private final EventQueue queue =
      new EventQueue(10, () -> Long.MAX_VALUE, DispatchMode.CHANNEL, clock);
  private final Outlet outlet =
      new Outlet(
          queue,
          catchUp,
          new LabelFilter(SubscriptionRequest.of("fresh")),
          new SubscriberProgress(Lsn.NONE),
          new OpenTransactions(Clock.systemUTC(), e -> {}),
          e -> {});

  /** Does something when it is asked for the time, which is when an event has left the queue. */
  private static final class CallingClock extends Clock {
    private Runnable next = () -> {};

    @Override
    public Instant instant() {
      Runnable call = next;
      next = () -> {};
      call.run();
      return Instant.EPOCH;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  private CatchUp.Added keep(DecodedTransaction transaction)
      throws IOException, InterruptedException {
    return catchUp.add(transaction.raw(), transaction.committed(), Duration.ZERO);
  }

  private List<SourceEvent> drain() {
    List<SourceEvent> events = new ArrayList<>();
    while (outlet.lookAheadNow()) {
      events.add(outlet.take());
    }
    return events;
  }

  private DeliveredBootstrap.Completed completed(long lsn) {
    return new DeliveredBootstrap.Completed(0, Changes.at(lsn), catchUp.bootstrap());
  }

  @Test
  void theEndOfABootstrapThatIsVoidDoesNotLetTheStreamIntoTheNext() throws Exception {
    catchUp.begin();
    DeliveredBootstrap.Completed first = completed(10);
    queue.addLatest(first);
    queue.addLatest(new DeliveredBootstrap.Started());
    clock.next =
        () -> { // the changes are lost while the subscriber has the event neither here nor there
          catchUp.reset();
          catchUp.begin();
          queue.clear();
        };
    assertThat(drain()).containsExactly(first);
    DecodedTransaction during = Changes.incoming(20);
    assertThat(keep(during)).isEqualTo(CatchUp.Added.KEPT);
    assertThat(drain()).as("the next bootstrap is not complete").isEmpty();
    DeliveredBootstrap.Completed second = completed(10);
    queue.addLatest(second);
    assertThat(drain()).containsExactly(second, during.committed());
    assertThat(keep(Changes.incoming(30))).isEqualTo(CatchUp.Added.NOT_HERE);
  }
}
