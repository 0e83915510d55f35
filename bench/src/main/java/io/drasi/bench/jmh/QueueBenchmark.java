package io.drasi.bench.jmh;

import io.drasi.api.change.SourceChange;
import io.drasi.api.source.DispatchMode;
import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.Subscription;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.postgres.decoder.pgoutput.PgOutputDecoder;
import io.drasi.postgres.decoder.position.PostgresPosition;
import io.drasi.postgres.decoder.position.TimelineHistory;
import io.drasi.postgres.decoder.row.ElementMapper;
import io.drasi.postgres.decoder.row.RelationCache;
import io.drasi.postgres.decoder.row.TransactionContext;
import io.drasi.postgres.protocol.message.FieldReader;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.source.postgres.internal.delivery.DeliverySettings;
import io.drasi.source.postgres.internal.delivery.HubSession;
import io.drasi.source.postgres.internal.delivery.StreamOrigin;
import io.drasi.source.postgres.internal.delivery.SubscriptionHub;
import io.drasi.source.postgres.internal.spill.SpillSpace;
import io.drasi.source.postgres.internal.transaction.CommittedTransaction;
import io.drasi.source.postgres.internal.transaction.DecodedTransaction;
import io.drasi.source.postgres.internal.transaction.RawTransaction;
import io.drasi.source.postgres.internal.transaction.TransactionBuffer;
import io.drasi.source.postgres.internal.transaction.TransactionMemory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** A decoded transaction of ten rows to its subscribers: queued and taken, on one thread. */
@State(Scope.Thread)
public class QueueBenchmark {
  private static final PostgresPosition SLOT = PostgresPosition.after(7, 1, new Lsn(100));

  /** How many subscribers. */
  @Param({"1", "16"})
  public int subscribers = 1;

  private final SpillSpace space = new SpillSpace("bench", Path.of("nowhere"), 0);
  private final SubscriptionHub hub =
      new SubscriptionHub(
          new DeliverySettings(
              "bench",
              DispatchMode.CHANNEL,
              1_000,
              Long.MAX_VALUE,
              Duration.ZERO,
              Duration.ofDays(1),
              space),
          Clock.systemUTC(),
          new SubscriptionHub.Listener() {
            @Override
            public void confirmedAdvanced() {}

            @Override
            public void restartWanted() {}
          });
  private final TransactionBuffer raw =
      new TransactionBuffer(new TransactionMemory(space, Long.MAX_VALUE));
  private final List<Subscription> subscriptions = new ArrayList<>();
  private final List<SourceChange> changes = new ArrayList<>();
  private @org.jspecify.annotations.Nullable HubSession session;
  private long endLsn = 100;

  /** Subscribes, and decodes the rows. */
  @Setup
  public void begin() throws IOException, InterruptedException {
    TenColumns columns = TenColumns.of("binary");
    var context = new TransactionContext("7", new Lsn(100), Instant.EPOCH);
    for (byte[] insert : columns.inserts()) {
      new ElementMapper()
          .map(
              new PgOutputDecoder().decode(new FieldReader(insert)),
              columns.known(),
              context,
              0,
              changes::add);
    }
    for (int i = 0; i < subscribers; i++) {
      subscriptions.add(hub.subscribe(SubscriptionRequest.of("bench-" + i)));
    }
    var origin = new StreamOrigin(SLOT, new Lsn(1_000), TimelineHistory.none(1), hub.revision());
    session = hub.begin(origin, (subscriber, since) -> {}).orElseThrow();
  }

  /** One transaction. */
  @Benchmark
  public void transaction(Blackhole events) throws IOException, InterruptedException {
    endLsn++;
    PostgresPosition position = PostgresPosition.after(7, 1, new Lsn(endLsn));
    var received =
        new DecodedTransaction(
            new CommittedTransaction(position, endLsn, Instant.EPOCH, changes, 1),
            new RawTransaction(
                position, endLsn, Instant.EPOCH, raw, List.of(RelationCache.empty())));
    if (session != null) {
      session.dispatch(received);
    }
    for (Subscription subscription : subscriptions) {
      SourceEvent event = subscription.poll(Duration.ZERO).orElseThrow();
      events.consume(event);
    }
  }
}
