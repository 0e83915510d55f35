package io.drasi.bootstrap.postgres.internal;

import io.drasi.postgres.protocol.Session;
import io.drasi.postgres.protocol.SessionMode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the making of a slot that takes long, from a thread and a connection of its own, since
 * those of the slot are the ones that wait.
 *
 * <p>It tells which open transactions the slot waits for. And it ends the wait where it could be
 * for ever: a statement that waits for the workers' locks, a {@code TRUNCATE} say, has its
 * transaction id already, so the slot may wait for it while it waits for us. The server does not
 * see that as a deadlock, since the slot and the locks belong to two sessions.
 *
 * <p>Thread-safe.
 */
final class SlotWatch {
  private static final Logger log = LoggerFactory.getLogger(SlotWatch.class);
  private static final Duration INTERVAL = Duration.ofSeconds(2);

  /** It is told ever more seldom, up to this: about once a minute. */
  private static final int MOST_LOOKS_BETWEEN = 30;

  private enum State {
    WATCHING,
    GAVE_WAY,
    ENDED
  }

  private final String sourceId;
  private final Connections connections;
  private final HandOver handOver;
  private final Session slotSession;
  private final String workers;
  private final AtomicReference<State> state = new AtomicReference<>(State.WATCHING);
  private final CountDownLatch ended = new CountDownLatch(1);

  private SlotWatch(
      String sourceId,
      Connections connections,
      HandOver handOver,
      Session slotSession,
      List<Worker> workers) {
    this.sourceId = sourceId;
    this.connections = connections;
    this.handOver = handOver;
    this.slotSession = slotSession;
    this.workers =
        workers.stream()
            .map(worker -> Integer.toString(worker.pid()))
            .collect(Collectors.joining(", ", "ARRAY[", "]"));
  }

  /**
   * Watches until {@link #end}.
   *
   * @param slotSession makes the slot
   * @param workers hold locks meanwhile
   */
  static SlotWatch begin(
      String sourceId,
      Connections connections,
      HandOver handOver,
      Session slotSession,
      List<Worker> workers) {
    var watch = new SlotWatch(sourceId, connections, handOver, slotSession, workers);
    var thread = new Thread(watch::run, sourceId + "-bootstrap-watch");
    thread.setDaemon(true);
    thread.start();
    return watch;
  }

  private void run() {
    try {
      if (!ended.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
        watch();
      }
    } catch (IOException e) {
      log.debug("{}: could not look for open transactions: {}", sourceId, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void watch() throws IOException, InterruptedException {
    handOver.waitingFor("the transactions that were open before the snapshot");
    Session session = connections.open(SessionMode.QUERY);
    try {
      int look = 1;
      int next = 1;
      do {
        if (somebodyWaitsForUs(session)) {
          giveWay();
          return;
        }
        if (look == next) {
          tell(session);
          next += Math.min(look, MOST_LOOKS_BETWEEN);
        }
        look++;
      } while (!ended.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS));
    } finally {
      connections.close(session);
    }
  }

  private boolean somebodyWaitsForUs(Session session) throws IOException {
    return !session
        .query(
            "SELECT 1 FROM pg_catalog.pg_locks WHERE NOT granted AND pid IS NOT NULL"
                + " AND pg_catalog.pg_blocking_pids(pid) && "
                + workers)
        .get(0)
        .rows()
        .isEmpty();
  }

  private void giveWay() {
    if (state.compareAndSet(State.WATCHING, State.GAVE_WAY)) {
      connections.abort(slotSession);
    }
  }

  private void tell(Session session) throws IOException {
    Optional<String> open = OpenTransactions.describe(session);
    if (open.isPresent() && ended.getCount() > 0) {
      String what =
          "the transactions that were open before the snapshot: %s; end them if they are not needed"
              .formatted(open.get());
      log.warn("{}: bootstrap: waits for {}", sourceId, what);
      handOver.waitingFor(what);
    }
  }

  /**
   * Ends the watch. Never waits.
   *
   * @return whether it has broken off the making of the slot, since somebody waits for the locks
   */
  boolean end() {
    ended.countDown();
    state.compareAndSet(State.WATCHING, State.ENDED);
    return state.get() == State.GAVE_WAY;
  }
}
