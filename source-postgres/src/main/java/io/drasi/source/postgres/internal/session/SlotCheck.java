package io.drasi.source.postgres.internal.session;

import io.drasi.api.source.SourceException;
import io.drasi.postgres.protocol.ConnectionException;
import io.drasi.postgres.protocol.ServerErrorException;
import io.drasi.postgres.protocol.Session;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.postgres.protocol.replication.CreatedSlot;
import io.drasi.postgres.protocol.replication.ReplicationCommands;
import io.drasi.postgres.protocol.replication.SlotName;
import io.drasi.postgres.protocol.replication.SlotState;
import io.drasi.source.postgres.PostgresSourceConfig;
import io.drasi.source.postgres.SlotLossPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the replication slot fit for use, or creates it.
 *
 * <p>Confined to the replication thread.
 */
final class SlotCheck {
  private static final Logger log = LoggerFactory.getLogger(SlotCheck.class);
  private static final String PLUGIN = "pgoutput";
  private static final String DUPLICATE_OBJECT = "42710";
  private static final int STANDBYS_DECODE_SINCE = 16;

  private final PostgresSourceConfig config;
  private final OpenConnections connections;
  private final SlotName name;
  private final Session session;
  private final ReplicationCommands commands;
  private final Consumer<String> waiting;

  /**
   * A look at the slot.
   *
   * @param connections opens another connection, where that takes long
   * @param session the session it is made on
   * @param waiting is told what is waited for, in words
   */
  SlotCheck(
      PostgresSourceConfig config,
      OpenConnections connections,
      Session session,
      Consumer<String> waiting) {
    this.config = config;
    this.connections = connections;
    this.name = config.slotName();
    this.session = session;
    this.commands = new ReplicationCommands(session);
    this.waiting = waiting;
  }

  /**
   * Looks, and creates the slot where there is none.
   *
   * @param mustExist whether the slot has been used before, so that its absence is a loss
   * @param lossIsNoted whether subscribers are to be told of the loss already: an invalidated slot
   *     is replaced then
   * @return what the slot has confirmed
   */
  Lsn run(boolean mustExist, boolean lossIsNoted) throws IOException {
    requireDecoding();
    Optional<SlotState> state = commands.slot(name);
    if (state.isPresent()) {
      requireOurs(state.get());
      if (invalidation(state.get()).isPresent() && config.onSlotLoss() != SlotLossPolicy.FAIL) {
        replace(state.get(), lossIsNoted);
        state = Optional.empty();
      }
    }
    if (state.isEmpty() && mustExist) {
      throw new SlotLostException(
          "the replication slot %s is gone, and with it the changes since its last confirmed position"
              .formatted(name),
          "; %s, which creates it, and bootstrap the subscribers again; or set on_slot_loss to rebootstrap"
              .formatted(beginAnew(config)));
    }
    if (state.isEmpty()) {
      state = create();
    }
    SlotState slot =
        state.orElseThrow(() -> problem("the slot " + name + " has just been dropped"));
    Lsn confirmed = confirmed(slot);
    if (config.slotFailover() && !slot.failover() && !isStandby()) {
      commands.alterSlot(name, true);
      log.info("{}: standbys get the replication slot {} from now on", config.id(), name);
    }
    return confirmed;
  }

  /** After a failover one may come before the server is promoted; it is tried again. */
  private void requireDecoding() throws IOException {
    if (!session.serverVersion().isAtLeast(STANDBYS_DECODE_SINCE) && isStandby()) {
      throw new ConnectionException(
          "this server is a standby, from which can be streamed since PostgreSQL %d only: wait until it is promoted, or add the primary to host, and set target_session_attrs to read-write"
              .formatted(STANDBYS_DECODE_SINCE),
          null);
    }
  }

  private Optional<SlotState> create() throws IOException {
    log.info("{}: creating the replication slot {}", config.id(), name);
    if (hasOpenTransactions()) {
      waiting.accept("the slot %s, which waits for the transactions open now".formatted(name));
    }
    session.setReadTimeout(Duration.ZERO);
    var watch = new AnswerWatch(config.id(), connections, session);
    try (watch) {
      CreatedSlot created =
          commands.createSlot(name, PLUGIN, config.slotFailover() && !isStandby());
      log.info(
          "{}: created the replication slot {} at {}",
          config.id(),
          name,
          created.consistentPoint());
    } catch (ConnectionException e) {
      throw watch.explain(e);
    } catch (ServerErrorException e) {
      if (!e.sqlState().equals(DUPLICATE_OBJECT)) {
        throw e;
      }
      log.info("{}: someone else has just created the slot {}", config.id(), name);
    }
    session.setReadTimeout(StreamSession.SILENCE);
    return commands.slot(name);
  }

