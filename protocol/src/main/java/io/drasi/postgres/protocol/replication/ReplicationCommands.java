package io.drasi.postgres.protocol.replication;

import io.drasi.postgres.protocol.Lsn;
import io.drasi.postgres.protocol.QueryResult;
import io.drasi.postgres.protocol.Session;
import io.drasi.postgres.protocol.Sql;
import java.io.IOException;
import java.util.List;
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
    QueryResult result = session.query("IDENTIFY_SYSTEM").get(0);
    return new SystemIdentity(
        result.required(0, "systemid"),
        Integer.parseInt(result.required(0, "timeline")),
        Lsn.parse(result.required(0, "xlogpos")));
  }

  /**
   * Reads the state of a slot, of whatever kind it is.
   *
   * @return its state, or empty when there is no such slot
   */
  public Optional<SlotState> slot(SlotName name) throws IOException {
    QueryResult result =
        session
            .query(
                "SELECT s.*, s.slot_type = 'logical' AS is_logical"
                    + " FROM pg_catalog.pg_replication_slots s WHERE slot_name = "
                    + Sql.literal(name.value()))
            .get(0);
    return result.rows().isEmpty() ? Optional.empty() : Optional.of(readSlot(result));
  }

  private static SlotState readSlot(QueryResult row) {
    return new SlotState(
        isTrue(row, "is_logical"),
        row.value(0, "plugin"),
        row.value(0, "database"),
        isTrue(row, "temporary"),
        row.value(0, "active_pid").map(Integer::valueOf),
        row.value(0, "confirmed_flush_lsn").map(Lsn::parse),
        row.value(0, "restart_lsn").map(Lsn::parse),
        newerColumn(row, "wal_status"),
        newerColumn(row, "invalidation_reason"),
        isTrue(row, "two_phase"));
  }

  /** A column that not every server version has. */
  private static Optional<String> newerColumn(QueryResult row, String column) {
    return row.columns().contains(column) ? row.value(0, column) : Optional.empty();
  }

  private static boolean isTrue(QueryResult row, String column) {
    return newerColumn(row, column).equals(Optional.of("t"));
  }

  /**
   * CREATE_REPLICATION_SLOT for a logical slot that survives the session, without a snapshot. Waits
   * until the transactions that are open now have ended.
   */
  public CreatedSlot createSlot(SlotName name, String plugin) throws IOException {
    String options =
        session.serverVersion().isAtLeast(15) ? "(SNAPSHOT 'nothing')" : "NOEXPORT_SNAPSHOT";
    QueryResult result =
        session
            .query(
                "CREATE_REPLICATION_SLOT %s LOGICAL %s %s"
                    .formatted(Sql.identifier(name.value()), Sql.identifier(plugin), options))
            .get(0);
    return new CreatedSlot(
        Lsn.parse(result.required(0, "consistent_point")), result.value(0, "snapshot_name"));
  }

  /** DROP_REPLICATION_SLOT. Waits until nobody uses the slot. */
  public void dropSlot(SlotName name) throws IOException {
    session.query("DROP_REPLICATION_SLOT %s WAIT".formatted(Sql.identifier(name.value())));
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

  /** SHOW. */
  public String show(String setting) throws IOException {
    List<QueryResult> results = session.query("SHOW " + Sql.identifier(setting));
    return results.get(0).required(0, setting);
  }
}
