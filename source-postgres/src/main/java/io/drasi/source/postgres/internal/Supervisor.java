package io.drasi.source.postgres.internal;

import io.drasi.api.config.ConfigurationException;
import io.drasi.api.source.SourceException;
import io.drasi.api.source.SourceState;
import io.drasi.postgres.decoder.row.TableName;
import io.drasi.postgres.protocol.Connector;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.source.postgres.PostgresSourceConfig;
import io.drasi.source.postgres.internal.delivery.SubscriptionHub;
import io.drasi.source.postgres.internal.session.Remedies;
import io.drasi.source.postgres.internal.session.StreamCounters;
import io.drasi.source.postgres.internal.session.StreamSession;
import io.drasi.source.postgres.internal.transaction.TransactionException;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one session after another, until it is stopped or something is wrong that only the operator
 * can mend. Runs once, on the thread {@code <id>-replication}, which is also the one that reads,
 * decodes and hands over.
 *
 * <p>Thread-safe: {@link #stop} and {@link #confirmedAdvanced} may be called from any thread, the
 * rest is confined to the replication thread.
 */
public final class Supervisor implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(Supervisor.class);

  private final PostgresSourceConfig config;
  private final Connector connector;
  private final SubscriptionHub hub;
  private final StatusBoard board;
  private final StreamCounters counters;
  private final Remedies remedies;
  private final Backoff backoff = new Backoff(RandomGenerator.getDefault());
  private final Set<TableName> warnedTables = new HashSet<>();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread;
  private volatile @Nullable StreamSession session;
  private @Nullable Lsn undecodable;
  private @Nullable String lastTrouble;

  /** A supervisor; {@link #start} lets it run. */
  public Supervisor(
      PostgresSourceConfig config,
      Connector connector,
      SubscriptionHub hub,
      StatusBoard board,
      StreamCounters counters) {
    this.config = config;
    this.connector = connector;
    this.hub = hub;
    this.board = board;
    this.counters = counters;
    this.remedies = new Remedies(config);
    this.thread = new Thread(this, config.id() + "-replication");
    thread.setDaemon(true);
  }

  /** Lets it run. */
  public void start() {
    thread.start();
  }

  /** Whether it has not ended. */
  public boolean isAlive() {
    return thread.isAlive();
  }

  /**
   * Ends it: reports what is acknowledged, closes the connection, waits for the thread.
   *
   * @param patience how long the thread is waited for
   */
  public void stop(Duration patience) {
    stopping.countDown();
    StreamSession current = session;
    if (current != null) {
      current.close();
    }
    thread.interrupt();
    boolean interrupted = Thread.interrupted();
    try {
      thread.join(patience.toMillis());
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      log.warn("{}: the replication thread has not ended in time", config.id());
    }
  }

  /** Subscribers have acknowledged more. */
  public void confirmedAdvanced() {
    StreamSession current = session;
    if (current != null) {
      current.confirmedAdvanced();
    }
  }

  @Override
  public void run() {
    board.transition(SourceState.STARTING, null, null);
    try {
      while (!isStopping()) {
        runSession();
      }
    } catch (InterruptedException e) {
      log.debug("{}: the replication thread was told to end", config.id());
    } catch (SourceException e) {
      fail(e);
    } catch (ConfigurationException e) {
      fail(new SourceException(String.join("; ", e.problems()), e));
    } catch (RuntimeException | Error e) {
      log.error("{}: stopped by a defect", config.id(), e);
      fail(new SourceException("stopped by a defect, please report it: " + e, e));
    }
  }

  private boolean isStopping() {
    return stopping.getCount() == 0;
  }

  private void fail(SourceException failure) {
    if (!isStopping()) {
      log.error("{}: stopped: {}", config.id(), failure.getMessage());
      hub.setFailure(failure);
      board.transition(SourceState.FAILED, null, failure);
    }
  }

  private void runSession() throws InterruptedException {
    try (StreamSession opened = StreamSession.open(config, connector, hub, counters)) {
      session = opened;
      if (isStopping()) {
        return;
      }
      if (!hub.hasSubscriptions()) {
        board.transition(SourceState.RUNNING, "a subscriber", null);
        hub.awaitSubscription();
      }
      opened.stream(warnedTables, this::noteStreaming);
      log.info("{}: nobody reads any more, or from elsewhere", config.id());
    } catch (IOException e) {
      if (!isStopping()) {
        recover(e);
      }
    } finally {
      session = null;
    }
  }

  private void noteStreaming() {
    counters.addSession();
    backoff.reset();
    lastTrouble = null;
    board.transition(SourceState.RUNNING, null, null);
  }

  private void recover(IOException error) throws InterruptedException {
    log.debug("{}: the session ended", config.id(), error);
    Optional<SourceException> failure = remedies.failure(error);
    if (failure.isPresent()) {
      throw failure.get();
    }
    failWhenSeenBefore(error);
    Duration wait = backoff.next();
    String trouble = remedies.explain(error);
    if (!trouble.equals(lastTrouble)) {
      lastTrouble = trouble;
      log.warn("{}: {}; trying again", config.id(), trouble);
    }
    board.transition(
        SourceState.RECONNECTING,
        "the next attempt to connect",
        new SourceException(trouble, error));
    if (stopping.await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new InterruptedException("stopped while waiting to reconnect");
    }
  }

  /** A transaction that cannot be decoded twice in a row never will be. */
  private void failWhenSeenBefore(IOException error) {
    if (!(error instanceof TransactionException broken)) {
      return;
    }
    if (broken.commitLsn().equals(undecodable)) {
      throw new SourceException(broken.getMessage() + "; it has failed twice", broken);
    }
    undecodable = broken.commitLsn();
  }
}
