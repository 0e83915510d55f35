package io.drasi.bootstrap.postgres.internal;

import io.drasi.api.bootstrap.BootstrapException;
import io.drasi.api.bootstrap.BootstrapRequest;
import io.drasi.postgres.decoder.position.PostgresPosition;
import io.drasi.postgres.decoder.row.KeyResolver;
import io.drasi.postgres.decoder.row.TableIdentity;
import io.drasi.postgres.decoder.row.TableMapping;
import io.drasi.postgres.decoder.row.TableName;
import io.drasi.postgres.decoder.row.TransactionContext;
import io.drasi.postgres.protocol.ServerErrorException;
import io.drasi.postgres.protocol.Session;
import io.drasi.postgres.protocol.SessionMode;
import io.drasi.postgres.protocol.Sql;
import io.drasi.postgres.protocol.replication.CreatedSlot;
import io.drasi.postgres.protocol.replication.ReplicationCommands;
import io.drasi.postgres.protocol.replication.SlotName;
import io.drasi.postgres.protocol.replication.SystemIdentity;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Reads the tables in one snapshot. In this order, each step for a reason:
 *
 * <ol>
 *   <li>The worker's transaction locks all tables, before it has a snapshot: a rewriting DDL
 *       between the snapshot and the COPY would read as an empty table, and locks that the worker
 *       takes later could queue behind such a DDL. LOCK takes no snapshot, and the transaction no
 *       xid.
 *   <li>A temporary slot is made and exports its snapshot: snapshot and consistent point are one
 *       fact, exact by the order of the write-ahead log.
 *   <li>The worker takes the snapshot over; the slot has done its duty and is dropped.
 *   <li>The worker copies one table after the other.
 * </ol>
 *
 * <p>Confined to the reading thread.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-lock.html">Manual, LOCK</a>
 * @see <a href="https://www.postgresql.org/docs/current/sql-set-transaction.html">Manual, SET
 *     TRANSACTION</a>
 */
final class SnapshotReader {
  private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(30);

  private final BootstrapSettings settings;
  private final BootstrapRequest request;
  private final Connections connections;
  private final TableSelection selection;
  private final Remedies remedies;
  private final Batch batch;

  SnapshotReader(
      BootstrapSettings settings,
      BootstrapRequest request,
      Connections connections,
      BatchConsumer consumer) {
    this.settings = settings;
    this.request = request;
    this.connections = connections;
    this.selection = new TableSelection(settings, request);
    this.remedies = new Remedies(settings);
    this.batch = new Batch(settings.batchSize(), consumer);
  }

  /**
   * The snapshot, taken over by the worker.
   *
   * @param position its place in the stream
   * @param context what its rows have in common
   */
  private record Snapshot(PostgresPosition position, TransactionContext context) {}

  /**
   * Reads.
   *
   * @return the snapshot's place in the stream
   */
  PostgresPosition run() throws IOException, InterruptedException {
    Session replication = connections.open(SessionMode.REPLICATION);
    Session worker = connections.open(SessionMode.QUERY);
    quieten(replication);
    quieten(worker);
    worker.query("SET lock_timeout = " + LOCK_TIMEOUT.toMillis()); // the catalog's views lock too
    var catalog = new PublicationCatalog(worker, settings.publicationName());
    List<PublishedTable> locked = lockTables(worker, catalog);
    Snapshot snapshot = takeSnapshot(replication, worker);
    connections.close(replication);
    List<PublishedTable> tables = selection.of(catalog.tables());
    requireSame(locked, tables);
    Map<TableName, TableIdentity> identities = catalog.identities();
    for (int i = 0; i < tables.size(); i++) {
      TableName name = tables.get(i).name();
      var progress = new TableProgress(request.sourceId(), name, i + 1, tables.size());
      TableMapping mapping = mapping(tables.get(i), identities);
      copy(worker, tables.get(i), new TableReader(mapping, snapshot.context(), batch, progress));
    }
    worker.query("COMMIT");
    return snapshot.position();
  }

