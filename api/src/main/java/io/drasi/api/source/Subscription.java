package io.drasi.api.source;

import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A subscriber's end of the stream. The subscriber pulls, on its own thread; not pulling is
 * back-pressure.
 *
 * <p>{@link #take}, {@link #poll} and the iterator are for one thread at a time; {@link
 * #acknowledge} and {@link #close} may be called from any.
 *
 * <p>A subscription survives stop, start and reconnects of its source. It ends by {@link #close},
 * or with its source.
 */
@ProviderType
public interface Subscription extends AutoCloseable, Iterable<SourceEvent> {

  /** The subscriber's id. */
  String subscriberId();

  /**
   * The next event; waits for it. With {@link Acknowledgement#AUTO}, the call acknowledges all
   * events returned before it.
   *
   * @throws SourceException while the source has failed and nothing is queued; the subscription
   *     goes on when the source is started again
   * @throws SubscriptionEndedException when the subscription has ended and nothing is queued
   */
  SourceEvent take() throws InterruptedException;

  /**
   * The next event, if it comes in time. Otherwise as {@link #take}.
   *
   * @param timeout how long to wait; zero or less does not wait
   */
  Optional<SourceEvent> poll(Duration timeout) throws InterruptedException;

  /**
   * The events as {@link #take} returns them, until the subscription is closed. There is one stream
   * of events: two iterators share it. An interrupt ends the iteration by {@link
   * java.util.concurrent.CancellationException} with the thread's interrupt flag set.
   */
  @Override
  Iterator<SourceEvent> iterator();

  /**
   * The events, pushed as the specification of Reactive Streams says, for one subscriber. Once it
   * was asked for, {@link #take}, {@link #poll} and the iterator refuse.
   *
   * <p>The subscriber is called on the executor, one call after the other, for as many events as it
   * has requested; none of the executor's threads waits for an event. The subscriber acknowledges
   * what is done by {@link #acknowledge}. Its {@code cancel} closes the subscription, and so does
   * an exception that it throws. {@code onComplete} says that the subscription was closed; {@code
   * onError} gives it what {@link #take} would throw, and the subscription is closed, too.
   *
   * @param executor calls the subscriber; one of its threads is in use while there are events to be
   *     had
   * @throws IllegalStateException when the acknowledgement is not {@link Acknowledgement#MANUAL},
   *     or the subscription has its publisher already
   */
  Flow.Publisher<SourceEvent> publisher(Executor executor);

  /**
   * Declares everything up to and including {@code position} durable, which lets the database
   * forget it. Cumulative and idempotent; a position older than an earlier one is ignored.
   *
   * @param position a position taken from this subscription
   * @throws IllegalArgumentException when the position lies beyond what was taken, or comes from
   *     elsewhere
   */
  void acknowledge(SourcePosition position);

  /**
   * Ends the subscription. Acknowledges nothing. The stream of other subscribers goes on. With
   * {@link Acknowledgement#MANUAL}, the source keeps what was not acknowledged for the subscriber's
   * return, until it is {@linkplain ManagedSource#forget forgotten}.
   */
  @Override
  void close();
}
