package io.drasi.it.faults;

import io.drasi.api.bootstrap.BootstrapException;
import io.drasi.api.source.Acknowledgement;
import io.drasi.api.source.ManagedSource;
import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.SourceException;
import io.drasi.api.source.SourcePosition;
import io.drasi.api.source.Subscription;
import io.drasi.api.source.SubscriptionEndedException;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.it.support.TestDatabase;
import io.drasi.it.support.Threads;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A subscriber on a thread of its own that keeps a copy with its position, and acknowledges by hand
 * now and then. When told to it goes and comes back by its position; when its bootstrap fails it
 * begins anew.
 *
 * <p>Thread-safe: guarded by its own monitor.
 */
final class FaultFollower implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMillis(20);
  private static final int EVENTS_BETWEEN_ACKNOWLEDGEMENTS = 7;

  private final ManagedSource source;
  private final String id;
  private final Thread thread;
  private FaultCopy copy = new FaultCopy();
  private Subscription subscription;
  private int events;
  private int failedBootstraps;
  private volatile boolean returning;
  private volatile boolean halted;
  private volatile boolean ending;
  private volatile @Nullable Throwable failure;

  private FaultFollower(ManagedSource source, String id) {
    this.source = source;
    this.id = id;
    this.subscription = subscribe();
    this.thread = new Thread(this::run, "follower-" + id);
    thread.setDaemon(true);
  }

  /** Subscribes with a bootstrap, and follows. */
  static FaultFollower start(ManagedSource source, String id) {
    var follower = new FaultFollower(source, id);
    follower.thread.start();
    return follower;
  }

  private Subscription subscribe() {
    var request =
        SubscriptionRequest.builder(id)
            .withAcknowledgement(Acknowledgement.MANUAL)
            .withBootstrap(true);
    Optional<SourcePosition> position = copy.position();
    if (position.isPresent()) {
      request.withResumeFrom(position.get());
    }
    return source.subscribe(request.build());
  }

  /** Goes, and comes back by its position. */
  void comeBack() {
    returning = true;
  }

  /** Takes nothing from now on. */
  void halt() {
    halted = true;
  }

  /** Takes again. */
  void goOn() {
    halted = false;
  }

  private void run() {
    try {
      while (!ending) {
        if (halted) {
          Thread.sleep(PATIENCE.toMillis());
        } else {
          follow();
        }
      }
      subscription.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Throwable e) {
      failure = e;
    }
  }

  private void follow() throws InterruptedException {
    try {
      if (returning) {
        returning = false;
        comeAgain();
      }
      Optional<SourceEvent> event = subscription.poll(PATIENCE);
      event.ifPresent(this::take);
    } catch (BootstrapException e) {
      beginAnew();
    } catch (SubscriptionEndedException e) {
      throw e;
    } catch (SourceException e) {
      Thread.sleep(PATIENCE.toMillis()); // the source has failed, and will be started again
    }
  }

  private synchronized void comeAgain() {
    subscription.close();
    if (copy.position().isEmpty()) {
      copy = new FaultCopy();
    }
    subscription = subscribe();
  }

  private synchronized void beginAnew() {
    failedBootstraps++;
    subscription.close();
    source.forget(id);
    copy = new FaultCopy();
    subscription = subscribe();
  }

  private synchronized void take(SourceEvent event) {
    copy.apply(event);
    events++;
    Optional<SourcePosition> position = copy.position();
    boolean due = events % EVENTS_BETWEEN_ACKNOWLEDGEMENTS == 0;
    if (position.isPresent() && (due || event instanceof SourceEvent.Progress)) {
      subscription.acknowledge(position.get());
    }
  }

  /**
   * Whether an element has come to it, and its bootstrap is complete; throws what has gone wrong,
   * if anything has.
   */
  synchronized boolean has(String element) {
    Throwable failed = failure;
    if (failed != null) {
      throw new AssertionError("the subscriber %s failed: %s".formatted(id, failed), failed);
    }
    return copy.position().isPresent() && copy.has(element);
  }

  /** How its copy differs from the tables. */
  synchronized List<String> mistakes(TestDatabase database) throws SQLException {
    return copy.mistakes(database);
  }

  /** How many transactions it has had. */
  synchronized long transactions() {
    return copy.transactions();
  }

  /** How many came twice. */
  synchronized int doubled() {
    return copy.doubled();
  }

  /** How often its bootstrap has failed. */
  synchronized int failedBootstraps() {
    return failedBootstraps;
  }

  @Override
  public String toString() {
    return id;
  }

  /** Goes for good. */
  @Override
  public void close() {
    ending = true;
    Threads.join(thread);
    source.forget(id);
  }
}
