package io.drasi.bench.client;

import io.drasi.api.change.Element;
import io.drasi.api.change.ElementMetadata;
import io.drasi.api.change.ElementPropertyMap;
import io.drasi.api.change.ElementValue;
import io.drasi.api.change.SourceChange;
import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.SourceState;
import io.drasi.api.source.Subscription;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.postgres.protocol.SslMode;
import io.drasi.source.postgres.PostgresReplicationSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Takes every change from this source, and looks at every property. */
final class DrasiStream implements Drain {
  private static final long LOOK_MILLIS = 5;

  @Override
  public Measurement run(Task task, Meter meter, Runnable ready) throws InterruptedException {
    List<PostgresReplicationSource> sources = new ArrayList<>();
    List<CompletableFuture<Long>> subscribers = new ArrayList<>();
    ExecutorService threads = Executors.newCachedThreadPool();
    for (String slot : task.slots()) {
      PostgresReplicationSource source = source(task, slot);
      sources.add(source);
      for (int i = 0; i < task.subscribers(); i++) {
        Subscription subscription = source.subscribe(SubscriptionRequest.of("bench-" + i));
        subscribers.add(
            CompletableFuture.supplyAsync(
                () -> new Subscriber(task, meter).takeAll(subscription), threads));
      }
    }
    sources.forEach(PostgresReplicationSource::start);
    for (PostgresReplicationSource source : sources) {
      while (source.status().state() == SourceState.STARTING) {
        Thread.sleep(LOOK_MILLIS);
      }
    }
    ready.run();
    while (sources.get(0).metrics().bytes() == 0) {
      Thread.sleep(1);
    }
    meter.begin(); // a large transaction is delivered long after its first row has come
    List<Long> rows = subscribers.stream().map(CompletableFuture::join).distinct().toList();
    sources.forEach(source -> meter.addBytes(source.metrics().bytes()));
    Measurement measurement = meter.end(rows.get(0) * sources.size());
    sources.forEach(PostgresReplicationSource::close);
    threads.shutdownNow();
    if (rows.size() > 1) {
      throw new IllegalStateException("subscribers got different numbers of rows: " + rows);
    }
    return measurement;
  }

  private static PostgresReplicationSource source(Task task, String slot) {
    return PostgresReplicationSource.builder("bench-" + slot)
        .withHost(task.host())
        .withPort(task.port())
        .withDatabase(task.database())
        .withUser(task.user())
        .withPassword(task.password())
        .withSslMode(SslMode.DISABLE)
        .withSlotName(slot)
        .withPublicationName(task.publication())
        .build();
  }

  /** Confined to one thread. */
  private static final class Subscriber {
    private final boolean latency;
    private final Meter meter;
    private long rows;
    private boolean ended;

    Subscriber(Task task, Meter meter) {
      this.latency = task.latency();
      this.meter = meter;
    }

    Long takeAll(Subscription subscription) {
      for (SourceEvent event : subscription) {
        if (event instanceof SourceEvent.Transaction transaction) {
          meter.begin();
          transaction.changes().forEach(this::take);
        }
        if (ended) {
          break;
        }
      }
      return rows;
    }

    private void take(SourceChange change) {
      if (change instanceof SourceChange.Insert insert) {
        take(insert.element());
      } else if (change instanceof SourceChange.Update update) {
        take(update.element());
      } else if (change instanceof SourceChange.Delete delete) {
        rows++;
        if (delete.before() != null) {
          Materialized.look(delete.before().properties());
        }
      }
    }

    private void take(Element element) {
      ElementMetadata metadata = element.metadata();
      if (metadata.labels().get(0).equals(Task.MARKER)) {
        ended = true;
        return;
      }
      rows++;
      ElementPropertyMap properties = element.properties();
      Materialized.look(properties);
      if (latency
          && properties.get("measured") instanceof ElementValue.Bool measured
          && measured.value()
          && properties.get("due") instanceof ElementValue.Integer due) {
        meter.delivered(due.value());
      }
    }
  }
}
