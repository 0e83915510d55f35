package io.drasi.source.postgres.internal.bootstrap;

import io.drasi.api.bootstrap.BootstrapProvider;
import io.drasi.source.postgres.internal.delivery.HubSubscription;
import io.drasi.source.postgres.internal.delivery.SubscriptionHub;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
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
  private final Condition completed = lock.newCondition();

  /** Who is not bootstrapped yet, with the run that does it, or did it when it was stopped. */
  private final Map<HubSubscription, Optional<BootstrapRun>> open = new LinkedHashMap<>();

  /** The runs whose provider is done, and which nothing ends any more. */
  private final Map<HubSubscription, BootstrapRun> completing = new HashMap<>();

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

  /**
   * Bootstraps subscribers once more, as changes are lost. Called by the replication thread while
   * nothing is handed over. All are told before the first bootstrap begins.
   *
   * @param reason what has happened, in words
   */
  public void repeat(List<HubSubscription> subscriptions, String reason) {
    lock.lock();
    try {
      for (HubSubscription subscription : subscriptions) {
        while (completing.containsKey(subscription)) { // it would complete what comes after it
          completed.awaitUninterruptibly();
        }
        Optional<BootstrapRun> before = open.getOrDefault(subscription, Optional.empty());
        before.ifPresent(BootstrapRun::cancel);
        subscription.resynchronize(reason);
        open.put(subscription, before);
      }
      if (running) {
        subscriptions.forEach(
            each -> begin(each, open.getOrDefault(each, Optional.empty()).orElse(null)));
      }
    } finally {
      lock.unlock();
    }
    subscriptions.forEach(each -> each.onEnd(() -> cancel(each)));
  }

  private void begin(HubSubscription subscription, @Nullable BootstrapRun before) {
    number++;
    String threadName = "%s-bootstrap-%d".formatted(sourceId, number);
    var run =
        new BootstrapRun(sourceId, hub, provider, subscription, before, new Ends(), threadName);
    open.put(subscription, Optional.of(run));
    run.start();
  }

  /** How runs end. */
  private final class Ends implements BootstrapRun.Ends {
    @Override
    public boolean claim(BootstrapRun run) {
      lock.lock();
      try {
        boolean claimed = !run.isCancelled() && open.remove(run.subscription(), Optional.of(run));
        if (claimed) {
          completing.put(run.subscription(), run);
        }
        return claimed;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void completed(BootstrapRun run) {
      lock.lock();
      try {
        completing.remove(run.subscription(), run);
        completed.signalAll();
      } finally {
        lock.unlock();
      }
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
