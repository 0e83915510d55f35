package io.drasi.source.postgres.internal.delivery;

import io.drasi.api.bootstrap.BootstrapException;
import io.drasi.api.source.Acknowledgement;
import io.drasi.api.source.DispatchMode;
import io.drasi.api.source.SourceException;
import io.drasi.api.source.SubscriptionEndedException;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.postgres.decoder.position.PostgresPosition;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.source.postgres.internal.spill.SpillSpace;
import io.drasi.source.postgres.internal.transaction.ReceivedTransaction;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Hands every transaction to every subscription, and knows what all of them have acknowledged.
 *
 * <p>Each subscription has a high-water mark of its own. A session starts at the smallest one, and
 * a subscription drops what it has had: that is why a session may break off anywhere, between two
 * subscriptions too, and nothing is lost or doubled. One session hands over at a time: with a new
 * one's beginning, whatever an older one still has is refused.
 *
 * <p>Thread-safe: guarded by {@code lock}, which is never held while a subscription is waited for,
 * and over no I/O but that of the {@link Register}'s file. The locks of subscriptions are taken
 * inside it, never around it; the turn of {@link Handover} is taken before it.
 */
public final class SubscriptionHub {
  private final DeliverySettings settings;
  private final Listener listener;
  private final Handover handover;
  private final SubscriberWatch watch;
  private final Clock clock;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Roster roster;
  private @Nullable HubSession current;
  private long revision;
  private @Nullable SourceException failure;
  private boolean closed;

  /** Among so many the memory for queues is divided. */
  private volatile int sharers = 1;

  /** Is told what matters to the session. Called on any thread, with no lock held. */
  public interface Listener {

    /** More is confirmed. */
    void confirmedAdvanced();

    /** The stream has to start elsewhere, or nobody reads it: the current session is to end. */
    void restartWanted();
  }

  /** A hub that nobody has to come back to. */
  public SubscriptionHub(DeliverySettings settings, Clock clock, Listener listener) {
    this(settings, Register.inMemory(), clock, listener);
  }

  /**
   * A hub without subscriptions.
   *
   * @param settings how events are delivered
   * @param register who acknowledges by itself, and is waited for
   * @param clock tells since when a subscriber holds the stream back; must not jump
   * @param listener is told what matters to the session
   */
  public SubscriptionHub(
      DeliverySettings settings, Register register, Clock clock, Listener listener) {
    this.settings = settings;
    this.roster = new Roster(register);
    this.listener = listener;
    this.handover = new Handover(this, settings, clock);
    this.watch = new SubscriberWatch(this, settings, clock);
    this.clock = clock;
  }

  DeliverySettings settings() {
    return settings;
  }

  /** How many bytes of memory one queue may take now. */
  long queueBytes() {
    return settings.queueBytes() / sharers;
  }

  Clock clock() {
    return clock;
  }

  /** Where is put what does not fit into memory. */
  public SpillSpace space() {
    return settings.space();
  }

