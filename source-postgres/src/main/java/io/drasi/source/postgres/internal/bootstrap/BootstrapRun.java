package io.drasi.source.postgres.internal.bootstrap;

import io.drasi.api.bootstrap.BootstrapException;
import io.drasi.api.bootstrap.BootstrapProvider;
import io.drasi.api.bootstrap.BootstrapRequest;
import io.drasi.api.bootstrap.BootstrapResult;
import io.drasi.api.bootstrap.BootstrapSink;
import io.drasi.api.change.SourceChange;
import io.drasi.api.source.SourcePosition;
import io.drasi.source.postgres.internal.delivery.BootstrapFeed;
import io.drasi.source.postgres.internal.delivery.HubSubscription;
import io.drasi.source.postgres.internal.delivery.SubscriptionHub;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt to bootstrap one subscriber, on a thread of its own. Once cancelled, it hands nothing
 * over any more, whatever its provider still does.
 *
 * <p>Thread-safe: {@link #cancel}, {@link #join} and {@link #waitingFor} may be called from any
 * thread, the rest is confined to the run's own.
 */
final class BootstrapRun implements Runnable, BootstrapSink {
  private static final Logger log = LoggerFactory.getLogger(BootstrapRun.class);

  private final String sourceId;
  private final SubscriptionHub hub;
  private final BootstrapProvider provider;
  private final HubSubscription subscription;
  private final BootstrapFeed feed;
  private final Ends ends;
  private final @Nullable BootstrapRun before;
  private final Thread thread;
  private volatile boolean cancelled;
  private volatile boolean finished;
  private volatile @Nullable String waitingFor = "the stream";
  private boolean heldTold;

  /**
   * A run; {@link #start} lets it begin.
   *
   * @param before the attempt before this one, which was cancelled
   * @param ends how it ends
   */
  BootstrapRun(
      String sourceId,
      SubscriptionHub hub,
      BootstrapProvider provider,
      HubSubscription subscription,
      @Nullable BootstrapRun before,
      Ends ends,
      String threadName) {
    this.sourceId = sourceId;
    this.hub = hub;
    this.provider = provider;
    this.subscription = subscription;
    this.feed = subscription.bootstrap(this::stillHeld);
    this.before = before;
    this.ends = ends;
    this.thread = new Thread(this, threadName);
    thread.setDaemon(true);
  }

  /** How runs end. */
  interface Ends {

    /**
     * The provider is done: says whether that still counts. From then on the run is not cancelled
     * any more.
     */
    boolean claim(BootstrapRun run);

    /** What was claimed is complete, or has failed. */
    void completed(BootstrapRun run);
  }

  void start() {
    thread.start();
  }

  HubSubscription subscription() {
    return subscription;
  }

  /** Ends it; it may be done once more by another run. Never waits. */
  void cancel() {
    cancelled = true;
    thread.interrupt();
  }

  boolean isCancelled() {
    return cancelled;
  }

  /** Waits for its thread; false when that has not ended in time. */
  boolean join(Duration patience) throws InterruptedException {
    thread.join(Math.max(1, patience.toMillis()));
    return !thread.isAlive();
  }

  /** What it waits for before it can begin, in words. */
  Optional<String> waitingFor() {
    return Optional.ofNullable(waitingFor)
        .map(what -> "%s, for the bootstrap of %s".formatted(what, subscription.subscriberId()));
  }

  @Override
  public void run() {
    try {
      load();
    } catch (InterruptedException e) {
      if (!subscription.hasEnded()) {
        fail(new BootstrapException("the bootstrap was interrupted, and nobody wanted that", e));
      }
    } catch (BootstrapException e) {
      fail(e);
    } catch (RuntimeException | Error e) {
      String what = "the bootstrap of %s failed: %s".formatted(subscription.subscriberId(), e);
      fail(new BootstrapException(what, e));
    }
  }

  private void load() throws InterruptedException {
    if (before != null) {
      waitingFor = "the last attempt, which has not ended";
      before.thread.join();
      waitingFor = "the stream";
    }
    hub.awaitBegun();
    waitingFor = null;
    log.info("{}: bootstrapping {}", sourceId, subscription.subscriberId());
    feed.begin();
    BootstrapResult result =
        provider.bootstrap(
            BootstrapRequest.of(
                sourceId,
                subscription.subscriberId(),
                subscription.request().nodeLabels(),
                subscription.request().relationLabels()),
            this);
    finished = true;
    if (!ends.claim(this)) {
      throw new InterruptedException("the bootstrap was ended");
    }
    try {
      feed.complete(result);
    } finally {
      ends.completed(this);
    }
    log.info(
        "{}: bootstrapped {} with {} elements",
        sourceId,
        subscription.subscriberId(),
        result.count());
  }

  private void fail(BootstrapException failure) {
    boolean repeated = hub.position().isEmpty(); // as the stream is lost
    if (cancelled || repeated) { // which is the reason for many a failure, and then it is none
      log.debug("{}: the bootstrap was ended", sourceId, failure);
      return;
    }
    log.error(
        "{}: the bootstrap of {} failed: {}",
        sourceId,
        subscription.subscriberId(),
        failure.getMessage());
    feed.fail(failure);
  }

  @Override
  public void accept(List<SourceChange.Insert> batch) throws InterruptedException {
    if (cancelled || finished) {
      throw new InterruptedException("the bootstrap was ended");
    }
    waitingFor = null;
    feed.accept(batch);
    waitingFor = null;
    heldTold = false;
  }

  private void stillHeld(String subscriber, Duration since) {
    waitingFor = subscriber;
    if (!heldTold) {
      heldTold = true;
      log.warn(
          "{}: {} has not taken its bootstrap for {} s now, and its provider waits, with whatever that"
              + " holds in the database; let it take its events, or close its subscription",
          sourceId,
          subscriber,
          since.toSeconds());
    }
  }

  @Override
  public void position(SourcePosition position) {
    if (!cancelled && !finished) {
      feed.position(position);
    }
  }

  @Override
  public void progress(long count, OptionalLong estimatedTotal) {
    if (!cancelled && !finished) {
      waitingFor = null;
      feed.progress(count, estimatedTotal);
    }
  }

  @Override
  public void waitingFor(String what) {
    if (!cancelled && !finished) {
      waitingFor = what;
      feed.waitingFor(what);
    }
  }
}
