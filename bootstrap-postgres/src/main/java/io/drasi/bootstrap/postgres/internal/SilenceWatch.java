package io.drasi.bootstrap.postgres.internal;

import io.drasi.postgres.protocol.Activity;
import io.drasi.postgres.protocol.Session;
import io.drasi.postgres.protocol.SessionMode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches workers that copy. A COPY may be silent for long and be well: it reads rows that nobody
 * sees, or waits for a lock. So where one has been silent for long, it is looked on another
 * connection whether the server is still at it. If it is not, or waits for us to read, then what it
 * has sent was lost on the way: the worker's connection is closed.
 *
 * <p>Thread-safe.
 */
final class SilenceWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SilenceWatch.class);
  private static final Duration INTERVAL = Duration.ofSeconds(10);

  /** With the interval a minute: so long any other answer is waited for. */
  private static final int SILENT_LOOKS = 6;

  private final String sourceId;
  private final Connections connections;
  private final List<Worker> workers;
  private final Set<Worker> givenUp = ConcurrentHashMap.newKeySet();
  private final CountDownLatch ended = new CountDownLatch(1);

  /** How often in a row nothing was heard of each. Confined to the watch's thread. */
  private final Map<Worker, Silence> silences;

  private record Silence(long count, int looks) {}

  private SilenceWatch(String sourceId, Connections connections, List<Worker> workers) {
    this.sourceId = sourceId;
    this.connections = connections;
    this.workers = workers;
    this.silences =
        workers.stream().collect(Collectors.toMap(worker -> worker, worker -> new Silence(0, 0)));
  }

  /** Watches until it is closed. */
  static SilenceWatch begin(String sourceId, Connections connections, List<Worker> workers) {
    var watch = new SilenceWatch(sourceId, connections, workers);
    var thread = new Thread(watch::run, sourceId + "-bootstrap-silence");
    thread.setDaemon(true);
    thread.start();
    return watch;
  }

  private void run() {
    try {
      while (!ended.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
        workers.forEach(this::look);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look(Worker worker) {
    Silence before = silences.getOrDefault(worker, new Silence(0, 0));
    long count = worker.ear().count();
    boolean silent = worker.isCopying() && count % 2 == 0 && count == before.count();
    int looks = silent ? before.looks() + 1 : 0;
    if (looks >= SILENT_LOOKS && ended.getCount() > 0) {
      if (isLost(worker)) {
        giveUp(worker);
      }
      looks = 0;
    }
    silences.put(worker, new Silence(count, looks));
  }

  /** Whether the server is not at it any more; where it cannot be asked, nothing is known. */
  private boolean isLost(Worker worker) {
    try {
      Session session = connections.open(SessionMode.QUERY);
      try {
        return Activity.of(worker.pid(), session) != Activity.AT_WORK;
      } finally {
        connections.close(session);
      }
    } catch (IOException e) {
      log.debug("{}: bootstrap: the server cannot be asked: {}", sourceId, e.getMessage());
      return false;
    }
  }

  private void giveUp(Worker worker) {
    givenUp.add(worker);
    connections.abort(worker.session());
  }

  /** Whether it has closed the connection of a worker. */
  boolean hasGivenUp(Worker worker) {
    return givenUp.contains(worker);
  }

  /** Ends the watch. Never waits. */
  @Override
  public void close() {
    ended.countDown();
  }
}