  /** Adds a subscription. */
  public HubSubscription subscribe(SubscriptionRequest request) {
    refuseGaps(request);
    HubSubscription subscription;
    boolean elsewhere;
    lock.lock();
    try {
      if (closed) {
        throw new SourceException("the source is closed", null);
      }
      if (roster.isLive(request.subscriberId())) {
        throw new SourceException(
            "the subscriber id %s is in use; close its subscription first"
                .formatted(request.subscriberId()),
            null);
      }
      Roster.Beginning beginning = roster.beginningOf(request);
      subscription = new HubSubscription(this, request, settings, beginning.start());
      subscription.queue().setFailure(failure);
      elsewhere = roster.add(subscription, beginning);
      if (elsewhere) {
        current = null;
      }
      if (request.resumeFrom().isPresent()) {
        revision++;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (elsewhere) {
      listener.restartWanted();
    }
    return subscription;
  }

  /** Who acknowledges by itself wants to see every transaction. */
  private void refuseGaps(SubscriptionRequest request) {
    if (settings.mode() == DispatchMode.BROADCAST
        && request.acknowledgement() == Acknowledgement.MANUAL) {
      throw new SourceException(
          ("the subscriber %s wants to acknowledge by itself, but dispatch_mode is broadcast, which"
                  + " leaves transactions out; use the acknowledgement AUTO, or dispatch_mode"
                  + " channel")
              .formatted(request.subscriberId()),
          null);
    }
  }

  /**
   * Waits until there is a subscription.
   *
   * @return false when there is none in time
   */
  public boolean awaitSubscription(Duration patience) throws InterruptedException {
    long nanos = TimeUnit.NANOSECONDS.convert(patience);
    lock.lockInterruptibly();
    try {
      while (roster.live().isEmpty() && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
      return !roster.live().isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the first session has begun: from then on the slot keeps what comes. */
  public void awaitBegun() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (roster.position() == null) {
        changed.await();
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
    return guarded(() -> roster.live().size());
  }

  /** The subscriptions there are now. */
  List<HubSubscription> live() {
    return guarded(() -> List.copyOf(roster.live()));
  }

  private <T> T guarded(Supplier<T> look) {
    lock.lock();
    try {
      return look.get();
    } finally {
      lock.unlock();
    }
  }

  /** Changes whenever somebody wants to resume from a position; see {@link StreamOrigin#asOf}. */
  public long revision() {
    return guarded(() -> revision);
  }

  /**
   * A session begins to stream. Waits until an older one, which has been told to end, has ceased to
   * hand over.
   *
   * @param origin what the session has found
   * @param watch looks after the session while a subscriber holds the stream back
   * @return what the session hands over to; empty when the server has to be asked once more, since
   *     somebody has come meanwhile who wants to resume from a position
   * @throws SourceException when the slot was moved beyond what was handed to subscribers, or the
   *     server's log is another one than before
   */
  public Optional<HubSession> begin(StreamOrigin origin, HoldWatch watch)
      throws InterruptedException {
    handover.begin();
    try {
      return beginAlone(origin, watch);
    } finally {
      handover.end();
    }
  }

  private Optional<HubSession> beginAlone(StreamOrigin origin, HoldWatch watch) {
    lock.lock();
    try {
      if (origin.asOf() != revision) {
        return Optional.empty();
      }
      roster.begin(origin);
      PostgresPosition position = roster.position();
      if (position == null) {
        throw new IllegalStateException("a stream that has begun has a position");
      }
      var session = new HubSession(this, position.endLsn(), watch);
      current = session;
      changed.signalAll();
      return Optional.of(session);
    } finally {
      lock.unlock();
    }
  }

  boolean dispatch(ReceivedTransaction transaction, HubSession session)
      throws java.io.IOException, InterruptedException {
    handover.begin();
    try {
      List<HubSubscription> targets = targets(transaction, session);
      if (targets.stream().noneMatch(HubSubscription::isCatchingUp)) {
        transaction.forgetRaw();
      }
      for (HubSubscription target : targets) {
        if (!handover.offer(target, transaction, session)) {
          return false;
        }
      }
      acknowledgementAdvanced();
      watch.look();
      return !targets.isEmpty();
    } finally {
      handover.end();
    }
  }

  /** Who gets the transaction: nobody when the session has to end. */
  private List<HubSubscription> targets(ReceivedTransaction transaction, HubSession session) {
    lock.lock();
    try {
      if (!session.equals(current) || roster.live().isEmpty()) {
        return List.of();
      }
      roster.advance(transaction.position());
      sharers = roster.live().size();
      return List.copyOf(roster.live());
    } finally {
      lock.unlock();
    }
  }

  boolean isCurrent(HubSession session) {
    return guarded(() -> session.equals(current));
  }

  boolean advance(PostgresPosition newPosition, HubSession session) {
    lock.lock();
    try {
      PostgresPosition position = roster.position();
      if (roster.live().isEmpty() || !session.equals(current) || position == null) {
        return false;
      }
      if (newPosition.endLsn().isAfter(position.endLsn())) {
        roster.advance(newPosition);
        roster.live().forEach(subscription -> subscription.offerProgress(newPosition));
      }
    } finally {
      lock.unlock();
    }
    acknowledgementAdvanced();
    watch.look();
    return true;
  }

  /** What every subscriber has acknowledged. */
  public Lsn confirmed() {
    return guarded(roster::confirmed);
  }

  /** Whether the slot was used before: that it is gone is a loss. */
  public boolean isSlotUsed() {
    return guarded(roster::isSlotUsed);
  }

  /** Up to where the stream was handed over; empty before the first session. */
  public Optional<PostgresPosition> position() {
    return guarded(() -> Optional.ofNullable(roster.position()));
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
      PostgresPosition position = roster.position();
      Lsn confirmed = roster.confirmed();
      return new Standing(confirmed, position != null && position.endLsn().isAfter(confirmed));
    } finally {
      lock.unlock();
    }
  }

  /** Who holds the stream back, or the server's log, for some time already, in words. */
  public Optional<String> heldBackBy() {
    return handover
        .heldBackBy()
        .or(
            () ->
                live().stream()
                    .filter(SubscriberWatch::isNamed)
                    .findFirst()
                    .map(HubSubscription::describe));
  }

  /**
   * For whom the slot keeps what it keeps, and where that one is, in words; empty when nobody has
   * anything to acknowledge.
   */
  public Optional<String> holder() {
    return guarded(roster::holder);
  }

  /** Whoever waits for an event with nothing queued gets this failure; null ends that. */
  public void setFailure(@Nullable SourceException newFailure) {
    lock.lock();
    try {
      failure = newFailure;
      roster.live().forEach(subscription -> subscription.queue().setFailure(newFailure));
    } finally {
      lock.unlock();
    }
  }

  /** Ends all subscriptions, for good. */
  public void close(String reason) {
    List<HubSubscription> ended;
    lock.lock();
    try {
      closed = true;
      ended = List.copyOf(roster.live());
    } finally {
      lock.unlock();
    }
    end(ended, reason);
  }

  /**
   * The stream is lost, and with it changes; the next session begins another one. Subscribers that
   * do not want to be bootstrapped are ended.
   *
   * @param reason what has happened, in words
   * @return the others, which are to be bootstrapped again
   */
  public List<HubSubscription> lose(String reason) throws InterruptedException {
    List<HubSubscription> ended;
    List<HubSubscription> others;
    handover.begin();
    lock.lock();
    try {
      current = null;
      ended = roster.lose();
      others = List.copyOf(roster.live());
    } finally {
      lock.unlock();
      handover.end();
    }
    ended.forEach(
        subscription ->
            subscription.end(
                () ->
                    new SubscriptionEndedException(
                        "%s; %s has to subscribe with a bootstrap"
                            .formatted(reason, subscription.subscriberId()))));
    return others;
  }

  /** Whether the stream is known to be lost, and no other has begun. */
  public boolean hasLost() {
    return guarded(roster::hasLost);
  }

  /** A bootstrap is complete, and acknowledged: nothing is missing any more. */
  void setCurrent(HubSubscription subscription) {
    lock.lock();
    try {
      roster.setCurrent(subscription);
    } finally {
      lock.unlock();
    }
  }

  /** Ends all subscriptions and forgets the stream: the next session begins a new one. */
  public void reset(String reason) {
    List<HubSubscription> ended;
    lock.lock();
    try {
      ended = List.copyOf(roster.live());
      current = null;
      roster.reset();
    } finally {
      lock.unlock();
    }
    end(ended, reason);
  }

  private static void end(List<HubSubscription> subscriptions, String reason) {
    subscriptions.forEach(s -> s.end(() -> new SubscriptionEndedException(reason)));
  }

  /** No longer holds the stream back for a subscriber that has gone away. */
  public void forget(String subscriberId) {
    lock.lock();
    try {
      if (roster.isLive(subscriberId)) {
        throw new SourceException(
            "the subscriber %s is subscribed; close its subscription first".formatted(subscriberId),
            null);
      }
      roster.forget(subscriberId);
    } finally {
      lock.unlock();
    }
    acknowledgementAdvanced();
  }

  /** The subscription was closed. A manual one keeps its place by its id. */
  void remove(HubSubscription subscription) {
    leave(subscription, subscription.isManual());
  }

  /**
   * The subscription has not been taken from for too long. A manual one keeps its place.
   *
   * @param what it did, in words
   */
  void expire(HubSubscription subscription, String what, Duration held) {
    String reason =
        "%s %s for %d s, and subscriber_timeout is %d s; its subscription was ended"
            .formatted(
                subscription.describe(),
                what,
                held.toSeconds(),
                settings.subscriberTimeout().toSeconds());
    leave(subscription, subscription.isManual());
    subscription.end(() -> new SubscriptionEndedException(reason));
  }

  /** The subscription cannot go on. */
  void fail(HubSubscription subscription, Supplier<? extends RuntimeException> how) {
    leave(subscription, subscription.isManual());
    subscription.end(how);
  }

  private void leave(HubSubscription subscription, boolean keepsPlace) {
    boolean wasLast;
    lock.lock();
    try {
      wasLast = roster.remove(subscription, keepsPlace) && roster.live().isEmpty();
      if (wasLast) {
        current = null;
      }
    } finally {
      lock.unlock();
    }
    if (wasLast) {
      listener.restartWanted();
    }
    acknowledgementAdvanced();
  }

  /** A subscription may have acknowledged more. */
  void acknowledgementAdvanced() {
    if (guarded(roster::confirm)) {
      listener.confirmedAdvanced();
    }
  }

  /**
   * Refuses a position that is not part of the stream, now or later.
   *
   * @throws BootstrapException when it is of another log
   */
  void requireOfThisLog(PostgresPosition position) {
    Optional<String> foreign = guarded(() -> roster.whyOfAnotherLog(position));
    if (foreign.isPresent()) {
      throw new BootstrapException(
          "the bootstrap's position %s is not part of the stream: %s"
              .formatted(position, foreign.get()),
          null);
    }
  }
}
