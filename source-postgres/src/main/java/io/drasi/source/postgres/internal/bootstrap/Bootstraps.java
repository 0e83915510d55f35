package io.drasi.source.postgres.internal.bootstrap;

import io.drasi.api.bootstrap.BootstrapProvider;
import io.drasi.source.postgres.internal.delivery.HubSubscription;
import io.drasi.source.postgres.internal.delivery.SubscriptionHub;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bootstraps subscribers while the source runs, each on a thread of its own, named {@code
 * <id>-bootstrap-<n>}. What is not complete when the source stops begins anew when it starts.
 *
 * <p>Thread-safe: guarded by {@code lock}; never held while a run is waited for.
 */
public final class Bootstraps {
  private static final Logger log = LoggerFactory.getLogger(Bootstraps.class);

  private final String sourceId;
  private final SubscriptionHub hub;
  private final BootstrapProvider provider;

  private final ReentrantLock lock = new ReentrantLock();

  /** Who is not bootstrapped yet, with the run that does it, or did it when it was stopped. */
  private final Map<HubSubscription, Optional<BootstrapRun>> open = new LinkedHashMap<>();

  private boolean running;
  private int number;

  /** Nobody is to be bootstrapped yet. */
  public Bootstraps(String sourceId, SubscriptionHub hub, BootstrapProvider provider) {
    this.sourceId = sourceId;
    this.hub = hub;
    this.provider = provider;
  }

  /** Bootstraps a subscriber, now or when the source is started. */
  public void add(HubSubscription subscription) {
    lock.lock();
    try {
      open.put(subscription, Optional.empty());
      if (running) {
        begin(subscription, null);
      }
    } finally {
      lock.unlock();
    }
    subscription.onEnd(() -> cancel(subscription));
  }

  private void begin(HubSubscription subscription, @Nullable BootstrapRun before) {
    number++;
    String threadName = "%s-bootstrap-%d".formatted(sourceId, number);
    var run =
        new BootstrapRun(sourceId, hub, provider, subscription, before, this::claim, threadName);
    open.put(subscription, Optional.of(run));
    run.start();
  }

  /** Its provider is done: says whether it is not too late, and then nothing ends it any more. */
  private boolean claim(BootstrapRun run) {
    lock.lock();
    try {
      return !run.isCancelled() && open.remove(run.subscription(), Optional.of(run));
    } finally {
      lock.unlock();
    }
  }

  private void cancel(HubSubscription subscription) {
    lock.lock();
    try {
      Optional<BootstrapRun> run = open.remove(subscription);
      if (run != null) {
        run.ifPresent(BootstrapRun::cancel);
      }
    } finally {
      lock.unlock();
    }
  }

  /** The source runs. */
  public void start() {
    lock.lock();
    try {
      if (!running) { // a source that has failed keeps its bootstraps, and is started once more
        running = true;
        List.copyOf(open.entrySet())
            .forEach(entry -> begin(entry.getKey(), entry.getValue().orElse(null)));
      }
    } finally {
      lock.unlock();
    }
  }

  /** The source stops: ends all runs. Never waits. */
  public void stop() {
    lock.lock();
    try {
      running = false;
      open.values().forEach(run -> run.ifPresent(BootstrapRun::cancel));
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the runs that were ended. */
  public void awaitStopped(Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    for (BootstrapRun run : runs()) {
      if (!run.join(Duration.ofNanos(end - System.nanoTime()))) {
        log.warn(
            "{}: the bootstrap of {} has not ended in time",
            sourceId,
            run.subscription().subscriberId());
      }
    }
  }

  private List<BootstrapRun> runs() {
    lock.lock();
    try {
      return open.values().stream().flatMap(Optional::stream).toList();
    } finally {
      lock.unlock();
    }
  }

  /** What a bootstrap waits for before it can begin, in words; empty when none waits. */
  public Optional<String> waitingFor() {
    return runs().stream().flatMap(run -> run.waitingFor().stream()).findFirst();
  }
}
