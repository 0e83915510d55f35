package io.drasi.it.support;

import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.Subscription;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A subscriber on a thread of its own that keeps a copy, and notes what comes twice. */
public final class Follower implements AutoCloseable {
  private final Subscription subscription;
  private final SubscriberCopy copy = new SubscriberCopy();
  private final Set<String> positions = new HashSet<>();
  private final Thread thread = new Thread(this::follow, "follower");
  private int doubled;
  private volatile boolean ending;
  private volatile @Nullable RuntimeException failure;

  private Follower(Subscription subscription) {
    this.subscription = subscription;
  }

  /** Starts to follow. */
  public static Follower start(Subscription subscription) {
    var follower = new Follower(subscription);
    follower.thread.start();
    return follower;
  }

  private void follow() {
    try {
      while (!ending) {
        Optional<SourceEvent> event = subscription.poll(Duration.ofMillis(100));
        event.ifPresent(this::take);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  private synchronized void take(SourceEvent event) {
    if (event instanceof SourceEvent.Transaction transaction
        && !positions.add(transaction.position().toString())) {
      doubled++;
    }
    copy.apply(event);
  }

  /** How many transactions came more than once. */
  public synchronized int doubled() {
    return doubled;
  }

  /** Looks at the copy while it does not change. */
  public synchronized <T> T look(java.util.function.Function<SubscriberCopy, T> look) {
    RuntimeException failed = failure;
    if (failed != null) {
      throw failed;
    }
    return look.apply(copy);
  }

  @Override
  public void close() {
    ending = true;
    Threads.join(thread);
  }
}
