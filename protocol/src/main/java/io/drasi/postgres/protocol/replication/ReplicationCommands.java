package io.drasi.postgres.protocol.replication;

import io.drasi.postgres.protocol.Session;
import io.drasi.postgres.protocol.Sql;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The replication commands, on a session in {@link
 * io.drasi.postgres.protocol.SessionMode#REPLICATION}. Confined to the session's thread.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-replication.html">Manual,
 *     Streaming Replication Protocol</a>
 */
public final class ReplicationCommands {
  private final Session session;

  /** Commands on this session. */
  public ReplicationCommands(Session session) {
    this.session = session;
  }

  /** IDENTIFY_SYSTEM. */
  public SystemIdentity identifySystem() throws IOException {
    var answer = Answer.of("IDENTIFY_SYSTEM", session.query("IDENTIFY_SYSTEM"));
    return new SystemIdentity(
        answer.text("systemid"), answer.integer("timeline"), answer.lsn("xlogpos"));
  }

  /**
   * TIMELINE_HISTORY.
   *
   * @return the timeline's history file; the first timeline has none
   */
  public String timelineHistory(int timeline) throws IOException {
    String command = "TIMELINE_HISTORY " + Integer.toUnsignedString(timeline);
    return Answer.of(command, session.query(command)).text("content");
  }

  /**
   * Reads the state of a slot, of whatever kind it is.
   *
   * @return its state, or empty when there is no such slot
   */
  public Optional<SlotState> slot(SlotName name) throws IOException {
    Optional<Answer> row =
        Answer.ofOptional(
            "pg_replication_slots",
            session.query(
                "SELECT s.*, s.slot_type = 'logical' AS is_logical"
                    + " FROM pg_catalog.pg_replication_slots s WHERE slot_name = "
                    + Sql.literal(name.value())));
    return row.isEmpty() ? Optional.empty() : Optional.of(readSlot(row.get()));
  }

  private static SlotState readSlot(Answer row) throws ProtocolException {
    return new SlotState(
        row.isTrue("is_logical"),
        row.optional("plugin"),
        row.optional("database"),
        row.isTrue("temporary"),
        row.optionalInteger("active_pid"),
        row.optionalLsn("confirmed_flush_lsn"),
        row.optionalLsn("restart_lsn"),
        row.newer("wal_status"),
        row.newer("invalidation_reason"),
        row.isTrue("failover"),
        row.isTrue("synced"),
        row.isTrue("two_phase"));
  }

  /**
   * CREATE_REPLICATION_SLOT for a logical slot that survives the session, without a snapshot. Waits
   * until the transactions that are open now have ended.
   *
   * @param failover whether standbys are to have it; PostgreSQL 17 and later
   */
  public CreatedSlot createSlot(SlotName name, String plugin, boolean failover) throws IOException {
    String options =
        session.serverVersion().isAtLeast(15)
            ? "(SNAPSHOT 'nothing'%s)".formatted(failover ? ", FAILOVER" : "")
            : "NOEXPORT_SNAPSHOT";
    return createSlot(name, "LOGICAL", plugin, options);
  }

  /**
   * ALTER_REPLICATION_SLOT. Refused with SQLSTATE 55006 while another session uses the slot.
   *
   * @param failover whether standbys are to have it from now on; PostgreSQL 17 and later
   */
  public void alterSlot(SlotName name, boolean failover) throws IOException {
    session.query(
        "ALTER_REPLICATION_SLOT %s (FAILOVER %s)"
            .formatted(Sql.identifier(name.value()), failover));
  }

  /**
   * CREATE_REPLICATION_SLOT for a logical slot that ends with the session at the latest, and
   * exports the snapshot of its consistent point. Waits until the transactions that are open now
   * have ended.
   */
  public CreatedSlot createTemporarySlotWithSnapshot(SlotName name, String plugin)
      throws IOException {
    String options =
        session.serverVersion().isAtLeast(15) ? "(SNAPSHOT 'export')" : "EXPORT_SNAPSHOT";
    return createSlot(name, "TEMPORARY LOGICAL", plugin, options);
  }

  private CreatedSlot createSlot(SlotName name, String kind, String plugin, String options)
      throws IOException {
    var answer =
        Answer.of(
            "CREATE_REPLICATION_SLOT",
            session.queryPatiently(
                "CREATE_REPLICATION_SLOT %s %s %s %s"
                    .formatted(
                        Sql.identifier(name.value()), kind, Sql.identifier(plugin), options)));
    return new CreatedSlot(answer.lsn("consistent_point"), answer.optional("snapshot_name"));
  }

  /** DROP_REPLICATION_SLOT. Refused with SQLSTATE 55006 while another session uses the slot. */
  public void dropSlot(SlotName name) throws IOException {
    session.query("DROP_REPLICATION_SLOT %s".formatted(Sql.identifier(name.value())));
  }

  /**
   * START_REPLICATION of a logical slot.
   *
   * @param slot the slot
   * @param from where to start; the server starts no earlier than at the slot's confirmed position
   * @param options the plugin's options, in order; may be none
   */
  public ReplicationStream start(SlotName slot, Lsn from, Map<String, String> options)
      throws IOException {
    String list =
        options.entrySet().stream()
            .map(option -> Sql.identifier(option.getKey()) + " " + quoted(option.getValue()))
            .collect(Collectors.joining(", "));
    String command =
        "START_REPLICATION SLOT %s LOGICAL %s".formatted(Sql.identifier(slot.value()), from)
            + (list.isEmpty() ? "" : " (" + list + ")");
    return new ReplicationStream(session.copyBoth(command));
  }

  /** A string of the replication grammar, which knows no escape but the doubled quote. */
  private static String quoted(String value) {
    return "'" + value.replace("'", "''") + "'";
  }

  /** SHOW. The setting may be written in any case, which the server's answer does not repeat. */
  public String show(String setting) throws IOException {
    return Answer.of("SHOW", session.query("SHOW " + Sql.identifier(setting))).onlyText();
  }
}
