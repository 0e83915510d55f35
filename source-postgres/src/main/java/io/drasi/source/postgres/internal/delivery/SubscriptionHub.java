package io.drasi.source.postgres.internal.delivery;

import io.drasi.api.source.Acknowledgement;
import io.drasi.api.source.DispatchMode;
import io.drasi.api.source.SourceException;
import io.drasi.api.source.Subscription;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.postgres.decoder.position.PostgresPosition;
import io.drasi.postgres.protocol.message.Lsn;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Hands every transaction to every subscription, and knows what all of them have acknowledged.
 *
 * <p>Each subscription has a high-water mark of its own. A session starts at the smallest one, and
 * a subscription drops what it has had: that is why a session may break off anywhere, between two
 * subscriptions too, and nothing is lost or doubled. One session hands over at a time: with a new
 * one's beginning, whatever an older one still has is refused.
 *
 * <p>Thread-safe: guarded by {@code lock}, which is never held while a subscription is waited for.
 * The locks of subscriptions are taken inside it, never around it. {@code handingOver} is held
 * while a session hands over or begins, and taken before {@code lock}.
 */
public final class SubscriptionHub {
  private static final Duration HELD_BACK_AFTER = Duration.ofSeconds(1);

  private final DispatchMode mode;
  private final int capacity;
  private final Clock clock;
  private final Runnable confirmedListener;

  private final ReentrantLock handingOver = new ReentrantLock();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition subscribed = lock.newCondition();
  private final Map<String, HubSubscription> live = new LinkedHashMap<>();
  private final Map<String, Lsn> held = new LinkedHashMap<>();
  private @Nullable PostgresPosition position;
  private Lsn confirmed = Lsn.NONE;
  private long generation;
  private @Nullable SourceException failure;
  private boolean closed;
  private volatile @Nullable Offer currentOffer;

  private record Offer(String subscriberId, Instant since) {}

  /**
   * A hub without subscriptions.
   *
   * @param mode what becomes of a slow subscriber
   * @param capacity how many changes are queued for one
   * @param clock tells since when one holds the stream back
   * @param confirmedListener is called, on any thread, when more is confirmed
   */
  public SubscriptionHub(DispatchMode mode, int capacity, Clock clock, Runnable confirmedListener) {
    this.mode = mode;
    this.capacity = capacity;
    this.clock = clock;
    this.confirmedListener = confirmedListener;
  }

