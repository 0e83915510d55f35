package io.drasi.source.postgres.internal.delivery;

import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.SubscriptionEndedException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;

/**
 * A subscription's events until it is closed. Has no state of its own: what one iterator has looked
 * ahead to, whoever asks next gets.
 */
final class EventIterator implements Iterator<SourceEvent> {
  private final HubSubscription subscription;

  EventIterator(HubSubscription subscription) {
    this.subscription = subscription;
  }

  @Override
  public boolean hasNext() {
    try {
      subscription.lookAhead();
      return true;
    } catch (SubscriptionEndedException e) {
      if (subscription.isClosed()) {
        return false;
      }
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      var cancelled = new CancellationException("interrupted while waiting for an event");
      cancelled.initCause(e);
      throw cancelled;
    }
  }

  @Override
  public SourceEvent next() {
    if (!subscription.hasLookedAhead() && !hasNext()) {
      throw new NoSuchElementException("the subscription was closed");
    }
    return subscription.takeLookedAhead();
  }
}
