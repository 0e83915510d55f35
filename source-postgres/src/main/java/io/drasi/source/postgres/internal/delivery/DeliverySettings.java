package io.drasi.source.postgres.internal.delivery;

import io.drasi.api.source.DispatchMode;
import io.drasi.source.postgres.internal.spill.SpillSpace;
import java.time.Duration;

/**
 * How events are delivered.
 *
 * @param sourceId whose subscribers they are
 * @param mode what becomes of a slow subscriber
 * @param capacity how many changes are queued for one
 * @param queueBytes how many bytes of memory all queues together may take
 * @param subscriberTimeout after so long a subscriber that takes nothing is ended; zero is never
 * @param holdInterval so often it is looked at what else happens while one holds the stream back
 * @param space where changes wait that came during a bootstrap
 */
public record DeliverySettings(
    String sourceId,
    DispatchMode mode,
    int capacity,
    long queueBytes,
    Duration subscriberTimeout,
    Duration holdInterval,
    SpillSpace space) {

  /** Whether a subscriber that has taken nothing for so long is to be ended. */
  boolean isTooLong(Duration idle) {
    return !subscriberTimeout.isZero() && idle.compareTo(subscriberTimeout) >= 0;
  }

  /** How long a subscription is waited for at a time. */
  Duration patience() {
    return subscriberTimeout.isZero() || subscriberTimeout.compareTo(holdInterval) > 0
        ? holdInterval
        : subscriberTimeout;
  }
}
