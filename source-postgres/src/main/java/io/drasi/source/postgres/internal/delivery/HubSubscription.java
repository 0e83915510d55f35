package io.drasi.source.postgres.internal.delivery;

import io.drasi.api.source.Acknowledgement;
import io.drasi.api.source.DispatchMode;
import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.SourcePosition;
import io.drasi.api.source.Subscription;
import io.drasi.api.source.SubscriptionEndedException;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.postgres.decoder.position.PostgresPosition;
import io.drasi.postgres.protocol.message.Lsn;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** A subscriber's end of the stream. The threads are as {@link Subscription} says. */
final class HubSubscription implements Subscription {
  private static final String CLOSED = "the subscription was closed";

  private final SubscriptionHub hub;
  private final SubscriptionRequest request;
  private final LabelFilter filter;
  private final EventQueue queue;
  private final SubscriberProgress progress;
  private volatile boolean closed;

  /** What an iterator has looked ahead to; not returned yet. Confined to the subscriber. */
  private @Nullable SourceEvent lookedAhead;

  HubSubscription(
      SubscriptionHub hub,
      SubscriptionRequest request,
      int capacity,
      DispatchMode mode,
      Lsn start) {
    this.hub = hub;
    this.request = request;
    this.filter = new LabelFilter(request);
    this.queue = new EventQueue(capacity, mode);
    this.progress = new SubscriberProgress(start);
  }

  @Override
  public String subscriberId() {
    return request.subscriberId();
  }

  boolean isManual() {
    return request.acknowledgement() == Acknowledgement.MANUAL;
  }

  EventQueue queue() {
    return queue;
  }

  SubscriberProgress progress() {
    return progress;
  }

  /**
   * Offers a transaction; waits while the subscriber holds the stream back. Called by the
   * replication thread. Offered twice, after a reconnect, it is queued once.
   */
  void offer(DeliveredTransaction transaction) throws InterruptedException {
    Lsn end = transaction.position().endLsn();
    if (!end.isAfter(progress.offered())) {
      return;
    }
    DeliveredTransaction wanted = filter.apply(transaction);
    if (wanted.changes().isEmpty()) {
      offerProgress(transaction.position());
    } else {
      switch (queue.add(wanted)) {
        case QUEUED -> progress.queue(end);
        case LEFT_OUT -> progress.passOver(end);
        case ENDED -> {} // not seen: its place stays where it is
      }
    }
  }

  /** Nothing for this subscriber up to here. Called by the replication thread. */
  void offerProgress(PostgresPosition position) {
    if (!position.endLsn().isAfter(progress.offered())) {
      return;
    }
    if (isManual()) {
      queue.add(new DeliveredProgress(position));
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

  private void lookAhead() throws InterruptedException {
    acknowledgeAutomatically();
    if (closed || lookedAhead == null) {
      lookedAhead = queue.take();
    }
  }

  private SourceEvent takeLookedAhead() {
    SourceEvent event = Objects.requireNonNull(lookedAhead);
    lookedAhead = null;
    progress.take(positionOf(event).endLsn());
    return event;
  }

  @Override
  public Optional<SourceEvent> poll(Duration timeout) throws InterruptedException {
    acknowledgeAutomatically();
    if (closed || lookedAhead == null) {
      lookedAhead = queue.poll(timeout).orElse(null);
    }
    return lookedAhead == null ? Optional.empty() : Optional.of(takeLookedAhead());
  }

  private void acknowledgeAutomatically() {
    if (!isManual()) {
      progress.acknowledgeTaken();
      hub.acknowledgementAdvanced();
    }
  }

  private static PostgresPosition positionOf(SourceEvent event) {
    if (event instanceof DeliveredTransaction transaction) {
      return transaction.position();
    }
    if (event instanceof DeliveredProgress passed) {
      return passed.position();
    }
    return ((DeliveredLag) event).position();
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

  @Override
  public void close() {
    closed = true;
    hub.remove(this); // first, or what is offered meanwhile would seem to be done
    queue.discard(CLOSED);
  }

  @Override
  public Iterator<SourceEvent> iterator() {
    return new Events();
  }

  /** Has no state of its own: what one iterator has looked ahead to, whoever asks next gets. */
  private final class Events implements Iterator<SourceEvent> {
    @Override
    public boolean hasNext() {
      try {
        lookAhead();
        return true;
      } catch (SubscriptionEndedException e) {
        if (closed) {
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
      if (lookedAhead == null && !hasNext()) {
        throw new NoSuchElementException(CLOSED);
      }
      return takeLookedAhead();
    }
  }
}