  /**
   * Adds a subscription, which starts where the stream is now; one that returns starts where it
   * left off.
   */
  public Subscription subscribe(SubscriptionRequest request) {
    if (mode == DispatchMode.BROADCAST && request.acknowledgement() == Acknowledgement.MANUAL) {
      throw new SourceException(
          ("the subscriber %s wants to acknowledge by itself, but dispatch_mode is broadcast, which"
                  + " leaves transactions out; use the acknowledgement AUTO, or dispatch_mode"
                  + " channel")
              .formatted(request.subscriberId()),
          null);
    }
    lock.lock();
    try {
      if (closed) {
        throw new SourceException("the source is closed", null);
      }
      if (live.containsKey(request.subscriberId())) {
        throw new SourceException(
            "the subscriber id %s is in use; close its subscription first"
                .formatted(request.subscriberId()),
            null);
      }
      // A session that repeats what one subscriber has missed may stand before what is confirmed.
      Lsn start = position == null ? Lsn.NONE : Lsn.max(position.endLsn(), confirmed);
      Lsn place = held.remove(request.subscriberId());
      if (place != null) {
        if (start.isAfter(place)) {
          generation++; // the session has read on: the next one repeats what this one has missed
        }
        start = place;
      }
      var subscription = new HubSubscription(this, request, capacity, mode, start);
      subscription.queue().setFailure(failure);
      live.put(request.subscriberId(), subscription);
      subscribed.signalAll();
      return subscription;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until there is a subscription. */
  public void awaitSubscription() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (live.isEmpty()) {
        subscribed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether there is a subscription. */
  public boolean hasSubscriptions() {
    return subscriptionCount() > 0;
  }

  /** How many subscriptions there are. */
  public int subscriptionCount() {
    lock.lock();
    try {
      return live.size();
    } finally {
      lock.unlock();
    }
  }

  /**
   * A session begins to stream. Waits until an older one, which has been told to end, has ceased to
   * hand over.
   *
   * @param slot what the slot has confirmed, as a position of the server the session talks to
   * @return where the session starts
   * @throws SourceException when the slot was moved beyond what was handed to subscribers, or the
   *     server is another one than before
   */
  public StreamStart begin(PostgresPosition slot) throws InterruptedException {
    handingOver.lockInterruptibly();
    try {
      return beginAlone(slot);
    } finally {
      handingOver.unlock();
    }
  }

  private StreamStart beginAlone(PostgresPosition slot) {
    lock.lock();
    try {
      requireSameSystem(slot);
      if (position == null) {
        confirmed = slot.endLsn();
        live.values().forEach(subscription -> subscription.progress().begin(confirmed));
        held.replaceAll((id, before) -> confirmed);
      }
      Lsn start =
          live.values().stream()
              .map(subscription -> subscription.progress().offered())
              .min(Lsn::compareTo)
              .orElse(confirmed);
      if (slot.endLsn().isAfter(start)) {
        throw new SourceException(
            ("the slot stands at %s, but subscribers have received changes up to %s only:"
                    + " something else has used the slot, and the changes between are lost;"
                    + " give each source a slot of its own")
                .formatted(slot.endLsn(), start),
            null);
      }
      position = PostgresPosition.after(slot.systemId(), slot.timeline(), start);
      generation++;
      return new StreamStart(start, generation);
    } finally {
      lock.unlock();
    }
  }

  /** Positions of two systems have no order: whatever was compared would be wrong. */
  private void requireSameSystem(PostgresPosition slot) {
    if (position != null && position.systemId() != slot.systemId()) {
      throw new SourceException(
          ("the server is another one than before: its system identifier is %s, and was %s;"
                  + " connect to the server the subscribers' changes came from, or make the source"
                  + " anew and bootstrap the subscribers again")
              .formatted(
                  Long.toUnsignedString(slot.systemId()),
                  Long.toUnsignedString(position.systemId())),
          null);
    }
  }

  /**
   * Where a session starts.
   *
   * @param lsn the position
   * @param generation to be shown with everything the session hands over; void as soon as another
   *     session begins, or the stream has to start elsewhere
   */
  public record StreamStart(Lsn lsn, long generation) {}

  /**
   * Hands a transaction to every subscription. Waits for those that hold the stream back.
   *
   * @return false when the session has to end, since there is nobody to hand to, another session
   *     has begun, or the stream has to start elsewhere
   */
  public boolean dispatch(DeliveredTransaction transaction, long sessionGeneration)
      throws InterruptedException {
    handingOver.lockInterruptibly();
    try {
      List<HubSubscription> targets = targets(transaction, sessionGeneration);
      for (HubSubscription target : targets) {
        currentOffer = new Offer(target.subscriberId(), clock.instant());
        target.offer(transaction);
      }
      acknowledgementAdvanced();
      return !targets.isEmpty();
    } finally {
      currentOffer = null;
      handingOver.unlock();
    }
  }

  /** Who gets the transaction: nobody when the session has to end. */
  private List<HubSubscription> targets(DeliveredTransaction transaction, long sessionGeneration)
      throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (sessionGeneration != generation) {
        return List.of();
      }
      if (!live.isEmpty()) {
        position = transaction.position();
      }
      return List.copyOf(live.values());
    } finally {
      lock.unlock();
    }
  }

  /**
   * There is nothing up to a position.
   *
   * @return as {@link #dispatch}
   */
  public boolean advance(PostgresPosition newPosition, long sessionGeneration) {
    lock.lock();
    try {
      if (live.isEmpty() || sessionGeneration != generation) {
        return false;
      }
      if (position == null || newPosition.endLsn().isAfter(position.endLsn())) {
        position = newPosition;
        live.values().forEach(subscription -> subscription.offerProgress(newPosition));
      }
    } finally {
      lock.unlock();
    }
    acknowledgementAdvanced();
    return true;
  }

  /** What every subscriber has acknowledged. */
  public Lsn confirmed() {
    lock.lock();
    try {
      return confirmed;
    } finally {
      lock.unlock();
    }
  }

  /** Up to where the stream was handed over; empty before the first session. */
  public Optional<PostgresPosition> position() {
    lock.lock();
    try {
      return Optional.ofNullable(position);
    } finally {
      lock.unlock();
    }
  }

  /**
   * How things stand, at one moment.
   *
   * @param confirmed what every subscriber has acknowledged
   * @param outstanding whether something was handed over that not every one has acknowledged
   */
  public record Standing(Lsn confirmed, boolean outstanding) {}

  /** How things stand. */
  public Standing standing() {
    lock.lock();
    try {
      boolean outstanding = position != null && position.endLsn().isAfter(confirmed);
      return new Standing(confirmed, outstanding);
    } finally {
      lock.unlock();
    }
  }

  /** The subscriber that holds the stream back, for some time already. */
  public Optional<String> heldBackBy() {
    Offer offer = currentOffer;
    return offer != null && offer.since().plus(HELD_BACK_AFTER).isBefore(clock.instant())
        ? Optional.of(offer.subscriberId())
        : Optional.empty();
  }

  /** Whoever waits for an event with nothing queued gets this failure; null ends that. */
  public void setFailure(@Nullable SourceException newFailure) {
    lock.lock();
    try {
      failure = newFailure;
      live.values().forEach(subscription -> subscription.queue().setFailure(newFailure));
    } finally {
      lock.unlock();
    }
  }

  /** Ends all subscriptions, for good. */
  public void close(String reason) {
    lock.lock();
    try {
      closed = true;
      live.values().forEach(subscription -> subscription.queue().end(reason));
    } finally {
      lock.unlock();
    }
  }

  /** No longer holds the stream back for a subscriber that has gone away. */
  public void forget(String subscriberId) {
    lock.lock();
    try {
      if (live.containsKey(subscriberId)) {
        throw new SourceException(
            "the subscriber %s is subscribed; close its subscription first".formatted(subscriberId),
            null);
      }
      held.remove(subscriberId);
    } finally {
      lock.unlock();
    }
    acknowledgementAdvanced();
  }

  /** The subscription was closed. A manual one keeps its place by its id. */
  void remove(HubSubscription subscription) {
    lock.lock();
    try {
      if (!live.remove(subscription.subscriberId(), subscription)) {
        return;
      }
      if (subscription.isManual()) {
        held.put(subscription.subscriberId(), subscription.progress().acknowledged());
      }
      if (live.isEmpty() && position != null) {
        // Nobody reads on: the next one to come starts at what is confirmed, in a new session.
        generation++;
        position = PostgresPosition.after(position.systemId(), position.timeline(), confirmed);
      }
    } finally {
      lock.unlock();
    }
    acknowledgementAdvanced();
  }

  /** A subscription may have acknowledged more. */
  void acknowledgementAdvanced() {
    boolean advanced;
    lock.lock();
    try {
      Lsn least =
          Stream.concat(
                  live.values().stream().map(s -> s.progress().confirmable()),
                  held.values().stream())
              .min(Lsn::compareTo)
              .orElse(Lsn.NONE);
      advanced = !live.isEmpty() && position != null && least.isAfter(confirmed);
      if (advanced) {
        confirmed = least;
      }
    } finally {
      lock.unlock();
    }
    if (advanced) {
      confirmedListener.run();
    }
  }

  /** Whether a position belongs to the server the stream comes from. */
  boolean isOfThisSystem(PostgresPosition other) {
    lock.lock();
    try {
      return position != null && position.systemId() == other.systemId();
    } finally {
      lock.unlock();
    }
  }
}
