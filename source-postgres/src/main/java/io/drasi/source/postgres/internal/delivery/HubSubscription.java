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
import io.drasi.source.postgres.internal.spill.SpillLimitException;
import io.drasi.source.postgres.internal.transaction.ReceivedTransaction;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
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
  private final OpenTransactions open;
  private final Taker taker = new Taker();
  private volatile Runnable endListener = () -> {};
  private final Inlet inlet;
  private final Outlet outlet;
  private final AtomicReference<@Nullable EventPublisher> publisher = new AtomicReference<>();

  HubSubscription(
      SubscriptionHub hub, SubscriptionRequest request, DeliverySettings settings, Lsn start) {
    this.hub = hub;
    this.request = request;
    this.filter = new LabelFilter(request);
    this.queue = new EventQueue(settings.capacity(), hub::queueBytes, settings.mode(), hub.clock());
    this.catchUp = new CatchUp(settings.space(), settings.mode(), hub.clock());
    this.progress = new SubscriberProgress(start);
    this.inlet = new Inlet(queue, catchUp, filter, progress, e -> fail("kept", e));
    this.open = new OpenTransactions(hub.clock(), this::failReading);
    this.outlet = new Outlet(queue, catchUp, filter, progress, open, e -> fail("read", e));
    if (isBootstrapWanted()) {
      awaitBootstrap();
    }
  }

  private void awaitBootstrap() {
    progress.beginBootstrap();
    catchUp.begin();
  }

  /**
   * Changes are lost, and it is to be bootstrapped again. Called when no bootstrap of it is going
   * on.
   */
  public void resynchronize(String reason) {
    catchUp.reset();
    awaitBootstrap();
    queue.clear();
    queue.addLatest(new DeliveredResynchronization(reason));
  }

  /** Who subscribed, and to what. */
  public SubscriptionRequest request() {
    return request;
  }

  String sourceId() {
    return hub.settings().sourceId();
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

  /**
   * What loads the elements that exist already.
   *
   * @param held is told now and then, while the subscriber does not make room, who it is and for
   *     how long
   */
  public BootstrapFeed bootstrap(BiConsumer<String, Duration> held) {
    return new BootstrapFeed(hub, this, queue, filter, catchUp, progress, held);
  }

  /** For how long there was something to take and nothing was taken; zero when there is nothing. */
  Duration idle() {
    Instant now = hub.clock().instant();
    Instant since = queue.readySince().or(catchUp::readySince).orElse(now);
    Instant active = open.lastRead().filter(since::isBefore).orElse(since);
    return Duration.between(active, now);
  }

  /** Who has to act when it does not go on. */
  String describe() {
    EventPublisher publishing = publisher.get();
    String what = publishing == null ? taker.describe() : publishing.describe();
    return "the subscriber " + subscriberId() + what;
  }

  /**
   * Offers a transaction; waits while the subscriber holds the stream back. Called by the
   * replication thread.
   *
   * @param patience how long to wait
   * @return false when there was no room in time: it is to be offered again
   */
  boolean offer(ReceivedTransaction transaction, Duration patience) throws InterruptedException {
    return inlet.offer(transaction, isManual(), patience);
  }

  /** Nothing for this subscriber up to here. Called by the replication thread. */
  void offerProgress(PostgresPosition position) {
    inlet.offerProgress(position, isManual());
  }

  /** Whether it keeps what comes; who has ceased to never does again. */
  boolean isCatchingUp() {
    return catchUp.isKeeping();
  }

  /** Ends it if its space on disk was needed by others. */
  void endWithoutSpace() {
    catchUp.whyLost().ifPresent(why -> fail("kept", why));
  }

  private void fail(String what, Throwable cause) {
    String message =
        "what came during the bootstrap of %s cannot be %s: %s"
            .formatted(
                subscriberId(),
                what,
                cause instanceof SpillLimitException
                    ? cause.getMessage()
                    : "%s; check spill_dir".formatted(cause));
    hub.fail(this, () -> new SourceException(message, cause));
  }

  /** What comes behind it must not be taken in its place. */
  private void failReading(IOException cause) {
    Supplier<SourceException> how =
        () ->
            new SourceException(
                "the changes of a transaction that %s had in hand cannot be read: %s; check spill_dir"
                    .formatted(subscriberId(), cause),
                cause);
    queue.discard(how);
    hub.fail(this, how);
  }

  @Override
  public SourceEvent take() throws InterruptedException {
    lookAhead();
    return takeLookedAhead();
  }

  /** Waits for the next event without taking it. */
  void lookAhead() throws InterruptedException {
    beginTaking();
    outlet.lookAhead();
  }

  boolean hasLookedAhead() {
    return outlet.hasLookedAhead();
  }

  SourceEvent takeLookedAhead() {
    return outlet.take();
  }

  @Override
  public Optional<SourceEvent> poll(Duration timeout) throws InterruptedException {
    beginTaking();
    return outlet.lookAhead(timeout) ? Optional.of(takeLookedAhead()) : Optional.empty();
  }

  private void beginTaking() {
    if (publisher.get() != null) {
      throw new IllegalStateException(
          "the events of %s go to its publisher".formatted(subscriberId()));
    }
    taker.note();
    if (!isManual()) {
      progress.acknowledgeTaken();
      open.acknowledged(progress.acknowledged());
      hub.acknowledgementAdvanced();
    }
  }

  @Override
  public Flow.Publisher<SourceEvent> publisher(Executor executor) {
    if (!isManual()) {
      throw new IllegalStateException(
          "the publisher of %s needs the acknowledgement MANUAL: its subscriber says what is done"
              .formatted(subscriberId()));
    }
    var candidate = new EventPublisher(this, executor);
    if (!publisher.compareAndSet(null, candidate)) {
      throw new IllegalStateException("%s has its publisher already".formatted(subscriberId()));
    }
    return candidate;
  }

  /**
   * Looks for the next event of the publisher without waiting.
   *
   * @return false when there is none
   */
  boolean lookAheadNow() {
    return outlet.lookAheadNow();
  }

  /** Who is told when there may be something to take; with locks held, so it must not wait. */
  void onEvent(Runnable listener) {
    queue.setListener(listener);
  }

  @Override
  public void acknowledge(SourcePosition position) {
    if (!(position instanceof PostgresPosition mine)
        || mine.ordinal() != PostgresPosition.WHOLE
        || !isOfThisSystem(mine)) {
      throw new IllegalArgumentException("not a position of this subscription: " + position);
    }
    boolean wasOpen = progress.isBootstrapOpen();
    progress.acknowledge(mine.endLsn());
    if (wasOpen && !progress.isBootstrapOpen()) {
      hub.setCurrent(this);
    }
    open.acknowledged(mine.endLsn());
    hub.acknowledgementAdvanced();
  }

  /**
   * Before the stream has begun it is known to whom resumes only; when a stream is lost, what was
   * taken of it may still be acknowledged.
   */
  private boolean isOfThisSystem(PostgresPosition position) {
    Optional<PostgresPosition> known =
        hub.position().or(() -> request.resumeFrom().map(PostgresPosition.class::cast));
    return known.isPresent()
        ? known.get().systemId() == position.systemId()
        : progress.hasTaken(position.endLsn());
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
    outlet.close();
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
    open.close();
    catchUp.discard();
    endListener.run();
  }

  /** Whether it takes no more events. */
  public boolean hasEnded() {
    return queue.hasEnded();
  }

  boolean isClosed() {
    return outlet.isClosed();
  }

  @Override
  public Iterator<SourceEvent> iterator() {
    return new EventIterator(this);
  }
}
