package io.drasi.source.postgres.internal.delivery;

import io.drasi.api.source.Acknowledgement;
import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.SourceException;
import io.drasi.api.source.SourcePosition;
import io.drasi.api.source.Subscription;
import io.drasi.api.source.SubscriptionEndedException;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.postgres.decoder.position.PostgresPosition;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.source.postgres.internal.transaction.CommittedTransaction;
import io.drasi.source.postgres.internal.transaction.RawTransaction;
import io.drasi.source.postgres.internal.transaction.ReceivedTransaction;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A subscriber's end of the stream. The threads are as {@link Subscription} says. */
public final class HubSubscription implements Subscription {
  private final SubscriptionHub hub;
  private final SubscriptionRequest request;
  private final LabelFilter filter;
  private final EventQueue queue;
  private final CatchUp catchUp;
  private final SubscriberProgress progress;
  private final Taker taker = new Taker();
  private volatile Runnable endListener = () -> {};
  private volatile boolean closed;

  /** What an iterator has looked ahead to; not returned yet. Confined to the subscriber. */
  private @Nullable SourceEvent lookedAhead;

  HubSubscription(
      SubscriptionHub hub, SubscriptionRequest request, DeliverySettings settings, Lsn start) {
    this.hub = hub;
    this.request = request;
    this.filter = new LabelFilter(request);
    this.queue = new EventQueue(settings.capacity(), settings.mode());
    this.catchUp = new CatchUp(settings.space(), settings.mode());
    this.progress = new SubscriberProgress(start);
    if (isBootstrapWanted()) {
      progress.beginBootstrap();
      catchUp.begin();
    }
  }

  /** Who subscribed, and to what. */
  public SubscriptionRequest request() {
    return request;
  }

  @Override
  public String subscriberId() {
    return request.subscriberId();
  }

  boolean isManual() {
    return request.acknowledgement() == Acknowledgement.MANUAL;
  }

  /** Whether it begins with a bootstrap; who resumes has the elements already. */
  public boolean isBootstrapWanted() {
    return request.bootstrap() && request.resumeFrom().isEmpty();
  }

  EventQueue queue() {
    return queue;
  }

  SubscriberProgress progress() {
    return progress;
  }

  /** What loads the elements that exist already. */
  public BootstrapFeed bootstrap() {
    return new BootstrapFeed(hub, this, queue, filter, progress);
  }

  /** Who has to act when it does not go on. */
  String describe() {
    return "the subscriber " + subscriberId() + taker.describe();
  }

  /**
   * Offers a transaction; waits while the subscriber holds the stream back. Called by the
   * replication thread. Offered twice, after a reconnect, it is queued once.
   *
   * @param patience how long to wait
   * @return false when there was no room in time: it is to be offered again
   */
  boolean offer(ReceivedTransaction transaction, Duration patience) throws InterruptedException {
    PostgresPosition position = transaction.committed().position();
    if (isPassed(position)) {
      return true;
    }
    CommittedTransaction wanted = filter.apply(transaction.committed());
    if (wanted.changes().isEmpty()) {
      offerProgress(position);
      return true;
    }
    switch (putOff(transaction.raw(), patience)) {
      case KEPT -> {
        progress.queue(position.endLsn());
        return true;
      }
      case NO_ROOM -> {
        return false;
      }
      case NOT_HERE -> {}
    }
    if (isPassed(position)) { // by a bootstrap that has become complete meanwhile
      return true;
    }
    EventQueue.Added added = queue.add(wanted, patience);
    switch (added) {
      case QUEUED -> progress.queue(position.endLsn());
      case LEFT_OUT -> progress.passOver(position.endLsn());
      case NO_ROOM, ENDED -> {} // not seen: its place stays where it is
    }
    return added != EventQueue.Added.NO_ROOM;
  }

  /** Whether the subscriber has had everything up to here. */
  private boolean isPassed(PostgresPosition position) {
    return !position.endLsn().isAfter(progress.offered());
  }

  /** Whether it waits behind a bootstrap now. */
  private CatchUp.Added putOff(RawTransaction transaction, Duration patience)
      throws InterruptedException {
    try {
      return catchUp.add(transaction, patience);
    } catch (IOException e) {
      hub.fail(
          this,
          () ->
              new SourceException(
                  "what came during the bootstrap of %s cannot be kept: %s"
                      .formatted(subscriberId(), e.getMessage()),
                  e));
      return CatchUp.Added.KEPT;
    }
  }

