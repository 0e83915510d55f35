package io.drasi.sink.jsonl.internal.osgi;

import io.drasi.api.source.PositionUnavailableException;
import io.drasi.api.source.Source;
import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.SourcePosition;
import io.drasi.api.source.SourceState;
import io.drasi.api.source.Subscription;
import io.drasi.api.source.SubscriptionEndedException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the events of a source that comes and goes, on a thread of its own. It goes on with every
 * new one after what it has written, and acknowledges what it has written.
 *
 * <p>Thread-safe: guarded by {@code lock}, which is not held while the source is called. The output
 * and the position are confined to the thread.
 */
final class SourceFollower {
  private static final Logger log = LoggerFactory.getLogger(SourceFollower.class);

  /** So long it may take to write one event to its end, when there is no time to lose. */
  private static final long PATIENCE_MILLIS = 1000;

  private final SinkOptions options;
  private final Output output;
  private final Duration retryAfter;
  private final Thread thread;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Source> sources = new ArrayList<>();
  private @Nullable Source followed;
  private @Nullable Subscription subscription;
  private boolean stopped;

  /** Held while an event is written. Taken before {@code lock}, never inside it. */
  private final ReentrantLock writing = new ReentrantLock();

  /** Up to where everything was written. As bytes: an object would keep its bundle in memory. */
  private byte @Nullable [] position;

  private String lastFailure = "";

  /**
   * It follows nothing until it is started.
   *
   * @param retryAfter so long it waits when its source has failed
   */
  SourceFollower(SinkOptions options, Output output, Duration retryAfter) {
    this.options = options;
    this.output = output;
    this.retryAfter = retryAfter;
    this.thread =
        new Thread(this::run, "%s-jsonl-%s".formatted(options.sourceId(), options.subscriberId()));
    thread.setDaemon(true);
  }

  /** The source it follows. */
  String sourceId() {
    return options.sourceId();
  }

  void start() {
    thread.start();
  }

  /** A source is there. */
  void add(Source source) {
    lock.lock();
    try {
      sources.add(source);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** A source leaves: waits a moment for the event that is being written, and lets go of it. */
  void remove(Source source) {
    Subscription open;
    lock.lock();
    try {
      sources.remove(source);
      open = source.equals(followed) ? subscription : null;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    close(open);
  }

  /** Ends it, and waits for its thread. */
  void stop() {
    Subscription open;
    lock.lock();
    try {
      stopped = true;
      open = subscription;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    close(open);
    try {
      thread.join(PATIENCE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      log.warn("{}: writing to {} has not ended in time", options.sourceId(), options.output());
    }
  }

  /** Between two events if that is soon, so that no transaction is written by half. */
  private void close(@Nullable Subscription open) {
    if (open == null) {
      return;
    }
    boolean between = false;
    try {
      between = writing.tryLock(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
      open.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      open.close();
    } finally {
      if (between) {
        writing.unlock();
      }
    }
  }

  private void run() {
    try (output) {
      Optional<Source> source = awaitSource();
      while (source.isPresent()) {
        follow(source.get());
        source = awaitSource();
      }
    } catch (IOException e) {
      Output.tellEnd(options, e);
    } catch (InterruptedException e) {
      log.debug("{}: interrupted", options.sourceId(), e); // and nobody here does that
    }
  }

  /** Empty when stopped. */
  private Optional<Source> awaitSource() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (sources.isEmpty() && !stopped) {
        changed.await();
      }
      return stopped ? Optional.empty() : Optional.of(sources.get(0));
    } finally {
      lock.unlock();
    }
  }

  /** Until the source leaves, or has failed: then waits a moment. */
  private void follow(Source source) throws IOException, InterruptedException {
    try (Subscription events = source.subscribe(options.request(resumeFrom(source)))) {
      if (begin(source, events)) {
        while (true) {
          SourceEvent event = events.take();
          write(event, events);
        }
      }
    } catch (PositionUnavailableException e) {
      if (options.bootstrap()) {
        position = null; // and so everything comes anew
      }
      retry(source, e);
    } catch (RuntimeException e) { // that of a source that left in the midst of a transaction, too
      retry(source, e);
    } finally {
      end();
    }
  }

  private @Nullable SourcePosition resumeFrom(Source source) {
    return position == null ? null : source.parsePosition(position);
  }

  /** False when the source has left meanwhile. */
  private boolean begin(Source source, Subscription events) {
    lock.lock();
    try {
      if (stopped || !sources.contains(source)) {
        return false;
      }
      followed = source;
      subscription = events;
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void end() {
    lock.lock();
    try {
      followed = null;
      subscription = null;
    } finally {
      lock.unlock();
    }
  }

  private void write(SourceEvent event, Subscription events) throws IOException {
    writing.lock();
    try {
      output.write(event);
      SourcePosition written = positionOf(event);
      if (event instanceof SourceEvent.BootstrapStarted) {
        position = null;
      } else if (written != null) {
        position = written.toBytes();
        events.acknowledge(written);
      }
      lastFailure = "";
    } finally {
      writing.unlock();
    }
  }

  private static @Nullable SourcePosition positionOf(SourceEvent event) {
    if (event instanceof SourceEvent.Transaction transaction) {
      return transaction.position();
    }
    if (event instanceof SourceEvent.Progress progress) {
      return progress.position();
    }
    if (event instanceof SourceEvent.BootstrapCompleted completed) {
      return completed.position();
    }
    return null;
  }

  private void retry(Source source, RuntimeException failure) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (stopped || !sources.contains(source)) {
        return; // which is the reason
      }
      tell(source, failure);
      long nanos = retryAfter.toNanos();
      while (nanos > 0 && !stopped && sources.contains(source)) {
        nanos = changed.awaitNanos(nanos);
      }
    } finally {
      lock.unlock();
    }
  }

  /** What a source fails of it tells itself. */
  private void tell(Source source, RuntimeException failure) {
    String message = String.valueOf(failure.getMessage());
    if (!message.equals(lastFailure) && source.status().state() != SourceState.FAILED) {
      lastFailure = message;
      String what = failure instanceof SubscriptionEndedException ? "has ended" : "has failed";
      log.warn(
          "{}: the subscription {} {}, and is tried again: {}",
          options.sourceId(),
          options.subscriberId(),
          what,
          message);
    }
  }
}
