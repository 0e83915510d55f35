package io.drasi.source.postgres.internal.delivery;

import io.drasi.api.bootstrap.BootstrapException;
import io.drasi.api.bootstrap.BootstrapResult;
import io.drasi.api.bootstrap.BootstrapSink;
import io.drasi.api.change.SourceChange;
import io.drasi.api.source.SourcePosition;
import io.drasi.postgres.decoder.position.PostgresPosition;
import io.drasi.postgres.protocol.message.Lsn;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;

/**
 * Takes what a provider loads to one subscriber, and joins it with the stream: the subscriber gets
 * the elements, then exactly the transactions that are not in them.
 *
 * <p>Confined to the bootstrap's thread.
 */
public final class BootstrapFeed implements BootstrapSink {
  private final SubscriptionHub hub;
  private final HubSubscription subscription;
  private final EventQueue queue;
  private final LabelFilter filter;
  private final CatchUp catchUp;
  private final SubscriberProgress progress;
  private final BiConsumer<String, Duration> held;
  private final int bootstrap;
  private long startNanos = System.nanoTime();
  private long loaded;
  private OptionalLong estimatedTotal = OptionalLong.empty();

  /**
   * A feed.
   *
   * @param held is told now and then, while the subscriber does not make room, who it is and for
   *     how long
   */
  BootstrapFeed(
      SubscriptionHub hub,
      HubSubscription subscription,
      EventQueue queue,
      LabelFilter filter,
      CatchUp catchUp,
      SubscriberProgress progress,
      BiConsumer<String, Duration> held) {
    this.hub = hub;
    this.subscription = subscription;
    this.queue = queue;
    this.filter = filter;
    this.catchUp = catchUp;
    this.bootstrap = catchUp.bootstrap();
    this.progress = progress;
    this.held = held;
  }

  /** It begins, perhaps once more: then what is still queued of the last attempt is void. */
  public void begin() {
    queue.clear();
    queue.addLatest(new DeliveredBootstrap.Started());
    startNanos = System.nanoTime();
  }

  @Override
  public void accept(List<SourceChange.Insert> elements) throws InterruptedException {
    var batch = new DeliveredBootstrap.Batch(filter.wanted(elements));
    if (batch.changes().isEmpty()) {
      return;
    }
    if (add(batch) == EventQueue.Added.ENDED) {
      throw new InterruptedException("the subscription has ended");
    }
    loaded += batch.changes().size();
  }

  private EventQueue.Added add(DeliveredBootstrap.Batch batch) throws InterruptedException {
    EventQueue.Added added = queue.add(batch, hub.settings().patience());
    while (added == EventQueue.Added.NO_ROOM) {
      watch();
      added = queue.add(batch, hub.settings().patience());
    }
    return added;
  }

  private void watch() {
    Duration idle = subscription.idle();
    if (hub.settings().isTooLong(idle)) {
      hub.expire(subscription, "has not taken its bootstrap", idle);
    } else {
      held.accept(subscription.describe(), idle);
    }
  }

  @Override
  public void position(SourcePosition position) {
    PostgresPosition place = placeOf(Optional.of(position));
    hub.requireOfThisLog(place);
    catchUp.leaveOut(place.endLsn());
  }

  @Override
  public void progress(long count, OptionalLong newEstimatedTotal) {
    estimatedTotal = newEstimatedTotal;
    tell(Optional.empty());
  }

  @Override
  public void waitingFor(String what) {
    tell(Optional.of(what));
  }

  private void tell(Optional<String> what) {
    Duration elapsed = Duration.ofNanos(System.nanoTime() - startNanos);
    queue.addLatest(new DeliveredBootstrap.Progress(loaded, estimatedTotal, elapsed, what));
  }

  /** It is complete; the stream goes on behind it. */
  public void complete(BootstrapResult result) {
    PostgresPosition position = placeOf(result.position());
    hub.requireOfThisLog(position);
    progress.completeBootstrap(position.endLsn());
    queue.addLatest(new DeliveredBootstrap.Completed(loaded, position, bootstrap));
    hub.acknowledgementAdvanced();
  }

  /** What has no position of its own belongs before everything that came since the subscription. */
  private PostgresPosition placeOf(Optional<SourcePosition> told) {
    PostgresPosition stream = hub.position().orElseThrow();
    Lsn start = Lsn.max(progress.acknowledged(), catchUp.leftOut());
    SourcePosition position = told.orElse(at(stream, start));
    if (!(position instanceof PostgresPosition place)
        || place.ordinal() != PostgresPosition.WHOLE // could not be acknowledged
        || place.systemId() != stream.systemId()
        || start.isAfter(place.endLsn())) {
      throw new BootstrapException(
          "the bootstrap says that its elements belong to %s, but the subscriber's changes begin at %s"
              .formatted(position, at(stream, start)),
          null);
    }
    return place;
  }

  private static PostgresPosition at(PostgresPosition stream, Lsn lsn) {
    return PostgresPosition.after(stream.systemId(), stream.timeline(), lsn);
  }

  /** It has failed: the subscriber gets the error, and the subscription has ended. */
  public void fail(BootstrapException failure) {
    hub.fail(
        subscription, () -> new BootstrapException(String.valueOf(failure.getMessage()), failure));
  }
}
