package io.drasi.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.embedded.postgres.EmbeddedPostgres;
import io.drasi.postgres.protocol.SslMode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plays cases on several tracks beside one another, since most of the time of a case is waiting;
 * those that only silence tells of on more of them.
 */
final class FaultRun {
  private static final Logger log = LoggerFactory.getLogger(FaultRun.class);
  private static final AtomicInteger TRACKS = new AtomicInteger();

  private final EmbeddedPostgres server;
  private final SslMode sslMode;
  private final List<FaultResult> results = Collections.synchronizedList(new ArrayList<>());
  private final List<String> failures = Collections.synchronizedList(new ArrayList<>());
  private final List<Fault> failed = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger lost = new AtomicInteger();
  private final AtomicInteger doubled = new AtomicInteger();

  FaultRun(EmbeddedPostgres server, SslMode sslMode) {
    this.server = server;
    this.sslMode = sslMode;
  }

  /** What there is to be harmed. */
  Map<Place, Integer> record() throws Exception {
    FaultTrack track = track();
    Map<Place, Integer> seen = track.record();
    track.end();
    return seen;
  }

  /**
   * Plays cases.
   *
   * @param tracks how many at a time
   * @param silentTracks how many more of those that only silence tells of
   */
  void play(List<Fault> faults, int tracks, int silentTracks) throws Exception {
    Queue<Fault> loud = new ConcurrentLinkedQueue<>();
    Queue<Fault> silent = new ConcurrentLinkedQueue<>();
    faults.forEach(fault -> (fault.isSilent() ? silent : loud).add(fault));
    List<Callable<Void>> workers = new ArrayList<>();
    for (int i = 0; i < tracks + silentTracks; i++) {
      Queue<Fault> queue = i < tracks ? loud : silent;
      workers.add(() -> work(queue));
    }
    ExecutorService executor = Executors.newFixedThreadPool(workers.size());
    try {
      for (Future<Void> worker : executor.invokeAll(workers)) {
        worker.get();
      }
    } finally {
      executor.shutdownNow();
    }
  }

  private FaultTrack track() throws Exception {
    int number = TRACKS.incrementAndGet();
    return FaultTrack.create(server, "track%d".formatted(number), sslMode, number % 2 == 0);
  }

  private Void work(Queue<Fault> queue) {
    Fault fault = queue.poll();
    while (fault != null) {
      fault = workOnOneTrack(queue, fault);
    }
    return null;
  }

  /** Plays until a case fails; gives the first one that was not played. */
  private @Nullable Fault workOnOneTrack(Queue<Fault> queue, Fault first) {
    Fault fault = first;
    FaultTrack track = null;
    try {
      track = track();
      while (fault != null) {
        FaultResult result = track.play(fault);
        log.info("survived {} in {} ms", fault, result.duration().toMillis());
        results.add(result);
        fault = queue.poll();
      }
      doubled.addAndGet(track.doubled());
      track.end();
      return null;
    } catch (Throwable e) {
      note(fault, e);
      if (track != null) {
        track.abandon();
      }
      return queue.poll();
    }
  }

  private void note(@Nullable Fault fault, Throwable e) {
    String failure = "%s: %s".formatted(fault == null ? "the end of a track" : fault, e);
    log.error("failed: {}", failure, e);
    failures.add(
        "%s%n  again by -Dfaults.seed=%d -Dfaults.only='%s'"
            .formatted(failure, FaultPlan.seed(), fault));
    if (fault != null) {
      failed.add(fault);
    }
    if (failure.contains("the copy lacks")) {
      lost.incrementAndGet();
    }
  }

  /** Writes down what was done, and throws what has failed. */
  void finish(String suite) throws IOException {
    List<Summary.Case> cases = new ArrayList<>();
    results.forEach(result -> cases.add(result.toCase()));
    failed.forEach(
        fault ->
            cases.add(
                new Summary.Case(
                    fault.kind().name(), fault.place().phase(), fault.toString(), false, 0, 0)));
    new Summary(suite, server.version(), cases, lost.get(), doubled.get()).write();
    assertThat(failures).as(suite).isEmpty();
    assertThat(doubled.get()).as("transactions that came twice").isZero();
  }
}
