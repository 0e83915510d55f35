package io.drasi.it;

import static io.drasi.it.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.api.source.Acknowledgement;
import io.drasi.api.source.ManagedSource;
import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.SourcePosition;
import io.drasi.api.source.Subscription;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.it.support.Bootstraps;
import io.drasi.it.support.Servers;
import io.drasi.it.support.ShopWriter;
import io.drasi.it.support.SubscriberCopy;
import io.drasi.it.support.Tables;
import io.drasi.it.support.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Who is pushed to sees what who pulls sees: the table, then every change, once. */
@ParameterizedClass
@MethodSource("io.drasi.it.support.Servers#versions")
class PublisherIT {
  private static final Duration LONG = Duration.ofSeconds(60);

  @Parameter String version;

  private final ExecutorService executor = Executors.newFixedThreadPool(2);
  private TestDatabase database;
  private ManagedSource source;

  @BeforeEach
  void start() throws Exception {
    database = TestDatabase.create(Servers.shared(version));
    ShopWriter.createSchema(database);
    database.run("GRANT SELECT ON items, ledger TO " + TestDatabase.ROLE);
    source =
        database
            .source("shop")
            .withBootstrapProvider(Bootstraps.provider(database).build())
            .build();
    source.start();
  }

  @AfterEach
  void stop() throws Exception {
    source.close();
    executor.shutdownNow();
    database.close();
  }

  /** Requests a few events at a time, keeps a copy, and acknowledges what it has copied. */
  private static final class Pushed implements Flow.Subscriber<SourceEvent> {
    private static final int AT_A_TIME = 7;

    private final SubscriberCopy copy;
    private final Set<SourcePosition> positions = new HashSet<>();
    private final List<Object> ends = new ArrayList<>();
    private final Subscription subscription;
    private Flow.@Nullable Subscription flow;
    private @Nullable SourcePosition last;
    private int wanted;
    private int doubled;
    private boolean cancelled;

    Pushed(Subscription subscription, SubscriberCopy copy) {
      this.subscription = subscription;
      this.copy = copy;
    }

    @Override
    public synchronized void onSubscribe(Flow.Subscription newFlow) {
      flow = newFlow;
      request(newFlow);
    }

    private void request(Flow.Subscription from) {
      wanted = AT_A_TIME;
      from.request(AT_A_TIME);
    }

    @Override
    public synchronized void onNext(SourceEvent event) {
      if (cancelled) {
        return; // the call was under way (rule 2.8)
      }
      copy.apply(event);
      if (event instanceof SourceEvent.Transaction transaction) {
        done(transaction.position());
        doubled += positions.add(transaction.position()) ? 0 : 1;
      } else if (event instanceof SourceEvent.Progress progress) {
        done(progress.position());
      } else if (event instanceof SourceEvent.BootstrapCompleted completed) {
        done(completed.position());
      }
      if (--wanted == 0) {
        request(Objects.requireNonNull(flow));
      }
    }

    private void done(SourcePosition position) {
      last = position;
      subscription.acknowledge(position);
    }

    @Override
    public synchronized void onError(Throwable failure) {
      ends.add(failure);
    }

    @Override
    public synchronized void onComplete() {
      ends.add("complete");
    }

    synchronized boolean has(Predicate<Pushed> what) {
      return what.test(this);
    }

    /** Leaves, and says where it stands. */
    synchronized @Nullable SourcePosition cancel() {
      cancelled = true;
      Objects.requireNonNull(flow).cancel();
      return last;
    }
  }

  private Pushed push(SubscriptionRequest.Builder request, SubscriberCopy copy) {
    Subscription subscription =
        source.subscribe(request.withAcknowledgement(Acknowledgement.MANUAL).build());
    var pushed = new Pushed(subscription, copy);
    subscription.publisher(executor).subscribe(pushed);
    return pushed;
  }

  @Test
  void whoIsPushedToLeavesAndComesBackSeesTheTableAndEveryChangeOnce() throws Exception {
    database.run("INSERT INTO items SELECT i, 'row', 1 FROM generate_series(100000, 104999) i");
    Pushed returned;
    var copy = new SubscriberCopy();
    try (var writer = ShopWriter.start(database, 1)) {
      Pushed first = push(SubscriptionRequest.builder("pushed").withBootstrap(true), copy);
      eventually(
          "it has followed for a while", LONG, () -> first.has(p -> p.positions.size() > 50));
      SourcePosition last = first.cancel();
      assertThat(first.has(p -> p.doubled == 0)).isTrue();
      returned = push(SubscriptionRequest.builder("pushed").withResumeFrom(last), copy);
      long goal = writer.committed() + 100;
      eventually("more was written", LONG, () -> writer.committed() >= goal);
      eventually(
          "it has followed for a while", LONG, () -> returned.has(p -> p.positions.size() > 50));
      assertThat(first.has(p -> p.ends.isEmpty())).isTrue();
    }
    var expected = Tables.rows(database);
    eventually(
        "the copy equals the tables",
        LONG,
        () -> returned.has(p -> p.copy.elements().equals(expected)));
    assertThat(copy.mistakes()).isEmpty();
    assertThat(returned.has(p -> p.doubled == 0)).isTrue();
    eventually(
        "all is confirmed",
        LONG,
        () -> source.metrics().confirmed().equals(source.metrics().received()));
    source.close();
    eventually("it is told of the end", LONG, () -> returned.has(p -> p.ends.size() == 1));
  }
}
