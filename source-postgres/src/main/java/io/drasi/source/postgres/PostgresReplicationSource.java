package io.drasi.source.postgres;

import io.drasi.api.bootstrap.BootstrapProvider;
import io.drasi.api.config.ConfigurationException;
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
import io.drasi.postgres.decoder.value.Codecs;
import io.drasi.postgres.protocol.Connector;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.source.postgres.internal.StatusBoard;
import io.drasi.source.postgres.internal.SteadyClock;
import io.drasi.source.postgres.internal.Supervisor;
import io.drasi.source.postgres.internal.bootstrap.Bootstraps;
import io.drasi.source.postgres.internal.delivery.DeliverySettings;
import io.drasi.source.postgres.internal.delivery.HubSubscription;
import io.drasi.source.postgres.internal.delivery.Register;
import io.drasi.source.postgres.internal.delivery.SubscriptionHub;
import io.drasi.source.postgres.internal.session.SlotRemoval;
import io.drasi.source.postgres.internal.session.StreamCounters;
import io.drasi.source.postgres.internal.spill.SpillSpace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
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
 * <p>Thread-safe: guarded by {@code lifecycle}, which is held while a session ends, and while the
 * slot is removed, which whoever wants the lock to stop gives up first.
 */
public final class PostgresReplicationSource implements ManagedSource {
  /** The kind of these sources. */
  public static final String KIND = "postgres";

  /** With what a session needs for its farewell, stopping stays within a second. */
  private static final Duration STOP_PATIENCE = Duration.ofMillis(600);

  /** Bootstraps end beside the session; after so long since they were told to, a stop returns. */
  private static final Duration BOOTSTRAP_STOP_PATIENCE = Duration.ofMillis(950);

  /**
   * While a subscriber holds the stream back, so often it is looked whether the server is there.
   */
  private static final Duration HOLD_INTERVAL = Duration.ofSeconds(5);

  private final PostgresSourceConfig config;
  private final Connector connector;
  private final Codecs codecs;
  private final StreamCounters counters = new StreamCounters();
  private final SubscriptionHub hub;
  private final StatusBoard board;
  private final @Nullable Bootstraps bootstraps;
  private final ReentrantLock lifecycle = new ReentrantLock();
  private final AtomicInteger stopsWanted = new AtomicInteger();
  private volatile @Nullable Supervisor supervisor;
  private volatile @Nullable SlotRemoval removal;
  private boolean cleaned;
  private volatile boolean closed;

  private PostgresReplicationSource(
      PostgresSourceConfig config,
      Connector connector,
      Codecs codecs,
      @Nullable BootstrapProvider provider) {
    if (config.onSlotLoss() == SlotLossPolicy.REBOOTSTRAP && provider == null) {
      throw new ConfigurationException(
          List.of("on_slot_loss: rebootstrap needs a bootstrap provider; set bootstrap_provider"));
    }
    this.config = config;
    this.connector = connector;
    this.codecs = codecs;
    this.hub =
        new SubscriptionHub(
            deliverySettings(config), register(config), SteadyClock.begin(), new SessionLink());
    this.board = new StatusBoard(this);
    this.bootstraps = provider == null ? null : new Bootstraps(config.id(), hub, provider);
  }

  private static Register register(PostgresSourceConfig config) {
    Path folder = config.stateDir();
    return folder == null
        ? Register.inMemory()
        : Register.in(folder, config.id(), config.slotName());
  }

  private static DeliverySettings deliverySettings(PostgresSourceConfig config) {
    return new DeliverySettings(
        config.id(),
        config.dispatchMode(),
        config.dispatchBufferCapacity(),
        config.memoryLimitBytes() / 2,
        config.subscriberTimeout(),
        HOLD_INTERVAL,
        new SpillSpace(config.id(), config.spillDir(), config.spillLimitBytes()));
  }

  /** A source made from this configuration, without bootstrap provider. It is not started. */
  public static PostgresReplicationSource create(PostgresSourceConfig config) {
    return create(config, Connector.create(), Codecs.create());
  }

  /** A source made from this configuration. It is not started. */
  public static PostgresReplicationSource create(
      PostgresSourceConfig config, BootstrapProvider provider) {
    return create(config, Connector.create(), Codecs.create(), provider);
  }

  /** A source made from this configuration, without bootstrap provider. It is not started. */
  public static PostgresReplicationSource create(
      PostgresSourceConfig config, Connector connector, Codecs codecs) {
    return new PostgresReplicationSource(config, connector, codecs, null);
  }

  /** A source made from this configuration. It is not started. */
  public static PostgresReplicationSource create(
      PostgresSourceConfig config, Connector connector, Codecs codecs, BootstrapProvider provider) {
    return new PostgresReplicationSource(
        config, connector, codecs, Objects.requireNonNull(provider, "provider"));
  }

  /**
   * A builder with the defaults.
   *
   * @param id the source's id, unique in its host
   */
  public static Builder builder(String id) {
    return new Builder(id);
  }

