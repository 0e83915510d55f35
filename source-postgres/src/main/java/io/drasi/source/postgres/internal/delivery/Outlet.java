package io.drasi.source.postgres.internal.delivery;

import io.drasi.api.source.SourceEvent;
import io.drasi.postgres.decoder.position.PostgresPosition;
import io.drasi.source.postgres.internal.transaction.PostgresTransaction;
import io.drasi.source.postgres.internal.transaction.SpilledTransaction;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where one subscriber takes its events: from its queue, then from what waited behind a bootstrap.
 * An event that was looked ahead to is the next one, whoever asks.
 *
 * <p>Confined to the subscriber, but for {@link #close}.
 */
final class Outlet {
  private final EventQueue queue;
  private final CatchUp catchUp;
  private final LabelFilter filter;
  private final SubscriberProgress progress;
  private final OpenTransactions open;
  private final Consumer<Throwable> unreadable;
  private volatile boolean closed;
  private @Nullable SourceEvent lookedAhead;

  /**
   * An outlet.
   *
   * @param progress is told what was taken
   * @param open takes what is on disk, once it was looked ahead to
   * @param unreadable is told when what waited cannot be read; it ends the queue
   */
  Outlet(
      EventQueue queue,
      CatchUp catchUp,
      LabelFilter filter,
      SubscriberProgress progress,
      OpenTransactions open,
      Consumer<Throwable> unreadable) {
    this.queue = queue;
    this.catchUp = catchUp;
    this.filter = filter;
    this.progress = progress;
    this.open = open;
    this.unreadable = unreadable;
  }

  /** Waits for the next event, for ever. */
  void lookAhead() throws InterruptedException {
    if (!lookedAheadTo(ready())) {
      lookedAheadTo(Optional.of(queue.take()));
    }
  }

  /**
   * Waits for the next event for some time.
   *
   * @return false when it has not come
   */
  boolean lookAhead(Duration timeout) throws InterruptedException {
    return lookedAheadTo(ready()) || lookedAheadTo(queue.poll(timeout));
  }

  /**
   * Looks for the next event without waiting.
   *
   * @return false when there is none
   */
  boolean lookAheadNow() {
    return lookedAheadTo(ready()) || lookedAheadTo(queue.pollNow());
  }

  /** What can be had without waiting. */
  private Optional<SourceEvent> ready() {
    if (lookedAhead != null && !closed) {
      return Optional.of(lookedAhead);
    }
    Optional<SourceEvent> queued = queue.pollQueued();
    return queued.isPresent() ? queued : kept();
  }

  private Optional<SourceEvent> kept() {
    try {
      return catchUp.poll().map(kept -> kept.read(filter));
    } catch (IOException e) {
      unreadable.accept(e);
      return Optional.empty();
    } catch (RuntimeException | Error e) { // it is out of the backlog, and must not be passed over
      unreadable.accept(e);
      throw e;
    }
  }

  private boolean lookedAheadTo(Optional<SourceEvent> event) {
    boolean isNew = event.isPresent() && lookedAhead != event.get();
    lookedAhead = event.orElse(null);
    if (isNew && lookedAhead instanceof DeliveredBootstrap.Completed completed) {
      // With the end of the bootstrap in hand, what waited behind it is next.
      catchUp.drain(completed.bootstrap(), completed.position().endLsn());
    }
    if (isNew && lookedAhead instanceof SpilledTransaction spilled) {
      open.add(spilled);
    }
    return lookedAhead != null;
  }

  /** Whether there is an event that was looked ahead to. */
  boolean hasLookedAhead() {
    return lookedAhead != null;
  }

  /** Takes the event that was looked ahead to. */
  SourceEvent take() {
    SourceEvent event = Objects.requireNonNull(lookedAhead);
    lookedAhead = null;
    if (event instanceof DeliveredBootstrap.Completed completed) {
      progress.takeBootstrap(completed.bootstrap(), completed.position().endLsn());
    } else {
      positionOf(event).ifPresent(position -> progress.take(position.endLsn()));
    }
    return event;
  }

  private static Optional<PostgresPosition> positionOf(SourceEvent event) {
    if (event instanceof PostgresTransaction transaction) {
      return Optional.of(transaction.position());
    }
    if (event instanceof DeliveredProgress passed) {
      return Optional.of(passed.position());
    }
    return event instanceof DeliveredLag lag ? Optional.of(lag.position()) : Optional.empty();
  }

  /** What was looked ahead to is not given out any more. Called on any thread. */
  void close() {
    closed = true;
  }

  /** Whether it was closed. */
  boolean isClosed() {
    return closed;
  }
}