  /** Nothing for this subscriber up to here. Called by the replication thread. */
  void offerProgress(PostgresPosition position) {
    if (isPassed(position)) {
      return;
    }
    if (isManual()) {
      var nothing = new DeliveredProgress(position);
      if (!catchUp.add(nothing) && !isPassed(position)) {
        queue.addLatest(nothing);
      }
      progress.queue(position.endLsn());
    } else {
      progress.passOver(position.endLsn());
    }
  }

  @Override
  public SourceEvent take() throws InterruptedException {
    lookAhead();
    return takeLookedAhead();
  }

  /** Waits for the next event without taking it. */
  void lookAhead() throws InterruptedException {
    acknowledgeAutomatically();
    if (closed || lookedAhead == null) {
      Optional<SourceEvent> ready = ready();
      lookedAhead = received(ready.isPresent() ? ready.get() : queue.take());
    }
  }

  /** With the end of its bootstrap in hand, what waited behind it is next. */
  private SourceEvent received(SourceEvent event) {
    if (event instanceof DeliveredBootstrap.Completed completed) {
      catchUp.drain(completed.position().endLsn());
    }
    return event;
  }

  /** What can be had without waiting: what is queued, then what waited behind a bootstrap. */
  private Optional<SourceEvent> ready() {
    Optional<SourceEvent> queued = queue.pollQueued();
    if (queued.isPresent()) {
      return queued;
    }
    try {
      return catchUp.poll().map(kept -> kept.read(filter));
    } catch (IOException e) {
      String problem = "what came during the bootstrap of %s cannot be read: %s";
      hub.fail(
          this, () -> new SourceException(problem.formatted(subscriberId(), e.getMessage()), e));
      return Optional.empty();
    }
  }

  boolean hasLookedAhead() {
    return lookedAhead != null;
  }

  SourceEvent takeLookedAhead() {
    SourceEvent event = Objects.requireNonNull(lookedAhead);
    lookedAhead = null;
    positionOf(event).ifPresent(position -> progress.take(position.endLsn()));
    return event;
  }

  @Override
  public Optional<SourceEvent> poll(Duration timeout) throws InterruptedException {
    acknowledgeAutomatically();
    if (closed || lookedAhead == null) {
      Optional<SourceEvent> ready = ready();
      lookedAhead =
          (ready.isPresent() ? ready : queue.poll(timeout)).map(this::received).orElse(null);
    }
    return lookedAhead == null ? Optional.empty() : Optional.of(takeLookedAhead());
  }

  private void acknowledgeAutomatically() {
    taker.note();
    if (!isManual()) {
      progress.acknowledgeTaken();
      hub.acknowledgementAdvanced();
    }
  }

  private static Optional<PostgresPosition> positionOf(SourceEvent event) {
    if (event instanceof CommittedTransaction transaction) {
      return Optional.of(transaction.position());
    }
    if (event instanceof DeliveredProgress passed) {
      return Optional.of(passed.position());
    }
    if (event instanceof DeliveredBootstrap.Completed completed) {
      return Optional.of(completed.position());
    }
    return event instanceof DeliveredLag lag ? Optional.of(lag.position()) : Optional.empty();
  }

  @Override
  public void acknowledge(SourcePosition position) {
    if (!(position instanceof PostgresPosition mine)
        || mine.ordinal() != PostgresPosition.WHOLE
        || !hub.isOfThisSystem(mine)) {
      throw new IllegalArgumentException("not a position of this subscription: " + position);
    }
    progress.acknowledge(mine.endLsn());
    hub.acknowledgementAdvanced();
  }

  /** Who is to be told when the subscription has ended, however; is told at once when it has. */
  public void onEnd(Runnable listener) {
    endListener = listener;
    if (queue.hasEnded()) {
      listener.run();
    }
  }

  @Override
  public void close() {
    closed = true;
    hub.remove(this); // first, or what is offered meanwhile would seem to be done
    queue.discard(() -> new SubscriptionEndedException("the subscription was closed"));
    release();
  }

  /** It takes no more events; those in the queue can be taken. */
  void end(Supplier<? extends RuntimeException> how) {
    queue.end(how);
    release();
  }

  private void release() {
    catchUp.discard();
    endListener.run();
  }

  /** Whether it takes no more events. */
  public boolean hasEnded() {
    return queue.hasEnded();
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public Iterator<SourceEvent> iterator() {
    return new EventIterator(this);
  }
}
