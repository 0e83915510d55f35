package io.drasi.it.support;

import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.Subscription;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.bootstrap.postgres.PostgresBootstrapProvider;
import io.drasi.source.postgres.PostgresReplicationSource;
import java.io.IOException;
import java.util.List;

/** Bootstraps in a JVM of its own, with as little memory as the test wants, and counts the rows. */
public final class RowCount {
  private RowCount() {}

  /**
   * Counts the rows that a bootstrap of a database hands over.
   *
   * @param maxHeap as {@code -Xmx} takes it
   */
  public static long of(TestDatabase database, int parallelism, String maxHeap)
      throws IOException, InterruptedException {
    return Long.parseLong(
        SmallJvm.run(
            maxHeap,
            RowCount.class,
            database.server().host(),
            Integer.toString(database.server().port()),
            database.name(),
            Integer.toString(parallelism)));
  }

  /** What the process does. */
  public static void main(String[] arguments) throws InterruptedException {
    List<String> given = List.of(arguments);
    String host = given.get(0);
    int port = Integer.parseInt(given.get(1));
    String database = given.get(2);
    var provider =
        PostgresBootstrapProvider.builder()
            .withHost(host)
            .withPort(port)
            .withDatabase(database)
            .withUser(TestDatabase.ROLE)
            .withPassword(TestDatabase.PASSWORD)
            .withParallelism(Integer.parseInt(given.get(3)))
            .build();
    try (var source =
        PostgresReplicationSource.builder("large")
            .withHost(host)
            .withPort(port)
            .withDatabase(database)
            .withUser(TestDatabase.ROLE)
            .withPassword(TestDatabase.PASSWORD)
            .withSlotName("count_" + given.get(3))
            .withBootstrapProvider(provider)
            .build()) {
      var subscription =
          source.subscribe(SubscriptionRequest.builder("count").withBootstrap(true).build());
      source.start();
      System.out.println(count(subscription));
      source.deprovision();
    }
  }

  private static long count(Subscription subscription) throws InterruptedException {
    long count = 0;
    SourceEvent event = subscription.take();
    while (!(event instanceof SourceEvent.BootstrapCompleted)) {
      if (event instanceof SourceEvent.BootstrapBatch batch) {
        count += batch.changes().size();
      }
      event = subscription.take();
    }
    return count;
  }
}