  /** Passes on to the supervisor what the hub has to say to the session. */
  private final class SessionLink implements SubscriptionHub.Listener {
    @Override
    public void confirmedAdvanced() {
      Supervisor current = supervisor;
      if (current != null) {
        current.confirmedAdvanced();
      }
    }

    @Override
    public void restartWanted() {
      Supervisor current = supervisor;
      if (current != null) {
        current.restartWanted();
      }
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
  public boolean canBootstrap() {
    return bootstraps != null;
  }

  @Override
  public SourceStatus status() {
    SourceStatus status = board.status();
    if (status.state() != SourceState.RUNNING) {
      return status;
    }
    return hub.heldBackBy()
        .or(() -> Optional.ofNullable(bootstraps).flatMap(Bootstraps::waitingFor))
        .map(what -> SourceStatus.of(status.state(), status.since(), what, null))
        .orElse(status);
  }

  @Override
  public Subscription subscribe(SubscriptionRequest request) {
    Bootstraps loads = bootstraps;
    if (request.bootstrap() && request.resumeFrom().isEmpty() && loads == null) {
      throw new SourceException(
          ("the subscriber %s wants a bootstrap, but the source %s has no bootstrap provider: set"
                  + " bootstrap_provider, or call withBootstrapProvider")
              .formatted(request.subscriberId(), id()),
          null);
    }
    HubSubscription subscription = hub.subscribe(request);
    if (loads != null && subscription.isBootstrapWanted()) {
      bootstrap(subscription, loads);
    }
    return subscription;
  }

  private static void bootstrap(HubSubscription subscription, Bootstraps loads) {
    try {
      loads.add(subscription);
    } catch (RuntimeException | Error e) { // such as no memory for another thread
      subscription.close();
      throw e;
    }
  }

  private void bootstrapAgain(String reason) throws InterruptedException {
    Bootstraps loads = Objects.requireNonNull(bootstraps); // the policy needs them
    loads.repeat(hub.lose(reason), reason);
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
      if (!cleaned) {
        cleaned = true;
        hub.space().removeLeftovers();
      }
      Supervisor current = supervisor;
      if (current == null || !current.isRunning()) {
        hub.setFailure(null);
        var next =
            new Supervisor(config, connector, codecs, hub, this::bootstrapAgain, board, counters);
        supervisor = next;
        next.start();
        if (bootstraps != null) {
          bootstraps.start();
        }
      }
    } finally {
      lifecycle.unlock();
    }
  }

  @Override
  public void stop() {
    lockToStop();
    try {
      endSession();
    } finally {
      lifecycle.unlock();
    }
  }

  /** Takes the lock, which a removal that waits for the server does not keep. */
  private void lockToStop() {
    stopsWanted.incrementAndGet(); // before the look at the removal, which looks after it began
    SlotRemoval current = removal;
    if (current != null && !lifecycle.isHeldByCurrentThread()) {
      current.giveUp();
    }
    lifecycle.lock();
    stopsWanted.decrementAndGet();
  }

  private void endSession() {
    lifecycle.lock();
    try {
      long begun = System.nanoTime();
      if (bootstraps != null) {
        bootstraps.stop();
      }
      Supervisor current = supervisor;
      if (current != null) {
        current.stop(STOP_PATIENCE);
        supervisor = null;
      }
      awaitBootstraps(BOOTSTRAP_STOP_PATIENCE.minusNanos(System.nanoTime() - begun));
      board.transition(SourceState.STOPPED, null, null);
    } finally {
      lifecycle.unlock();
    }
  }

  private void awaitBootstraps(Duration patience) {
    if (bootstraps != null) {
      try {
        bootstraps.awaitStopped(patience);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void forget(String subscriberId) {
    hub.forget(subscriberId);
  }

  @Override
  public void deprovision() {
    lifecycle.lock();
    try {
      endSession();
      removeSlot();
      hub.reset("the source %s was removed from its database".formatted(id()));
    } finally {
      lifecycle.unlock();
    }
  }

  private void removeSlot() {
    var current = new SlotRemoval(config, connector);
    removal = current;
    if (stopsWanted.get() > 0) {
      current.giveUp();
    }
    try {
      current.run();
    } finally {
      removal = null;
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
    lockToStop();
    try {
      endSession();
      closed = true;
      hub.close("the source %s was closed".formatted(id()));
      board.close();
    } finally {
      lifecycle.unlock();
    }
  }

  /** Builds a {@link PostgresReplicationSource}. Not thread-safe. */
  public static final class Builder extends PostgresSourceOptions<Builder> {
    private @Nullable BootstrapProvider provider;

    private Builder(String id) {
      super(id);
    }

    /** What loads the elements that exist already; nothing does by default. */
    public Builder withBootstrapProvider(BootstrapProvider provider) {
      this.provider = Objects.requireNonNull(provider, "provider");
      return this;
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
      return new PostgresReplicationSource(
          toConfig(), Connector.create(), Codecs.create(), provider);
    }
  }
}
