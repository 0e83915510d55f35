package io.drasi.bootstrap.postgres.internal;

import io.drasi.api.bootstrap.BootstrapException;
import io.drasi.postgres.decoder.position.PostgresPosition;
import io.drasi.postgres.decoder.row.TransactionContext;
import io.drasi.postgres.protocol.ConnectionException;
import io.drasi.postgres.protocol.Session;
import io.drasi.postgres.protocol.SessionMode;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.postgres.protocol.replication.CreatedSlot;
import io.drasi.postgres.protocol.replication.ReplicationCommands;
import io.drasi.postgres.protocol.replication.SlotName;
import io.drasi.postgres.protocol.replication.SystemIdentity;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A temporary slot that exports its snapshot: snapshot and consistent point are one fact, exact by
 * the order of the write-ahead log. Confined to the reading thread.
 */
final class SnapshotExport {
  private final String sourceId;
  private final Connections connections;
  private final HandOver handOver;
  private final Remedies remedies;
  private final Session session;
  private final Session watching;
  private final ReplicationCommands commands;

  private SnapshotExport(
      String sourceId,
      Connections connections,
      HandOver handOver,
      Remedies remedies,
      Session session,
      Session watching) {
    this.sourceId = sourceId;
    this.connections = connections;
    this.handOver = handOver;
    this.remedies = remedies;
    this.session = session;
    this.watching = watching;
    this.commands = new ReplicationCommands(session);
  }

  /**
   * Connects, so that a role that may not replicate, and a connection that is not to be had, is
   * found out before anything is locked.
   */
  static SnapshotExport open(
      String sourceId, Connections connections, HandOver handOver, Remedies remedies)
      throws IOException {
    Session session = connections.open(SessionMode.REPLICATION);
    Worker.quieten(session);
    Session watching = SlotWatch.connect(connections);
    return new SnapshotExport(sourceId, connections, handOver, remedies, session, watching);
  }

  /** Closes what is open. */
  void close() {
    connections.close(session);
    connections.close(watching);
  }

  /**
   * Makes a snapshot and gives it to all workers; then the slot has done its duty and goes.
   *
   * @return empty where it could not be made since somebody waits for the workers' locks; the
   *     session is closed then
   */
  Optional<Snapshot> giveTo(List<Worker> workers) throws IOException, InterruptedException {
    SystemIdentity system = commands.identifySystem();
    var slot = new SlotName("drasi_bootstrap_" + UUID.randomUUID().toString().replace('-', '_'));
    Optional<CreatedSlot> created = create(slot, workers);
    if (created.isEmpty()) {
      return Optional.empty();
    }
    String name =
        created
            .get()
            .snapshotName()
            .orElseThrow(() -> new BootstrapException("the server exported no snapshot", null));
    for (Worker each : workers) {
      each.enter(name);
    }
    commands.dropSlot(slot);
    Session worker = workers.get(0).session();
    Instant taken = now(worker);
    CommitsUnderWay.await(sourceId, worker, session, handOver);
    connections.close(session);
    Lsn point = created.get().consistentPoint();
    return Optional.of(
        new Snapshot(
            PostgresPosition.after(
                Long.parseUnsignedLong(system.systemId()), system.timeline(), point),
            new TransactionContext(system.systemId(), point, taken)));
  }

  private Optional<CreatedSlot> create(SlotName slot, List<Worker> workers) throws IOException {
    SlotWatch watch =
        SlotWatch.begin(sourceId, connections, handOver, remedies, watching, session, workers);
    try {
      session.setReadTimeout(Duration.ZERO); // it waits for others' transactions
      CreatedSlot created = commands.createTemporarySlotWithSnapshot(slot, "pgoutput");
      session.setReadTimeout(Connections.SILENCE);
      return watch.end() ? Optional.empty() : Optional.of(created);
    } catch (IOException e) {
      if (watch.end()) {
        return Optional.empty();
      }
      throw watch.hasGivenUp()
          ? new ConnectionException("the server was silent for too long", e)
          : e;
    } finally {
      watch.end();
    }
  }

  /** The transaction began before the snapshot was taken, so its own time is too early. */
  private static Instant now(Session session) throws IOException {
    return Instant.parse(
        session
            .query(
                "SELECT to_char(statement_timestamp() AT TIME ZONE 'UTC',"
                    + " 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') AS taken")
            .get(0)
            .required(0, "taken"));
  }
}
