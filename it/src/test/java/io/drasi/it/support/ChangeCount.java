package io.drasi.it.support;

import io.drasi.api.change.ElementValue;
import io.drasi.api.change.SourceChange;
import io.drasi.api.source.Acknowledgement;
import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.Subscription;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.source.postgres.PostgresReplicationSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Streams in a JVM of its own, with as little memory as the test wants, and looks at the changes of
 * the transactions that wait in the slot.
 */
public final class ChangeCount {
  private ChangeCount() {}

  /**
   * Counts the changes of the next transaction, whose {@code id} has to go up one by one.
   *
   * @param maxHeap as {@code -Xmx} takes it
   * @param spillDir where is put what does not fit into it
   */
  public static long of(TestDatabase database, String maxHeap, Path spillDir)
      throws IOException, InterruptedException {
    return Long.parseLong(
        SmallJvm.run(
            maxHeap,
            ChangeCount.class,
            database.server().host(),
            Integer.toString(database.server().port()),
            database.name(),
            database.slot(),
            spillDir.toString()));
  }

  /** What the process does. */
  public static void main(String[] arguments) throws InterruptedException {
    List<String> given = List.of(arguments);
    try (var source =
        PostgresReplicationSource.builder("large")
            .withHost(given.get(0))
            .withPort(Integer.parseInt(given.get(1)))
            .withDatabase(given.get(2))
            .withUser(TestDatabase.ROLE)
            .withPassword(TestDatabase.PASSWORD)
            .withSlotName(given.get(3))
            .withSpillDir(Path.of(given.get(4)))
            .build()) {
      var subscription =
          source.subscribe(
              SubscriptionRequest.builder("count")
                  .withAcknowledgement(Acknowledgement.MANUAL)
                  .build());
      source.start();
      System.out.println(count(subscription));
    }
  }

  private static long count(Subscription subscription) throws InterruptedException {
    while (true) {
      if (subscription.take() instanceof SourceEvent.Transaction transaction) {
        long count = count(transaction);
        subscription.acknowledge(transaction.position());
        return count;
      }
    }
  }

  private static long count(SourceEvent.Transaction transaction) {
    long count = 0;
    for (SourceChange change : transaction.changes()) {
      count++;
      var id = ((SourceChange.Insert) change).element().properties().get("id");
      if (!new ElementValue.Integer(count).equals(id)) {
        throw new IllegalStateException("change %d has the id %s".formatted(count, id));
      }
    }
    return count;
  }
}
