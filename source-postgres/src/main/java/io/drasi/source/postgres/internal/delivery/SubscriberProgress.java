package io.drasi.source.postgres.internal.delivery;

import io.drasi.postgres.protocol.message.Lsn;
import org.jspecify.annotations.Nullable;

/**
 * How far one subscriber has come. Three marks, each at or behind the one before: what was offered
 * to it, what it has taken, what it has acknowledged.
 *
 * <p>Thread-safe: guarded by the object's own monitor.
 */
final class SubscriberProgress {
  private Lsn offered;
  private Lsn queued;
  private Lsn taken;
  private Lsn acknowledged;
  private boolean bootstrapping;

  /** The number of the bootstrap that began last. */
  private int bootstrap;

  /** Where a bootstrap is complete that is not acknowledged yet. */
  private @Nullable Lsn bootstrapEnd;

  private boolean bootstrapTaken;

  /** A subscriber that starts here, with nothing outstanding. */
  SubscriberProgress(Lsn start) {
    offered = start;
    queued = start;
    taken = start;
    acknowledged = start;
  }

  /** The stream's first position has become known, before anything was offered. */
  synchronized void begin(Lsn start) {
    offered = start;
    queued = start;
    taken = start;
    acknowledged = start;
  }

  /** A bootstrap begins: whatever is offered is outstanding until it is complete. */
  synchronized void beginBootstrap() {
    bootstrapping = true;
    bootstrap++;
    bootstrapEnd = null;
    bootstrapTaken = false;
  }

  /** A bootstrap is complete: everything up to a position is part of it. */
  synchronized void completeBootstrap(Lsn position) {
    bootstrapping = false;
    bootstrapEnd = position;
    bootstrapTaken = false;
    offered = Lsn.max(offered, position);
    queued = Lsn.max(queued, position);
  }

  /** The end of a bootstrap was taken by the subscriber; another one may have begun since. */
  synchronized void takeBootstrap(int number, Lsn position) {
    bootstrapTaken |= number == bootstrap;
    take(position);
  }

  /** Whether there is a bootstrap that the subscriber does not have the end of. */
  synchronized boolean isBootstrapUntaken() {
    return bootstrapping || (bootstrapEnd != null && !bootstrapTaken);
  }

  /** Whether there is a bootstrap that the subscriber has not acknowledged. */
  synchronized boolean isBootstrapOpen() {
    return bootstrapping || bootstrapEnd != null;
  }

  /** The high-water mark: everything up to here was queued, or is of no concern. */
  synchronized Lsn offered() {
    return offered;
  }

  /** Nothing of concern up to here, and the subscriber is not told. */
  synchronized void passOver(Lsn position) {
    offered = Lsn.max(offered, position);
  }

  /** An event that ends here was queued. */
  synchronized void queue(Lsn position) {
    offered = Lsn.max(offered, position);
    queued = offered;
  }

  /** An event that ends here was taken by the subscriber. */
  synchronized void take(Lsn position) {
    taken = Lsn.max(taken, position);
  }

  /** Whether something that ends there, or behind, was taken. */
  synchronized boolean hasTaken(Lsn position) {
    return !position.isAfter(taken);
  }

  /** All that was taken is done. */
  synchronized void acknowledgeTaken() {
    acknowledged = taken;
    endBootstrap();
  }

  private void endBootstrap() {
    Lsn end = bootstrapEnd;
    if (bootstrapTaken && end != null && !end.isAfter(acknowledged)) {
      bootstrapEnd = null;
    }
  }

  /**
   * All up to here is done.
   *
   * @throws IllegalArgumentException when it lies beyond what was taken
   */
  synchronized void acknowledge(Lsn position) {
    if (position.isAfter(taken)) {
      throw new IllegalArgumentException(
          "cannot acknowledge %s: taken so far is %s".formatted(position, taken));
    }
    acknowledged = Lsn.max(acknowledged, position);
    endBootstrap();
  }

  /** What the subscriber has acknowledged. */
  synchronized Lsn acknowledged() {
    return acknowledged;
  }

  /** What may be confirmed as far as this subscriber goes: all that was offered, if all is done. */
  synchronized Lsn confirmable() {
    return bootstrapping || queued.isAfter(acknowledged)
        ? acknowledged
        : Lsn.max(offered, acknowledged);
  }
}