  /** Time-outs that are meant for people must not end a transaction that waits its turn. */
  private static void quieten(Session session) throws IOException {
    session.query("SET statement_timeout = 0");
    session.query("SET idle_in_transaction_session_timeout = 0");
    if (session.serverVersion().isAtLeast(17)) {
      session.query("SET transaction_timeout = 0");
    }
  }

  private List<PublishedTable> lockTables(Session worker, PublicationCatalog catalog)
      throws IOException {
    if (!catalog.exists()) {
      throw new BootstrapException(
          "the publication %s does not exist in database %s: run CREATE PUBLICATION %s FOR TABLE …;"
              .formatted(
                  settings.publicationName(),
                  settings.connection().database(),
                  Remedies.identifier(settings.publicationName())),
          null);
    }
    List<PublishedTable> tables = selection.of(catalog.tables());
    worker.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    for (PublishedTable table : tables) {
      try {
        worker.query(table.lockStatement());
      } catch (ServerErrorException e) {
        throw remedies.failure(table.name(), e);
      }
    }
    return tables;
  }

  private Snapshot takeSnapshot(Session replication, Session worker) throws IOException {
    var commands = new ReplicationCommands(replication);
    SystemIdentity system = commands.identifySystem();
    var slot = new SlotName("drasi_bootstrap_" + UUID.randomUUID().toString().replace('-', '_'));
    CreatedSlot created = createSlot(commands, slot);
    String name =
        created
            .snapshotName()
            .orElseThrow(() -> new BootstrapException("the server exported no snapshot", null));
    worker.query("SET TRANSACTION SNAPSHOT " + Sql.literal(name));
    worker.query("SET LOCAL row_security = off");
    Instant taken = now(worker);
    commands.dropSlot(slot);
    return new Snapshot(
        PostgresPosition.after(
            Long.parseUnsignedLong(system.systemId()),
            system.timeline(),
            created.consistentPoint()),
        new TransactionContext(system.systemId(), created.consistentPoint(), taken));
  }

  private CreatedSlot createSlot(ReplicationCommands commands, SlotName slot) throws IOException {
    OpenTransactions watch = OpenTransactions.watch(request.sourceId(), connections);
    try {
      return commands.createTemporarySlotWithSnapshot(slot, "pgoutput");
    } finally {
      watch.end();
    }
  }

  /** The transaction began before the snapshot was taken, so its own time is too early. */
  private static Instant now(Session worker) throws IOException {
    return Instant.parse(
        worker
            .query(
                "SELECT to_char(statement_timestamp() AT TIME ZONE 'UTC',"
                    + " 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') AS taken")
            .get(0)
            .required(0, "taken"));
  }

  /** What was published when the tables were locked must be what the snapshot shows. */
  private void requireSame(List<PublishedTable> locked, List<PublishedTable> shown) {
    List<Integer> before = locked.stream().map(PublishedTable::oid).toList();
    List<Integer> now = shown.stream().map(PublishedTable::oid).toList();
    if (!before.equals(now)) {
      throw new BootstrapException(
          "the tables of the publication %s were changed while the bootstrap began; bootstrap again"
              .formatted(settings.publicationName()),
          null);
    }
  }

  private TableMapping mapping(PublishedTable table, Map<TableName, TableIdentity> identities) {
    List<Integer> key =
        new KeyResolver(settings.tableKeys())
            .resolve(table.relation(), Optional.ofNullable(identities.get(table.name())));
    return TableMapping.of(request.sourceId(), settings.elementIdFormat(), table.relation(), key);
  }

  private void copy(Session worker, PublishedTable table, TableReader reader)
      throws IOException, InterruptedException {
    try {
      reader.read(worker, table.copyStatement());
    } catch (ServerErrorException e) {
      throw remedies.failure(table.name(), e);
    }
  }
}
