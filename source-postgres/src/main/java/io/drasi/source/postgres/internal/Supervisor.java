package io.drasi.source.postgres.internal;

import io.drasi.api.config.ConfigurationException;
import io.drasi.api.source.SourceException;
import io.drasi.api.source.SourceState;
import io.drasi.postgres.decoder.position.PostgresPosition;
import io.drasi.postgres.decoder.row.TableName;
import io.drasi.postgres.decoder.value.Codecs;
import io.drasi.postgres.protocol.Connector;
import io.drasi.postgres.protocol.ServerErrorException;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.source.postgres.PostgresSourceConfig;
import io.drasi.source.postgres.SlotLossPolicy;
import io.drasi.source.postgres.internal.delivery.SubscriptionHub;
import io.drasi.source.postgres.internal.session.OpenConnections;
import io.drasi.source.postgres.internal.session.Patience;
import io.drasi.source.postgres.internal.session.Remedies;
import io.drasi.source.postgres.internal.session.SlotLostException;
import io.drasi.source.postgres.internal.session.StreamCounters;
import io.drasi.source.postgres.internal.session.StreamFormat;
import io.drasi.source.postgres.internal.session.StreamSession;
import io.drasi.source.postgres.internal.transaction.StreamingLimitException;
import io.drasi.source.postgres.internal.transaction.TextNeededException;
import io.drasi.source.postgres.internal.transaction.TransactionException;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one session after another, until it is stopped or something is wrong that only the operator
 * can mend. Runs once, on the thread {@code <id>-replication}, which is also the one that reads,
 * decodes and hands over.
 *
 * <p>Thread-safe: {@link #stop}, {@link #confirmedAdvanced} and {@link #restartWanted} may be
 * called from any thread, the rest is confined to the replication thread. {@code lock} guards
 * {@code phase}: with the end of {@code RUNNING}, nothing that the replication thread still does
 * shows in the source's status.
 */
public final class Supervisor implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(Supervisor.class);

  /** So says the server of a value that is made of others which have no binary format. */
  private static final String UNDEFINED_FUNCTION = "42883";

  /** What is said of a slot that is gone, that was invalidated, whose log was removed. */
  private static final Set<String> SLOT_LOSS = Set.of("42704", "55000", "58P01");

  private enum Phase {
    RUNNING,
    FAILED,
    STOPPED
  }

  private final PostgresSourceConfig config;
  private final OpenConnections connections;
  private final SubscriptionHub hub;
  private final LossListener loss;
  private final StatusBoard board;
  private final StreamCounters counters;
  private final Remedies remedies;
  private final Backoff backoff = new Backoff(new Random(), System::nanoTime);
  private final Patience patience = new Patience();
  private final Set<TableName> warnedTables = new HashSet<>();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private Phase phase = Phase.RUNNING;
  private StreamFormat format;
  private volatile @Nullable StreamSession session;
  private @Nullable Lsn undecodable;
  private @Nullable String lastTrouble;
  private boolean lookedAgain;

  /** Is told that changes are lost. */
  public interface LossListener {

    /**
     * The next session begins a new stream.
     *
     * @param what what has happened, in words
     */
    void lost(String what) throws InterruptedException;
  }

  /** A supervisor; {@link #start} lets it run. */
  public Supervisor(
      PostgresSourceConfig config,
      Connector connector,
      Codecs codecs,
      SubscriptionHub hub,
      LossListener loss,
      StatusBoard board,
      StreamCounters counters) {
    this.config = config;
    this.connections = new OpenConnections(connector, config.connection());
    this.format = new StreamFormat(codecs, true, config.streaming());
    this.hub = hub;
    this.loss = loss;
    this.board = board;
    this.counters = counters;
    this.remedies = new Remedies(config);
    this.thread = new Thread(this, config.id() + "-replication");
    thread.setDaemon(true);
  }

  /** Lets it run. */
  public void start() {
    show(SourceState.STARTING, null, null);
    thread.start();
  }

  /** Whether it has neither failed nor been stopped. */
  public boolean isRunning() {
    lock.lock();
    try {
      return phase == Phase.RUNNING;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends it: reports what is acknowledged, closes the connections, waits for the thread.
   *
   * @param patience how long the thread is waited for
   */
  public void stop(Duration patience) {
    enter(Phase.STOPPED, SourceState.STOPPING, null);
    stopping.countDown();
    StreamSession current = session;
    if (current != null) {
      current.close();
    }
    connections.close();
    thread.interrupt();
    awaitEnd(patience);
  }

  private void awaitEnd(Duration patience) {
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

  /** Shows a status, unless this supervisor has nothing to say any more. */
  private void show(
      SourceState state, @Nullable String waitingFor, @Nullable SourceException error) {
    lock.lock();
    try {
      if (phase == Phase.RUNNING) {
        board.transition(state, waitingFor, error);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Ends {@code RUNNING}, or what has followed it. */
  private void enter(Phase next, SourceState state, @Nullable SourceException failure) {
    lock.lock();
    try {
      phase = next;
      board.transition(state, null, failure); // first: who gets the failure finds it there
      hub.setFailure(failure);
    } finally {
      lock.unlock();
    }
  }

  /** Subscribers have acknowledged more. */
  public void confirmedAdvanced() {
    StreamSession current = session;
    if (current != null) {
      current.confirmedAdvanced();
    }
  }

  /** The stream has to start elsewhere. */
  public void restartWanted() {
    StreamSession current = session;
    if (current != null) {
      current.end();
    }
  }

  @Override
  public void run() {
    try {
      while (!isStopping()) {
        runSession();
      }
    } catch (InterruptedException e) {
      fail(new SourceException("the replication thread was interrupted", e));
    } catch (SourceException e) {
      fail(e);
    } catch (ConfigurationException e) {
      fail(new SourceException(String.join("; ", e.problems()), e));
    } catch (RuntimeException | Error e) {
      fail(new SourceException("stopped by a defect, please report it: " + e, e));
    }
  }

  private boolean isStopping() {
    return stopping.getCount() == 0;
  }

  /** Being stopped is the reason for many a failure, and then it is none. */
  private void fail(SourceException failure) {
    lock.lock();
    try {
      if (phase == Phase.RUNNING) {
        log.error("{}: stopped: {}", config.id(), failure.getMessage(), defect(failure));
        enter(Phase.FAILED, SourceState.FAILED, failure);
      } else {
        log.debug("{}: the replication thread was told to end", config.id(), failure);
      }
    } finally {
      lock.unlock();
    }
  }

  /** What only its stack trace can explain. */
  private static @Nullable Throwable defect(SourceException failure) {
    Throwable cause = failure.getCause();
    return cause instanceof IOException || cause instanceof ConfigurationException ? null : cause;
  }

  private void runSession() throws InterruptedException {
    boolean binary = false;
    Optional<PostgresPosition> before = hub.position();
    try (StreamSession opened =
        StreamSession.open(config, format, connections, hub, counters, this::noteWaiting)) {
      session = opened;
      binary = opened.isBinary();
      if (isStopping()) {
        return;
      }
      if (!hub.hasSubscriptions()) {
        show(SourceState.RUNNING, "a subscriber", null);
        opened.awaitSubscription();
        return; // the wait may have been long: a new session looks at the slot again
      }
      opened.stream(warnedTables, patience, this::noteStreaming);
      log.info("{}: nobody reads any more, or from elsewhere", config.id());
    } catch (SlotLostException e) {
      if (config.onSlotLoss() == SlotLossPolicy.FAIL) {
        throw e;
      }
      log.warn("{}: {}; the subscribers are bootstrapped again", config.id(), e.what());
      loss.lost(e.what());
      lookedAgain = false;
    } catch (IOException e) {
      boolean progress = !hub.position().equals(before);
      patience.ended(e, progress);
      if (backoff.ended(progress)) {
        lastTrouble = null;
        lookedAgain = false;
      }
      if (!isStopping() && !(binary && goesOnAsText(e)) && !goesOnWithoutStreaming(e)) {
        recover(e);
      }
    } finally {
      session = null;
    }
  }

  private void noteWaiting(String what) {
    show(SourceState.STARTING, what, null);
  }

  private void noteStreaming() {
    counters.addSession();
    backoff.streaming();
    show(SourceState.RUNNING, null, null);
  }

  /**
   * Whether what ended a session was its binary format. Then all further ones ask for text: the
   * next begins after the last whole transaction, so that nothing is lost.
   */
  private boolean goesOnAsText(IOException error) {
    boolean textMayHelp =
        error instanceof TextNeededException
            || error instanceof TransactionException
            || (error instanceof ServerErrorException refused
                && refused.sqlState().equals(UNDEFINED_FUNCTION));
    if (textMayHelp) {
      format = format.asText();
      log.info("{}: goes on with values as text: {}", config.id(), error.getMessage());
    }
    return textMayHelp;
  }

  /**
   * Whether what ended a session was too little disk for transactions that have not committed. Then
   * they wait on the server's disk from now on.
   */
  private boolean goesOnWithoutStreaming(IOException error) {
    boolean mayHelp = error instanceof StreamingLimitException;
    if (mayHelp) {
      format = format.withoutStreaming();
      log.warn(
          "{}: goes on with streaming off, so that transactions wait on the server's disk until"
              + " they commit: {}",
          config.id(),
          error.getMessage());
    }
    return mayHelp;
  }

  private void recover(IOException error) throws InterruptedException {
    log.debug("{}: the session ended", config.id(), error);
    Optional<SourceException> failure = remedies.failure(error);
    if (failure.isPresent() && !looksAgain(error)) {
      throw failure.get();
    }
    failWhenSeenBefore(error);
    Duration wait = backoff.next();
    String trouble = remedies.explain(error);
    if (!trouble.equals(lastTrouble)) {
      lastTrouble = trouble;
      log.warn("{}: {}; trying again", config.id(), trouble);
    }
    show(
        SourceState.RECONNECTING,
        "the next attempt to connect",
        new SourceException(trouble, error));
    if (stopping.await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new InterruptedException("stopped while waiting to reconnect");
    }
  }

  /** Whether the slot may just have been lost, which the next session sees if it is so. */
  private boolean looksAgain(IOException error) {
    boolean again =
        config.onSlotLoss() == SlotLossPolicy.REBOOTSTRAP
            && !lookedAgain
            && error instanceof ServerErrorException refused
            && SLOT_LOSS.contains(refused.sqlState());
    lookedAgain = again;
    return again;
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
