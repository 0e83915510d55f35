package io.drasi.bootstrap.postgres.internal;

import io.drasi.api.bootstrap.BootstrapException;
import io.drasi.api.bootstrap.BootstrapRequest;
import io.drasi.bootstrap.postgres.internal.ReadPlan.Wanted;
import io.drasi.postgres.decoder.position.PostgresPosition;
import io.drasi.postgres.decoder.row.KeyResolver;
import io.drasi.postgres.decoder.row.TableIdentity;
import io.drasi.postgres.decoder.row.TableMapping;
import io.drasi.postgres.decoder.row.TableName;
import io.drasi.postgres.decoder.value.Codecs;
import io.drasi.postgres.decoder.value.TypeCodecs;
import io.drasi.postgres.protocol.Session;
import io.drasi.postgres.protocol.Sql;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the tables in one snapshot. In this order, each step for a reason:
 *
 * <ol>
 *   <li>Each worker's transaction locks all tables, before it has a snapshot: a rewriting DDL
 *       between the snapshot and the COPY would otherwise read as an empty table, and locks that
 *       the worker takes later could queue behind such a DDL. LOCK takes no snapshot, and the
 *       transaction no xid.
 *   <li>A temporary slot is made and exports its snapshot. Whoever waits for the locks meanwhile is
 *       let pass, and all begins again: the slot might wait for him.
 *   <li>The workers take the snapshot over; the slot is dropped. Commits that the snapshot shows
 *       and that are still under way are waited for.
 *   <li>The workers copy the tables, or parts of them.
 * </ol>
 *
 * <p>Confined to the reading thread.
 */
final class SnapshotReader {
  private static final Logger log = LoggerFactory.getLogger(SnapshotReader.class);

  private static final int PAUSE_MILLIS = 500;
  private static final int MOST_PAUSES = 10;

  private final BootstrapSettings settings;
  private final Codecs codecs;
  private final BootstrapRequest request;
  private final Connections connections;
  private final HandOver handOver;
  private final TableSelection selection;
  private final Remedies remedies;

  SnapshotReader(
      BootstrapSettings settings,
      Codecs codecs,
      BootstrapRequest request,
      Connections connections,
      HandOver handOver) {
    this.settings = settings;
    this.codecs = codecs;
    this.request = request;
    this.connections = connections;
    this.handOver = handOver;
    this.selection = new TableSelection(settings, request);
    this.remedies = new Remedies(settings);
  }

  /**
   * Workers that see one snapshot.
   *
   * @param tables what they have locked
   */
  private record SetUp(List<Worker> workers, List<PublishedTable> tables, Snapshot snapshot) {
    Session session() {
      return workers.get(0).session();
    }
  }

  /**
   * Reads.
   *
   * @return the snapshot's place in the stream
   * @throws ExecutionException with what a worker failed with
   */
  PostgresPosition run() throws IOException, InterruptedException, ExecutionException {
    SetUp setUp = setUpUntouched();
    var catalog = new PublicationCatalog(setUp.session(), settings.publicationName());
    List<PublishedTable> tables = selection.of(catalog.tables());
    requireSame(setUp.tables(), tables);
    ReadPlan plan = plan(tables, catalog, setUp);
    log.info(
        "{}: bootstrap: begins as of {}; tables: {}, estimated rows: {}, connections: {}",
        request.sourceId(),
        setUp.snapshot().position(),
        tables.size(),
        plan.estimatedRows(),
        setUp.workers().size());
    handOver.begin(setUp.snapshot().position(), plan.estimatedRows());
    new ReadingThreads(request.sourceId(), settings.batchSize(), connections, handOver, remedies)
        .read(plan.parts(), setUp.workers(), setUp.snapshot().context());
    return setUp.snapshot().position();
  }

  /**
   * Who gives way waits a while before the next attempt, ever longer and at random: of two
   * bootstraps in two databases, each with somebody who waits for its locks, each slot waits for
   * the other's, and without a difference between them both would give way and begin again for
   * ever.
   */
  private SetUp setUpUntouched() throws IOException, InterruptedException {
    Optional<SetUp> attempt = setUp();
    for (int failed = 1; attempt.isEmpty(); failed++) {
      int mostMillis = PAUSE_MILLIS * Math.min(failed, MOST_PAUSES);
      handOver.pause(Duration.ofMillis(ThreadLocalRandom.current().nextInt(mostMillis)));
      attempt = setUp();
    }
    return attempt.get();
  }

  /** Empty where somebody waits for locks that workers have already; then they have given way. */
  private Optional<SetUp> setUp() throws IOException, InterruptedException {
    SnapshotExport export =
        SnapshotExport.open(request.sourceId(), connections, handOver, remedies);
    List<Worker> workers = new ArrayList<>();
    for (int i = 0; i < settings.parallelism(); i++) {
      workers.add(Worker.open(connections, remedies));
    }
    Worker first = workers.get(0);
    var catalog = new PublicationCatalog(first.session(), settings.publicationName());
    requireExists(catalog);
    List<PublishedTable> tables = selection.of(catalog.tables());
    boolean locked = first.lock(tables);
    for (Worker other : workers.subList(1, workers.size())) {
      locked = locked && other.tryLock(tables);
    }
    Optional<Snapshot> snapshot = locked ? export.giveTo(workers) : Optional.empty();
    if (snapshot.isEmpty()) {
      giveWay(export, workers);
    }
    return snapshot.map(taken -> new SetUp(workers, tables, taken));
  }

  private void giveWay(SnapshotExport export, List<Worker> workers) {
    log.info(
        "{}: bootstrap: begins again, since another statement waits for its locks on the tables",
        request.sourceId());
    handOver.waitingFor("another statement that locks the tables");
    export.close();
    workers.forEach(worker -> connections.close(worker.session()));
  }

  private void requireExists(PublicationCatalog catalog) throws IOException {
    if (!catalog.exists()) {
      throw new BootstrapException(
          "the publication %s does not exist in database %s: run CREATE PUBLICATION %s FOR TABLE …;"
              .formatted(
                  settings.publicationName(),
                  settings.connection().database(),
                  Sql.readable(settings.publicationName())),
          null);
    }
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

  private ReadPlan plan(List<PublishedTable> tables, PublicationCatalog catalog, SetUp setUp)
      throws IOException {
    Map<TableName, TableIdentity> identities = catalog.identities();
    Map<Integer, TableSize> sizes = TableSizes.of(tables, setUp.session());
    TypeCodecs types = catalog.types(tables, codecs);
    List<Wanted> wanted = new ArrayList<>();
    for (PublishedTable table : tables) {
      TableSize size = sizes.getOrDefault(table.oid(), TableSize.UNKNOWN);
      TableMapping mapping = mapping(table, identities, types);
      CopyFormat format = CopyFormat.of(mapping, setUp.session().serverVersion());
      wanted.add(new Wanted(table, mapping, format, size));
    }
    return ReadPlan.of(wanted, setUp.workers().size());
  }

  private TableMapping mapping(
      PublishedTable table, Map<TableName, TableIdentity> identities, TypeCodecs types) {
    List<Integer> key =
        new KeyResolver(settings.tableKeys())
            .resolve(table.relation(), Optional.ofNullable(identities.get(table.name())));
    return TableMapping.of(
        request.sourceId(), settings.elementIdFormat(), table.relation(), key, types);
  }
}