  /** Of any database, the prepared ones too: a new slot can begin only when they have ended. */
  private boolean hasOpenTransactions() throws IOException {
    return !session
        .query(
            "SELECT backend_xid FROM pg_catalog.pg_stat_activity WHERE backend_xid IS NOT NULL"
                + " UNION ALL SELECT transaction FROM pg_catalog.pg_prepared_xacts LIMIT 1")
        .get(0)
        .rows()
        .isEmpty();
  }

  private Lsn confirmed(SlotState slot) throws IOException {
    Optional<Problem> unfit = unfitness(config, slot);
    if (unfit.isPresent()) {
      throw unfit.get().toException();
    }
    if (slot.confirmedFlush().isEmpty()) {
      throw new ConnectionException(
          "the replication slot %s is still being created%s, which waits for open transactions"
              .formatted(name, slot.activePid().map(pid -> " by process " + pid).orElse("")),
          null);
    }
    return slot.confirmedFlush().get();
  }

  private boolean isStandby() throws IOException {
    return session
        .query("SELECT pg_catalog.pg_is_in_recovery() AS standby")
        .get(0)
        .required(0, "standby")
        .equals("t");
  }

  /** Nothing is done to a slot of others, nor to a standby's copy of its primary's. */
  private void requireOurs(SlotState slot) throws IOException {
    Optional<Problem> foreign = foreignness(config, slot);
    if (foreign.isPresent()) {
      throw foreign.get().toException();
    }
    if (slot.synced() && isStandby()) { // a promoted server keeps the mark
      throw new ConnectionException(
          "this server is a standby, and its slot %s a copy that cannot be used before it is promoted: add the primary to host, and set target_session_attrs to read-write"
              .formatted(name),
          null);
    }
  }

  /** Makes room for another slot, once nobody can miss that changes are lost. */
  private void replace(SlotState slot, boolean lossIsNoted) throws IOException {
    if (!lossIsNoted) {
      throw new SlotLostException(loss(name, invalidation(slot).orElseThrow()), "");
    }
    commands.dropSlot(name);
  }

  /** Why a slot cannot be used, whatever is waited for. */
  static Optional<Problem> unfitness(PostgresSourceConfig config, SlotState slot) {
    return foreignness(config, slot)
        .or(() -> invalidation(slot).map(why -> invalidated(config, why)));
  }

  /** Why a slot cannot be one of this source. */
  private static Optional<Problem> foreignness(PostgresSourceConfig config, SlotState slot) {
    SlotName name = config.slotName();
    String plugin = slot.plugin().orElse("");
    String database = slot.database().orElse("");
    if (!slot.logical()) {
      return unfit(name, "is a physical slot");
    }
    if (!plugin.equals(PLUGIN)) {
      return unfit(name, "uses the output plugin %s, not pgoutput".formatted(plugin));
    }
    if (!database.equals(config.connection().database())) {
      return unfit(
          name,
          "belongs to the database %s, not %s".formatted(database, config.connection().database()));
    }
    if (slot.twoPhase()) {
      return unfit(name, "was created with two_phase");
    }
    return Optional.empty();
  }

  private static Optional<String> invalidation(SlotState slot) {
    return slot.invalidation()
        .or(() -> slot.walStatus().filter("lost"::equals).map("wal_status "::concat));
  }

  private static Problem invalidated(PostgresSourceConfig config, String why) {
    SlotName name = config.slotName();
    String drop = "SELECT pg_drop_replication_slot('%s');".formatted(name);
    return new Problem(
        "%s. Run %s %s, and bootstrap the subscribers again, or set on_slot_loss to rebootstrap; %s to avoid it"
            .formatted(loss(name, why), drop, beginAnew(config), avoidance(why)),
        drop);
  }

  /** What makes another slot. With a state_dir the source knows that there was one before. */
  private static String beginAnew(PostgresSourceConfig config) {
    String anew = "make a new source (or run the command again)";
    return config.stateDir() == null ? anew : "remove the source's file from state_dir, " + anew;
  }

  private static String loss(SlotName name, String why) {
    return "the replication slot %s has been invalidated (%s): the changes since its last confirmed position are lost"
        .formatted(name, why);
  }

  /** The reasons are those of the manual's page on pg_replication_slots. */
  private static String avoidance(String reason) {
    return switch (reason) {
      case "idle_timeout" ->
          "raise idle_replication_slot_timeout, or do not leave the source stopped for so long,";
      case "rows_removed" -> "set hot_standby_feedback = on at the standby";
      case "wal_level_insufficient" -> "leave wal_level at logical";
      default -> "raise max_slot_wal_keep_size";
    };
  }

  /** Others may need it: that it is dropped is never proposed without a question. */
  private static Optional<Problem> unfit(SlotName name, String why) {
    return Optional.of(
        new Problem(
            ("the replication slot %s %s: choose another slot_name, or, if nobody needs it, run"
                    + " SELECT pg_drop_replication_slot('%s');")
                .formatted(name, why, name)));
  }

  private static SourceException problem(String message) {
    return new SourceException(message, null);
  }
}
