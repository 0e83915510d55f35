package io.drasi.source.postgres;

import io.drasi.api.source.ManagedSource;
import io.drasi.api.source.SourceException;
import io.drasi.api.source.SourceMetrics;
import io.drasi.api.source.SourcePosition;
import io.drasi.api.source.SourceState;
import io.drasi.api.source.SourceStatus;
import io.drasi.api.source.SourceStatusListener;
import io.drasi.api.source.Subscription;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.postgres.decoder.position.PostgresPosition;
import io.drasi.postgres.protocol.Connector;
import io.drasi.postgres.protocol.Session;
import io.drasi.postgres.protocol.SessionMode;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.postgres.protocol.replication.ReplicationCommands;
import io.drasi.source.postgres.internal.StatusBoard;
import io.drasi.source.postgres.internal.Supervisor;
import io.drasi.source.postgres.internal.delivery.SubscriptionHub;
import io.drasi.source.postgres.internal.session.Remedies;
import io.drasi.source.postgres.internal.session.StreamCounters;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Streams the changes of one PostgreSQL publication to any number of subscriptions, by logical
 * replication with the output plugin {@code pgoutput}.
 *
 * <pre>{@code
 * try (var source =
 *     PostgresReplicationSource.builder("pg-source")
 *         .withHost("db.example.com").withDatabase("shop")
 *         .withUser("drasi").withPassword(password)
 *         .build()) {
 *   var subscription = source.subscribe(SubscriptionRequest.of("my-query"));
 *   source.start();
 *   for (SourceEvent event : subscription) { … }
 * }
 * }</pre>
 *
 * <p>Thread-safe: guarded by {@code lifecycle}, which is held while a session ends.
 */
public final class PostgresReplicationSource implements ManagedSource {
  /** The kind of these sources. */
  static final String KIND = "postgres";

  /** With what a session needs for its farewell, stopping stays within a second. */
  private static final Duration STOP_PATIENCE = Duration.ofMillis(600);

  private final PostgresSourceConfig config;
  private final Connector connector;
  private final StreamCounters counters = new StreamCounters();
  private final SubscriptionHub hub;
  private final StatusBoard board;
  private final ReentrantLock lifecycle = new ReentrantLock();
  private volatile @Nullable Supervisor supervisor;
  private volatile boolean closed;

  private PostgresReplicationSource(PostgresSourceConfig config, Connector connector) {
    Clock clock = Clock.systemUTC();
    this.config = config;
    this.connector = connector;
    this.hub =
        new SubscriptionHub(
            config.dispatchMode(), config.dispatchBufferCapacity(), clock, this::confirmedAdvanced);
    this.board = new StatusBoard(this, clock);
  }

  /** A source made from this configuration. It is not started. */
  public static PostgresReplicationSource create(PostgresSourceConfig config) {
    return new PostgresReplicationSource(config, Connector.create());
  }

  /**
   * A builder with the defaults.
   *
   * @param id the source's id, unique in its host
   */
  public static Builder builder(String id) {
    return new Builder(id);
  }

  private void confirmedAdvanced() {
    Supervisor current = supervisor;
    if (current != null) {
      current.confirmedAdvanced();
    }
  }

  /** What the source was made from. */
  public PostgresSourceConfig config() {
    return config;
  }

  @Override
  public String id() {
    return config.id();
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public boolean autoStart() {
    return config.autoStart();
  }

  @Override
  public SourceStatus status() {
    SourceStatus status = board.status();
    if (status.state() != SourceState.RUNNING) {
      return status;
    }
    return hub.heldBackBy()
        .map(
            subscriber ->
                SourceStatus.of(
                    status.state(), status.since(), "the subscriber " + subscriber, null))
        .orElse(status);
  }

  @Override
  public Subscription subscribe(SubscriptionRequest request) {
    return hub.subscribe(request);
  }

  @Override
  public SourcePosition parsePosition(String printed) {
    return PostgresPosition.parse(printed);
  }

  @Override
  public SourcePosition parsePosition(byte[] bytes) {
    return PostgresPosition.parse(bytes);
  }

  @Override
  public void start() {
    lifecycle.lock();
    try {
      if (closed) {
        throw new SourceException("the source %s is closed".formatted(id()), null);
      }
      Supervisor current = supervisor;
      if (current == null || !current.isRunning()) {
        hub.setFailure(null);
        var next = new Supervisor(config, connector, hub, board, counters);
        supervisor = next;
        next.start();
      }
    } finally {
      lifecycle.unlock();
    }
  }

  @Override
  public void stop() {
    lifecycle.lock();
    try {
      Supervisor current = supervisor;
      if (current != null) {
        current.stop(STOP_PATIENCE);
        supervisor = null;
      }
      board.transition(SourceState.STOPPED, null, null);
    } finally {
      lifecycle.unlock();
    }
  }

  @Override
  public void forget(String subscriberId) {
    hub.forget(subscriberId);
  }

  @Override
  public void deprovision() {
    stop();
    try (Session session = connector.connect(config.connection(), SessionMode.REPLICATION)) {
      var commands = new ReplicationCommands(session);
      if (commands.slot(config.slotName()).isPresent()) {
        commands.dropSlot(config.slotName());
      }
    } catch (IOException e) {
      throw new SourceException(
          "the slot %s was not dropped: %s"
              .formatted(config.slotName(), new Remedies(config).explain(e)),
          e);
    }
  }

  @Override
  public Registration addStatusListener(SourceStatusListener listener) {
    return board.add(listener);
  }

  @Override
  public SourceMetrics metrics() {
    Optional<PostgresPosition> received = hub.position();
    Optional<SourcePosition> confirmed = received.map(position -> at(position, hub.confirmed()));
    record Snapshot(
        long transactions,
        long changes,
        long bytes,
        long sessions,
        int subscriptions,
        Optional<SourcePosition> received,
        Optional<SourcePosition> confirmed)
        implements SourceMetrics {}
    return new Snapshot(
        counters.transactions(),
        counters.changes(),
        counters.bytes(),
        counters.sessions(),
        hub.subscriptionCount(),
        received.map(SourcePosition.class::cast),
        confirmed);
  }

  private static SourcePosition at(PostgresPosition position, Lsn lsn) {
    return PostgresPosition.after(position.systemId(), position.timeline(), lsn);
  }

  @Override
  public void close() {
    lifecycle.lock();
    try {
      stop();
      closed = true;
      hub.close("the source %s was closed".formatted(id()));
      board.close();
    } finally {
      lifecycle.unlock();
    }
  }

  /** Builds a {@link PostgresReplicationSource}. Not thread-safe. */
  public static final class Builder extends PostgresSourceOptions<Builder> {
    private Builder(String id) {
      super(id);
    }

    @Override
    Builder self() {
      return this;
    }

    /**
     * The source. It is not started.
     *
     * @throws io.drasi.api.config.ConfigurationException when something is missing or out of bounds
     */
    public PostgresReplicationSource build() {
      return create(toConfig());
    }
  }
}
