package io.drasi.source.postgres.internal.delivery;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the subscribers now and then. It notices those that take nothing though there is
 * something for them, whether or not anybody waits for them: their part of the log is kept by the
 * server. And it ends those whose space on disk was needed by others.
 *
 * <p>Confined to the thread that hands over, but for {@link #isNamed}.
 */
final class SubscriberWatch {
  private static final Logger log = LoggerFactory.getLogger(SubscriberWatch.class);

  /** Some take their time over an event. */
  private static final Duration NAMED_AFTER = Duration.ofSeconds(60);

  private static final Duration INTERVAL = Duration.ofMillis(100);

  private final SubscriptionHub hub;
  private final DeliverySettings settings;
  private final Clock clock;
  private final Set<HubSubscription> named = new HashSet<>();
  private Instant next = Instant.MIN;

  SubscriberWatch(SubscriptionHub hub, DeliverySettings settings, Clock clock) {
    this.hub = hub;
    this.settings = settings;
    this.clock = clock;
  }

  /** Looks, if it was not done just now. Called with no lock of the hub held. */
  void look() {
    Instant now = clock.instant();
    if (now.isBefore(next)) {
      return;
    }
    next = now.plus(INTERVAL);
    List<HubSubscription> subscriptions = hub.live();
    named.retainAll(subscriptions);
    for (HubSubscription subscription : subscriptions) {
      subscription.endWithoutSpace();
      Duration idle = subscription.idle();
      if (settings.isTooLong(idle)) {
        hub.expire(subscription, "has taken none of its events", idle);
      } else if (idle.compareTo(NAMED_AFTER) < 0) {
        named.remove(subscription);
      } else if (named.add(subscription)) {
        log.warn(
            "{}: {} has taken none of its events for {} s now, and the server keeps its write-ahead"
                + " log for it; let it take them, or close its subscription",
            settings.sourceId(),
            subscription.describe(),
            idle.toSeconds());
      }
    }
  }

  /** Whether somebody looking at the source should hear of it. Called on any thread. */
  static boolean isNamed(HubSubscription subscription) {
    return subscription.idle().compareTo(NAMED_AFTER) >= 0;
  }
}
