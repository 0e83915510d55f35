package io.drasi.source.postgres.internal.session;

import io.drasi.api.source.SourceException;
import io.drasi.postgres.decoder.position.PostgresPosition;
import io.drasi.postgres.decoder.row.TableName;
import io.drasi.postgres.protocol.ConnectionException;
import io.drasi.postgres.protocol.Session;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.postgres.protocol.replication.ReplicationCommands;
import io.drasi.postgres.protocol.replication.ReplicationMessage;
import io.drasi.postgres.protocol.replication.ReplicationStream;
import io.drasi.postgres.protocol.replication.SlotState;
import io.drasi.source.postgres.PostgresSourceConfig;
import io.drasi.source.postgres.Streaming;
import io.drasi.source.postgres.internal.delivery.HubSession;
import io.drasi.source.postgres.internal.delivery.SubscriptionHub;
import io.drasi.source.postgres.internal.session.OpenConnections.Purpose;
import io.drasi.source.postgres.internal.transaction.RelationResolver;
import io.drasi.source.postgres.internal.transaction.TransactionAssembler;
import io.drasi.source.postgres.internal.transaction.TransactionMemory;
import io.drasi.source.postgres.internal.transaction.TypeResolver;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A replication connection, from its opening to its end. It never survives an error: whoever opened
 * it closes it and opens another.
 *
 * <p>Confined to the replication thread, but for {@link #confirmedAdvanced} and {@link #close}.
 */
public final class StreamSession implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StreamSession.class);
  private static final Duration REPORT_INTERVAL = Duration.ofSeconds(10);

  /** After so much silence a server that owes an answer is taken for gone. */
  static final Duration SILENCE = Duration.ofSeconds(60);

  /** So often it is looked at what the slot keeps while nobody subscribes. */
  private static final Duration RETAINED_WAL_INTERVAL = Duration.ofSeconds(30);

  /** How long the last report may take to leave. */
  private static final Duration FAREWELL = Duration.ofMillis(300);

  private final PostgresSourceConfig config;
  private final OpenConnections connections;
  private final SubscriptionHub hub;
  private final StreamCounters counters;
  private final Session session;
  private final SessionSetup.Outcome setup;
  private volatile @Nullable StatusReporter reporter;
  private volatile @Nullable Thread statusThread;
  private volatile boolean ended;

  private StreamSession(
      PostgresSourceConfig config,
      OpenConnections connections,
      SubscriptionHub hub,
      StreamCounters counters,
      Session session,
      SessionSetup.Outcome setup) {
    this.config = config;
    this.connections = connections;
    this.hub = hub;
    this.counters = counters;
    this.session = session;
    this.setup = setup;
  }

  /**
   * Connects and looks whether everything is in order; creates the slot where there is none.
   *
   * @param format what values may come as
   * @param waiting is told what is waited for, in words
   * @param connections opens the connections, and closes them when the session is not waited for
   * @throws SourceException when something is not, which the operator has to mend
   * @throws IOException when something failed; {@link Remedies} tells whether it passes by itself
   */
  public static StreamSession open(
      PostgresSourceConfig config,
      StreamFormat format,
      OpenConnections connections,
      SubscriptionHub hub,
      StreamCounters counters,
      Consumer<String> waiting)
      throws IOException {
    Session session = connections.open(Purpose.STREAM);
    try {
      session.setReadTimeout(SILENCE);
      SessionSetup.Outcome setup =
          new SessionSetup(config, format, connections, session).run(hub, waiting);
      return new StreamSession(config, connections, hub, counters, session, setup);
    } catch (Throwable e) {
      session.close();
      throw e;
    }
  }

  /**
   * Streams until nobody wants it any more, or the stream has to start elsewhere.
   *
   * @param warned the tables that a warning was logged for already; grows
   * @param patience how long the server may be silent
   * @param streaming is called when the stream has begun
   */
  public void stream(Set<TableName> warned, Patience patience, Runnable streaming)
      throws IOException, InterruptedException {
    var hold = new HoldProbe(config, connections);
    Optional<HubSession> begun = hub.begin(setup.origin(), hold);
    if (begun.isEmpty()) {
      return;
    }
    try {
      stream(begun.get(), hold, warned, patience.with(setup.walSenderTimeout()), streaming);
    } catch (IOException e) {
      if (!ended) {
        throw e;
      }
      log.debug("{}: the session was told to end", config.id(), e);
    }
  }

  private void stream(
      HubSession handover,
      HoldProbe hold,
      Set<TableName> warned,
      Duration silence,
      Runnable streaming)
      throws IOException, InterruptedException {
    var notices = new ServerNotices(config);
    session.onNotice(notices);
    ReplicationStream stream =
        new ReplicationCommands(session)
            .start(
                config.slotName(), handover.start(), setup.startOptions(config.publicationName()));
    requireSlotUnmoved(handover.start());
    log.info(
        "{}: streaming from {}, values as {}, transactions {}",
        config.id(),
        handover.start(),
        setup.binary() ? "binary" : "text",
        setup.streaming() == Streaming.OFF ? "when they commit" : "as they go on");
    session.setReadTimeout(silence);
    StatusReporter reports = startReporter(stream, handover.start());
    var watch = new SlotWatch(config, connections, hub);
    try (watch;
        var lookup = new CatalogLookup(connections);
        TransactionAssembler assembler = assembler(lookup, warned)) {
      var loop = new MessageLoop(config.id(), slot(), counters, assembler, handover, reports);
      streaming.run();
      boolean wanted = true;
      while (wanted) {
        ReplicationMessage message = stream.receive();
        notices.requireNothingSkipped();
        wanted = loop.handle(message);
        hold.released();
        lookup.closeWhenIdle();
      }
    }
  }

  private TransactionAssembler assembler(CatalogLookup lookup, Set<TableName> warned) {
    return new TransactionAssembler(
        slot().systemId(),
        slot().timeline(),
        new RelationResolver(
            config,
            setup.identities(),
            lookup::identity,
            new TypeResolver(setup.types(), lookup::types),
            setup.binary(),
            warned),
        new TransactionMemory(hub.space(), config.memoryLimitBytes() / 2));
  }

  /**
   * Where the slot was moved between the look at it and the start of the stream, the server has
   * passed over the changes between, and does not say so. From the start on nobody else can move
   * it.
   */
  private void requireSlotUnmoved(Lsn start) throws IOException {
    try (Session lookup = connections.open(Purpose.LOOKUP)) {
      lookup.setReadTimeout(SILENCE);
      Optional<Lsn> confirmed =
          new ReplicationCommands(lookup)
              .slot(config.slotName())
              .flatMap(SlotState::confirmedFlush);
      if (confirmed.isEmpty() || confirmed.get().isAfter(start)) {
        throw new ConnectionException(
            "the replication slot %s was moved while the stream began".formatted(config.slotName()),
            null);
      }
    }
  }

  private PostgresPosition slot() {
    return setup.origin().slot();
  }

  /**
   * Waits until somebody subscribes; warns while the server's log grows meanwhile.
   *
   * @throws IOException when the connection is lost
   */
  public void awaitSubscription() throws IOException, InterruptedException {
    var retained = new RetainedWal(config.id(), config.slotName());
    while (!ended && !hub.awaitSubscription(RETAINED_WAL_INTERVAL)) {
      retained.look(session, "nobody subscribes; subscribe, or remove the slot with deprovision()");
    }
  }

  /** Whether the server was asked for the binary format. */
  public boolean isBinary() {
    return setup.binary();
  }

  private StatusReporter startReporter(ReplicationStream stream, Lsn start) {
    Duration third = setup.walSenderTimeout().dividedBy(3);
    Duration interval =
        third.isZero() || third.compareTo(REPORT_INTERVAL) > 0 ? REPORT_INTERVAL : third;
    var newReporter =
        new StatusReporter(stream, hub, start, slot().endLsn(), interval, e -> session.close());
    var thread = new Thread(newReporter, config.id() + "-status");
    thread.setDaemon(true);
    reporter = newReporter;
    statusThread = thread;
    thread.start();
    return newReporter;
  }

  /**
   * Ends the session, as {@link #close} does, without that being a failure: the stream has to start
   * elsewhere, or nobody reads it. May be called from any thread.
   */
  public void end() {
    ended = true;
    close();
  }

  /** Subscribers have acknowledged more. May be called from any thread. */
  public void confirmedAdvanced() {
    StatusReporter reports = reporter;
    if (reports != null) {
      reports.confirmedAdvanced();
    }
  }

  /**
   * Sends a last report, as far as it can be sent at once, and closes the connection. May be called
   * from any thread, more than once.
   */
  @Override
  public void close() {
    StatusReporter reports = reporter;
    Thread thread = statusThread;
    if (reports != null && thread != null) {
      reports.end();
      awaitFarewell(thread);
    }
    session.close();
  }

  private static void awaitFarewell(Thread thread) {
    if (thread == Thread.currentThread()) {
      return;
    }
    boolean interrupted = Thread.interrupted();
    try {
      thread.join(FAREWELL.toMillis());
      thread.interrupt();
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
