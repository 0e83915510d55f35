package io.drasi.it.oracle;

import io.drasi.api.source.Acknowledgement;
import io.drasi.api.source.Source;
import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.SourcePosition;
import io.drasi.api.source.Subscription;
import io.drasi.api.source.SubscriptionRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;

/**
 * A subscriber whose copy outlasts its process: it persists the copy with its position, then
 * acknowledges that, and goes on from there when it is started again.
 */
final class PersistentSubscriber {
  private static final Duration LULL = Duration.ofMillis(300);

  /** It persists after so many events, on an average. */
  private static final int EVENTS = 50;

  private final Path file;
  private final Random random;
  private final int heldAtBatch;
  private final Subscription subscription;
  private final PositionedCopy copy;
  private final List<String> applied = new ArrayList<>();
  private int bootstraps;
  private int batches;

  /**
   * Subscribes: by position, or with a bootstrap where nothing was persisted.
   *
   * @param heldAtBatch from this batch of its bootstrap on it does nothing any more; 0 is never
   */
  PersistentSubscriber(Source source, String id, Path file, Random random, int heldAtBatch)
      throws IOException {
    this.file = file;
    this.random = random;
    this.heldAtBatch = heldAtBatch;
    var request =
        SubscriptionRequest.builder(id)
            .withAcknowledgement(Acknowledgement.MANUAL)
            .withBootstrap(true);
    Optional<PersistedCopy> before = PersistedCopy.read(file);
    if (before.isPresent()) {
      copy = before.get().copy();
      applied.addAll(before.get().applied());
      bootstraps = before.get().bootstraps();
      request.withResumeFrom(source.parsePosition(before.get().position()));
    } else {
      copy = new PositionedCopy(OracleTables.ALL);
    }
    subscription = source.subscribe(request.build());
  }

  /** Follows for ever. */
  void follow() throws IOException, InterruptedException {
    boolean persisted = true;
    while (true) {
      Optional<SourceEvent> event = subscription.poll(LULL);
      if (event.isPresent()) {
        take(event.get());
        persisted = false;
      }
      SourcePosition position = copy.position();
      if (position != null && !persisted && (event.isEmpty() || oneIn(EVENTS))) {
        persist(position);
        persisted = true;
      }
    }
  }

  private boolean oneIn(int cases) {
    return random.nextInt(cases) == 0;
  }

  private void take(SourceEvent event) throws InterruptedException {
    copy.apply(event);
    if (event instanceof SourceEvent.Transaction transaction) {
      applied.add(transaction.position().toString());
    } else if (event instanceof SourceEvent.BootstrapCompleted) {
      bootstraps++;
    } else if (event instanceof SourceEvent.BootstrapBatch && ++batches == heldAtBatch) {
      System.out.println(PersistentProcess.HELD);
      new CountDownLatch(1).await();
    }
  }

  private void persist(SourcePosition position) throws IOException {
    new PersistedCopy(copy.rows(), position.toString(), bootstraps, applied).write(file);
    if (!oneIn(4)) {
      subscription.acknowledge(position);
    }
  }
}
