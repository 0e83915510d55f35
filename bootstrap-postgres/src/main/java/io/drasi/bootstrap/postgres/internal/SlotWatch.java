package io.drasi.bootstrap.postgres.internal;

import io.drasi.postgres.protocol.Activity;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the making of a slot that takes long, from a thread and a connection of its own, since
 * those of the slot are the ones that wait.
 *
 * <p>It tells which open transactions the slot waits for. And it ends the wait where it could be
 * for ever: a statement that waits for the workers' locks, a {@code TRUNCATE} say, has its
 * transaction id already, so the slot may wait for it while it waits for us. The server does not
 * see that as a deadlock, since the slot and the locks belong to two sessions. So it goes on when
 * its connection is lost or refused, and connects anew until it can see again. It also ends the
 * wait for an answer that was lost: when the server is not at it any more.
 *
 * <p>Thread-safe.
 */
final class SlotWatch {
  private static final Logger log = LoggerFactory.getLogger(SlotWatch.class);
  private static final Duration INTERVAL = Duration.ofSeconds(2);

  /** It is told ever more seldom, up to this: about once a minute. */
  private static final int MOST_LOOKS_BETWEEN = 30;

  /** An answer may be on its way. */
  private static final int MOST_IDLE_LOOKS = 5;

  private static final String WAITS = "the transactions that were open before the snapshot";

  private enum State {
    WATCHING,
    GAVE_WAY,
    GAVE_UP,
    ENDED
  }

  private final String sourceId;
  private final Connections connections;
  private final HandOver handOver;
  private final Remedies remedies;
  private final Session slotSession;
  private final String workers;
  private final AtomicReference<State> state = new AtomicReference<>(State.WATCHING);
  private final CountDownLatch ended = new CountDownLatch(1);

  /** What it looks through; null where that was lost. From here on confined to its thread. */
  private @Nullable Session session;

  private int looks;
  private int idleLooks;
  private int nextTold;
  private int failuresInARow;
  private boolean warned;

  private SlotWatch(
      String sourceId,
      Connections connections,
      HandOver handOver,
      Remedies remedies,
      Session session,
      Session slotSession,
      List<Worker> workers) {
    this.sourceId = sourceId;
    this.connections = connections;
    this.handOver = handOver;
    this.remedies = remedies;
    this.session = session;
    this.slotSession = slotSession;
    this.workers =
        workers.stream()
            .map(worker -> Integer.toString(worker.pid()))
            .collect(Collectors.joining(", ", "ARRAY[", "]"));
  }

  /**
   * The connection to watch through. It is there before there is anything to watch: without it
   * nobody may be kept waiting.
   */
  static Session connect(Connections connections) throws IOException {
    Session session = connections.open(SessionMode.QUERY);
    Worker.quieten(session);
    return session;
  }

  /**
   * Watches until {@link #end}.
   *
   * @param session what {@link #connect} gave; it is closed in the end
   * @param slotSession makes the slot
   * @param workers hold locks meanwhile
   */
  static SlotWatch begin(
      String sourceId,
      Connections connections,
      HandOver handOver,
      Remedies remedies,
      Session session,
      Session slotSession,
      List<Worker> workers) {
    var watch =
        new SlotWatch(sourceId, connections, handOver, remedies, session, slotSession, workers);
    var thread = new Thread(watch::run, sourceId + "-bootstrap-watch");
    thread.setDaemon(true);
    thread.start();
    return watch;
  }

  private void run() {
    try {
      boolean first = true;
      while (state.get() == State.WATCHING
          && !ended.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
        if (first) {
          handOver.waitingFor(WAITS);
          first = false;
        }
        look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      disconnect();
    }
  }

  private void look() {
    try {
      Session current = session == null ? connect(connections) : session;
      session = current;
      look(current);
      failuresInARow = 0;
    } catch (IOException e) {
      disconnect();
      failuresInARow++;
      warn(remedies.inWords(e));
    }
  }

  private void look(Session current) throws IOException {
    if (somebodyWaitsForUs(current)) {
      breakOff(State.GAVE_WAY);
      return;
    }
    idleLooks = isBusy(current) ? 0 : idleLooks + 1;
    if (idleLooks == MOST_IDLE_LOOKS) {
      breakOff(State.GAVE_UP);
      return;
    }
    looks++;
    if (looks >= nextTold) {
      tell(current);
      nextTold = looks + Math.min(looks, MOST_LOOKS_BETWEEN);
    }
  }

  private void disconnect() {
    Session last = session;
    if (last != null) {
      connections.close(last);
      session = null;
    }
  }

  /** Once; and not for the first failure, after which all may be well, or the bootstrap over. */
  private void warn(String error) {
    if (warned || failuresInARow < 2) {
      log.debug("{}: bootstrap: cannot see what its snapshot waits for: {}", sourceId, error);
      return;
    }
    warned = true;
    nextTold = looks;
    log.warn(
        "{}: bootstrap: cannot see what its snapshot waits for, nor who waits for its locks; tries"
            + " again every {} s: {}",
        sourceId,
        INTERVAL.toSeconds(),
        error);
    handOver.waitingFor("%s; which ones cannot be seen: %s".formatted(WAITS, error));
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

  /** Whether the server is at it; if not, its answer was lost on the way, or the command. */
  private boolean isBusy(Session session) throws IOException {
    Optional<Integer> process = slotSession.processId();
    return process.isEmpty() || Activity.of(process.get(), session) != Activity.IDLE;
  }

  private void breakOff(State why) {
    if (state.compareAndSet(State.WATCHING, why)) {
      connections.abort(slotSession);
    }
  }

  /** Whether it has broken off the making of the slot, since nothing came of it any more. */
  boolean hasGivenUp() {
    return state.get() == State.GAVE_UP;
  }

  private void tell(Session session) throws IOException {
    Optional<String> open = OpenTransactions.describe(session);
    if (open.isPresent() && ended.getCount() > 0) {
      String what = "%s: %s; end them if they are not needed".formatted(WAITS, open.get());
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
