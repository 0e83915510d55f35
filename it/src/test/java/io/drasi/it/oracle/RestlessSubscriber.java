package io.drasi.it.oracle;

import io.drasi.api.source.ManagedSource;
import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.Subscription;
import io.drasi.postgres.decoder.position.PostgresPosition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A subscriber that comes, follows for some events, goes, and comes back, on a thread of its own;
 * after some visits it stays. It may be held then, in its bootstrap.
 *
 * <p>Thread-safe: its own monitor guards the memory and the history.
 */
final class RestlessSubscriber implements AutoCloseable {
  private static final int LONGEST_VISIT_EVENTS = 300;
  private static final int LONGEST_ABSENCE_MILLIS = 300;
  private static final int LONGEST_PAUSE_MILLIS = 100;
  private static final Duration PATIENCE = Duration.ofMillis(20);

  private final ManagedSource source;
  private final Memory memory;
  private final Random random;
  private final @Nullable Hold hold;
  private final Thread thread = new Thread(this::run, "subscriber");
  private final List<String> history = new ArrayList<>();
  private int visits;
  private volatile boolean staying;
  private volatile boolean ending;
  private volatile @Nullable Throwable failure;

  private RestlessSubscriber(
      ManagedSource source, Memory memory, Random random, @Nullable Hold hold) {
    this.source = source;
    this.memory = memory;
    this.random = random;
    this.hold = hold;
    this.visits = 2 + random.nextInt(4);
  }

  /** Starts a subscriber. */
  static RestlessSubscriber start(
      ManagedSource source, Memory memory, Random random, @Nullable Hold hold) {
    var subscriber = new RestlessSubscriber(source, memory, random, hold);
    subscriber.thread.setDaemon(true);
    subscriber.thread.start();
    return subscriber;
  }

  /**
   * Whether it does not go away any more, and is not held; throws what has gone wrong, if anything
   * has.
   */
  boolean isStaying() {
    Throwable failed = failure;
    if (failed != null) {
      throw new AssertionError("%s; %s".formatted(failed.getMessage(), this), failed);
    }
    return staying && (hold == null || hold.isOver());
  }

  /** Whether it stays and has everything. */
  synchronized boolean has(OracleTables.End end) {
    return isStaying() && end.isIn(memory.copy());
  }

  /** What it has now. */
  synchronized PositionedCopy copy() {
    return memory.copy().again();
  }

  /** How it came and went. */
  @Override
  public synchronized String toString() {
    return "%s, now %s".formatted(String.join(", ", history), where());
  }

  private void run() {
    try {
      for (; visits > 0; visits--) {
        visit(oneIn(4) ? random.nextInt(3) : random.nextInt(LONGEST_VISIT_EVENTS));
        TimeUnit.MILLISECONDS.sleep(random.nextInt(LONGEST_ABSENCE_MILLIS));
      }
      staying = true;
      visit(Integer.MAX_VALUE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Throwable e) {
      failure = e;
    }
  }

  private boolean oneIn(int cases) {
    return random.nextInt(cases) == 0;
  }

  /**
   * @param length how many events it waits for
   */
  private void visit(int length) throws Exception {
    try (Subscription subscription = come()) {
      int events = 0;
      while (events < length && !ending) {
        Optional<SourceEvent> event = subscription.poll(PATIENCE);
        if (event.isPresent()) {
          take(event.get(), subscription);
          events++;
        }
      }
    }
    leave();
  }

  private synchronized Subscription come() {
    history.add("came " + where());
    Subscription subscription = memory.come(source);
    history.add("as " + subscription.subscriberId());
    return subscription;
  }

  private String where() {
    return memory.copy().position() instanceof PostgresPosition position
        ? "at " + position.endLsn()
        : "at the start";
  }

  private void take(SourceEvent event, Subscription subscription) throws Exception {
    synchronized (this) {
      memory.take(event, subscription);
    }
    if (staying && hold != null && event instanceof SourceEvent.BootstrapBatch) {
      hold.hold();
    }
    if (!staying && oneIn(200)) { // it holds the stream back
      TimeUnit.MILLISECONDS.sleep(random.nextInt(LONGEST_PAUSE_MILLIS));
    }
  }

  private synchronized void leave() {
    history.add("left " + where());
    memory.leave();
  }

  @Override
  public void close() {
    ending = true;
    thread.interrupt();
  }
}
