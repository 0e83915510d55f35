package io.drasi.source.postgres.internal;

import io.drasi.api.source.ManagedSource;
import io.drasi.api.source.Source;
import io.drasi.api.source.SourceException;
import io.drasi.api.source.SourceState;
import io.drasi.api.source.SourceStatus;
import io.drasi.api.source.SourceStatusListener;
import io.drasi.source.postgres.internal.thread.OnDemandThread;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the source is doing, and who wants to know. Listeners are called in order on the thread
 * {@code <id>-events}, which is there only while there is something to tell.
 *
 * <p>Thread-safe: guarded by {@code lock}; never held while a listener runs.
 */
public final class StatusBoard {
  private static final Logger log = LoggerFactory.getLogger(StatusBoard.class);

  private final Source source;
  private final Clock clock;
  private final ExecutorService events;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private SourceStatus status;

  /** A listener as often as it was added: each is removed for itself. */
  private static final class Listener {
    private final SourceStatusListener told;

    Listener(SourceStatusListener told) {
      this.told = told;
    }
  }

  /** A board that says {@code STOPPED}, and since when by the time of day. */
  public StatusBoard(Source source) {
    this(source, Clock.systemUTC());
  }

  StatusBoard(Source source, Clock clock) {
    this.source = source;
    this.clock = clock;
    this.events = OnDemandThread.named(source.id() + "-events");
    this.status = SourceStatus.of(SourceState.STOPPED, clock.instant(), null, null);
  }

  /** The status now. */
  public SourceStatus status() {
    lock.lock();
    try {
      return status;
    } finally {
      lock.unlock();
    }
  }

  /** The source does something else now; without effect when nothing is different. */
  public void transition(
      SourceState state, @Nullable String waitingFor, @Nullable SourceException error) {
    lock.lock();
    try {
      Instant since = state == status.state() ? status.since() : clock.instant();
      var next = SourceStatus.of(state, since, waitingFor, error);
      if (next.toString().equals(status.toString())) {
        return;
      }
      status = next;
      if (!events.isShutdown()) {
        events.execute(() -> tell(next));
      }
    } finally {
      lock.unlock();
    }
  }

  private void tell(SourceStatus next) {
    for (Listener listener : listeners) {
      try {
        listener.told.statusChanged(source, next);
      } catch (RuntimeException | Error e) { // such as a class of a bundle that is gone
        log.warn("{}: a status listener failed", source.id(), e);
      }
    }
  }

  /** Adds a listener. */
  public ManagedSource.Registration add(SourceStatusListener listener) {
    var added = new Listener(listener);
    listeners.add(added);
    return () -> listeners.remove(added);
  }

  /** Tells what is still to be told, and ends. */
  public void close() {
    lock.lock();
    try {
      events.shutdown();
    } finally {
      lock.unlock();
    }
  }
}
