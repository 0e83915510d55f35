package io.drasi.source.postgres.internal.delivery;

import io.drasi.source.postgres.internal.transaction.ReceivedTransaction;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Offers transactions to one subscription after the other, and looks after what happens while one
 * of them holds the stream back. One session hands over at a time: {@code turn} is held while one
 * does, the watch of a held stream included, and while one begins.
 */
final class Handover {
  /** A subscription holds the stream back that has not taken anything for so long. */
  private static final Duration HELD_BACK_AFTER = Duration.ofSeconds(1);

  private final SubscriptionHub hub;
  private final DeliverySettings settings;
  private final Clock clock;
  private final ReentrantLock turn = new ReentrantLock();
  private volatile @Nullable Offer current;

  private record Offer(HubSubscription to, Instant since) {}

  Handover(SubscriptionHub hub, DeliverySettings settings, Clock clock) {
    this.hub = hub;
    this.settings = settings;
    this.clock = clock;
  }

  /** Waits until no other session hands over. */
  void begin() throws InterruptedException {
    turn.lockInterruptibly();
  }

  void end() {
    turn.unlock();
  }

  /**
   * Offers a transaction to a subscription until it is taken.
   *
   * @return false when the session has to end
   */
  boolean offer(HubSubscription target, ReceivedTransaction transaction, HubSession session)
      throws IOException, InterruptedException {
    Instant since = clock.instant();
    current = new Offer(target, since);
    try {
      while (!target.offer(transaction, settings.patience())) {
        if (!hub.isCurrent(session)) {
          return false;
        }
        watch(target, since, session);
      }
      return true;
    } finally {
      current = null;
    }
  }

  /** Who takes what is before the transaction is not to blame. */
  private void watch(HubSubscription target, Instant since, HubSession session) throws IOException {
    Duration waited = Duration.between(since, clock.instant());
    Duration idle = target.idle();
    Duration held = idle.compareTo(waited) < 0 ? idle : waited;
    if (settings.isTooLong(held)) {
      hub.expire(target, "has held the stream back", held);
    } else {
      session.watch().stillHeld(target.describe(), held);
    }
  }

  /** Who holds the stream back, for some time already. */
  Optional<String> heldBackBy() {
    Offer offer = current;
    return offer != null && offer.since().plus(HELD_BACK_AFTER).isBefore(clock.instant())
        ? Optional.of(offer.to().describe())
        : Optional.empty();
  }
}
