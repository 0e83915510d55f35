package io.drasi.source.postgres.internal.delivery;

import io.drasi.postgres.decoder.position.PostgresPosition;
import io.drasi.source.postgres.internal.transaction.Keepable;
import io.drasi.source.postgres.internal.transaction.PostgresTransaction;
import io.drasi.source.postgres.internal.transaction.ReceivedTransaction;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Where the stream comes to one subscriber: into its queue, or to what waits behind its bootstrap.
 * What comes twice, after a reconnect, goes in once.
 *
 * <p>Confined to the replication thread.
 */
final class Inlet {
  private final EventQueue queue;
  private final CatchUp catchUp;
  private final LabelFilter filter;
  private final SubscriberProgress progress;
  private final Consumer<IOException> unkept;

  /**
   * An inlet.
   *
   * @param progress is told what was offered
   * @param unkept is told when something cannot be kept; it ends the queue
   */
  Inlet(
      EventQueue queue,
      CatchUp catchUp,
      LabelFilter filter,
      SubscriberProgress progress,
      Consumer<IOException> unkept) {
    this.queue = queue;
    this.catchUp = catchUp;
    this.filter = filter;
    this.progress = progress;
    this.unkept = unkept;
  }

  /**
   * Offers a transaction; waits while the subscriber holds the stream back.
   *
   * @param tellsProgress whether the subscriber is told of what has nothing for it
   * @param patience how long to wait
   * @return false when there was no room in time: it is to be offered again
   */
  boolean offer(ReceivedTransaction transaction, boolean tellsProgress, Duration patience)
      throws InterruptedException {
    if (isPassed(transaction.position())) {
      return true;
    }
    PostgresTransaction wanted = filter.apply(transaction.committed());
    boolean queued = false;
    try {
      if (wanted.changeCount() == 0) {
        offerProgress(transaction.position(), tellsProgress);
        return true;
      }
      Added added = add(transaction.raw(), wanted, patience);
      queued = added == Added.QUEUED;
      return added != Added.NO_ROOM;
    } finally {
      if (!queued) {
        wanted.release();
      }
    }
  }

  private enum Added {
    QUEUED,
    NO_ROOM,
    ELSEWHERE
  }

  private Added add(Keepable transaction, PostgresTransaction wanted, Duration patience)
      throws InterruptedException {
    PostgresPosition position = wanted.position();
    switch (putOff(transaction, wanted, patience)) {
      case KEPT -> {
        progress.queue(position.endLsn());
        return Added.ELSEWHERE;
      }
      case NO_ROOM -> {
        return Added.NO_ROOM;
      }
      case LEFT_OUT -> {
        progress.passOver(position.endLsn());
        return Added.ELSEWHERE;
      }
      case NOT_HERE -> {}
    }
    if (isPassed(position)) { // by a bootstrap that has become complete meanwhile
      return Added.ELSEWHERE;
    }
    return switch (queue.add(wanted, patience)) {
      case QUEUED -> {
        progress.queue(position.endLsn());
        yield Added.QUEUED;
      }
      case LEFT_OUT -> {
        progress.passOver(position.endLsn());
        yield Added.ELSEWHERE;
      }
      case NO_ROOM -> Added.NO_ROOM;
      case ENDED -> Added.ELSEWHERE; // not seen: its place stays where it is
    };
  }

  /** Whether the subscriber has had everything up to here. */
  private boolean isPassed(PostgresPosition position) {
    return !position.endLsn().isAfter(progress.offered());
  }

  /** Keeps it if it comes behind a bootstrap. */
  private CatchUp.Added putOff(Keepable transaction, PostgresTransaction wanted, Duration patience)
      throws InterruptedException {
    try {
      return catchUp.add(transaction, wanted, patience);
    } catch (IOException e) {
      unkept.accept(e);
      return CatchUp.Added.KEPT;
    }
  }

  /**
   * Nothing for this subscriber up to here.
   *
   * @param isTold whether it is told so
   */
  void offerProgress(PostgresPosition position, boolean isTold) {
    if (isPassed(position)) {
      return;
    }
    if (isTold) {
      var nothing = new DeliveredProgress(position);
      if (!catchUp.add(nothing) && !isPassed(position)) {
        queue.addLatest(nothing);
      }
      progress.queue(position.endLsn());
    } else {
      progress.passOver(position.endLsn());
    }
  }
}
