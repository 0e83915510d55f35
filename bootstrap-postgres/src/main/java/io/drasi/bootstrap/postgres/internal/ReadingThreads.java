package io.drasi.bootstrap.postgres.internal;

import io.drasi.postgres.decoder.row.TransactionContext;
import io.drasi.postgres.protocol.ConnectionException;
import io.drasi.postgres.protocol.ServerErrorException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of the workers, which take parts from one list until there are none. The first
 * failure ends them all. Confined to the reading thread.
 */
final class ReadingThreads {
  /** Longer than cancelling what the server does can take. */
  private static final Duration LONGEST_END = Duration.ofMinutes(1);

  private final String sourceId;
  private final int batchSize;
  private final Connections connections;
  private final HandOver handOver;
  private final Remedies remedies;

  ReadingThreads(
      String sourceId,
      int batchSize,
      Connections connections,
      HandOver handOver,
      Remedies remedies) {
    this.sourceId = sourceId;
    this.batchSize = batchSize;
    this.connections = connections;
    this.handOver = handOver;
    this.remedies = remedies;
  }

  /**
   * Reads all parts, and ends the workers.
   *
   * @throws ExecutionException with what the first worker that failed has failed with
   */
  void read(List<Part> parts, List<Worker> workers, TransactionContext snapshot)
      throws ExecutionException, InterruptedException {
    Queue<Part> unread = new ConcurrentLinkedQueue<>(parts);
    var number = new AtomicInteger();
    ExecutorService threads =
        Executors.newFixedThreadPool(
            workers.size(),
            work -> {
              var name = sourceId + "-bootstrap-reader-" + number.incrementAndGet();
              var thread = new Thread(work, name);
              thread.setDaemon(true);
              return thread;
            });
    var ends = new ExecutorCompletionService<Long>(threads);
    boolean done = false;
    try (var watch = SilenceWatch.begin(sourceId, connections, workers)) {
      workers.forEach(worker -> ends.submit(() -> work(worker, watch, unread, snapshot)));
      for (int i = 0; i < workers.size(); i++) {
        ends.take().get();
      }
      done = true;
    } finally {
      if (!done) {
        connections.close();
      }
      threads.shutdownNow();
      threads.awaitTermination(LONGEST_END.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private long work(
      Worker worker, SilenceWatch watch, Queue<Part> unread, TransactionContext snapshot)
      throws IOException, InterruptedException {
    boolean done = false;
    try {
      worker.waitForLocks();
      long rows = 0;
      for (Part part = unread.poll(); part != null; part = unread.poll()) {
        rows += read(part, worker, snapshot);
      }
      worker.end();
      done = true;
      return rows;
    } catch (ConnectionException e) {
      throw watch.hasGivenUp(worker)
          ? new ConnectionException("the server was silent for too long", e)
          : e;
    } finally {
      if (done) {
        connections.close(worker.session());
      } else {
        connections.abort(worker.session());
      }
    }
  }

  private long read(Part part, Worker worker, TransactionContext snapshot)
      throws IOException, InterruptedException {
    try {
      var batch = new Batch(batchSize, handOver);
      long rows = new PartReader(part, snapshot, batch, worker.ear()).read(worker.session());
      part.whole().read(sourceId, rows);
      return rows;
    } catch (ServerErrorException e) {
      throw remedies.failure(part.whole().table().name(), e);
    }
  }
}
