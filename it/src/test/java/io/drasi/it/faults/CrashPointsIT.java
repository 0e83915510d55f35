package io.drasi.it.faults;

import static io.drasi.it.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.it.oracle.CrashPoint;
import io.drasi.it.oracle.OracleTables;
import io.drasi.it.oracle.PersistedCopy;
import io.drasi.it.oracle.PersistentProcess;
import io.drasi.it.oracle.PersistentProcess.Plan;
import io.drasi.it.oracle.Writers;
import io.drasi.it.support.Servers;
import io.drasi.it.support.TestDatabase;
import io.drasi.postgres.decoder.position.PostgresPosition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/**
 * The process is killed before and after each step that is to last: two subscribers that persist
 * their copies have what is in the tables in the end, and apply nothing twice.
 */
@Tag("faults")
@EnabledForJreRange(max = JRE.JAVA_23) // as CrashPoint
class CrashPointsIT {
  private static final Duration LONG = Duration.ofSeconds(90);
  private static final List<String> FIRST = List.of("first");
  private static final List<String> BOTH = List.of("first", "second");
  private static final List<String> SPILLING = List.of("-Dkilled.memoryLimitBytes=1");

  @TempDir Path folder;

  private final List<Summary.Case> cases = new ArrayList<>();
  private TestDatabase database;
  private FaultProxy proxy;

  /** Where the process is killed, in the order in which a first start comes by. */
  private static List<Place> messages() {
    return List.of(
        query(Role.REPLICATION, "CREATE_REPLICATION_SLOT"),
        query(Role.REPLICATION, "START_REPLICATION"),
        query(Role.BOOTSTRAP_SLOT, "CREATE_REPLICATION_SLOT"),
        query(Role.BOOTSTRAP_SLOT, "DROP_REPLICATION_SLOT"),
        query(Role.BOOTSTRAP, "COPY"),
        query(Role.BOOTSTRAP, "COMMIT"),
        new Place(Role.REPLICATION, Direction.TO_CLIENT, "CopyData.XLogData.Commit"),
        new Place(Role.REPLICATION, Direction.TO_SERVER, "CopyData.StandbyStatusUpdate"));
  }

  private static Place query(Role role, String command) {
    return new Place(role, Direction.TO_SERVER, "Query." + command);
  }

  @Test
  void nothingIsLostOrDoubledWhereverTheProcessIsKilled() throws Exception {
    try (TestDatabase created = TestDatabase.create(Servers.shared(Servers.newest()));
        FaultProxy to = FaultProxy.to(created.server().port())) {
      database = created;
      proxy = to;
      OracleTables.create(database);
      try (var writers = Writers.start(database, new Random(FaultPlan.seed()), 2)) {
        killAtMessages();
        letFirstPersist();
        killAtFiles();
        writers.end();
      }
      long transactions = compare();
      cases.add(new Summary.Case("killed", "in the end", "comparison", true, transactions, 0));
      new Summary("kills of the process", database.server().version(), cases, 0, 0).write();
    }
  }

  private void killAtMessages() throws Exception {
    for (Place place : messages()) {
      for (boolean passes : List.of(false, true)) {
        killAt(place, passes);
      }
    }
  }

  /**
   * Kills it as a message comes by.
   *
   * @param passes whether the message reaches the server, or the client, though nobody waits for an
   *     answer any more
   */
  private void killAt(Place place, boolean passes) throws Exception {
    var process = new AtomicReference<PersistentProcess>();
    Fault fault =
        new Fault(FaultKind.DELAY, place, 1, passes ? Fault.Spot.AFTER : Fault.Spot.BEFORE, 0);
    proxy.arm(fault, () -> process.get().killUnlessEnded());
    process.set(PersistentProcess.start(database, proxy.port(), folder, plan(FIRST), SPILLING));
    awaitKilled(process.get(), (passes ? "after " : "before ") + place);
  }

  private static Plan plan(List<String> ids) {
    return new Plan(ids, 0, true, FaultPlan.seed());
  }

  private void awaitKilled(PersistentProcess process, String where) throws Exception {
    long begun = System.nanoTime();
    try (process) {
      eventually("killed " + where, LONG, process::wasKilled);
      eventually(
          "only the source's slot is left",
          LONG,
          () ->
              Integer.parseInt(
                      database.ask(
                          "SELECT count(*) FROM pg_replication_slots WHERE database = '%s'"
                              .formatted(database.name())))
                  <= 1);
    }
    assertThat(process.output()).as(where).doesNotContain("AssertionError");
    long millis = Duration.ofNanos(System.nanoTime() - begun).toMillis();
    cases.add(new Summary.Case("killed", "at messages and files", where, true, 0, millis));
  }

  private void letFirstPersist() throws Exception {
    try (var process =
        PersistentProcess.start(database, proxy.port(), folder, plan(FIRST), List.of())) {
      eventually("persisted", LONG, () -> read("first").isPresent());
      process.kill();
    }
  }

  /** The second subscriber is new each time, until it has persisted something. */
  private void killAtFiles() throws Exception {
    String register = "killed\\.subscribers";
    List<String> points =
        List.of(
            "write 1 .*/" + register + "\\.new", // before the new list is written
            "write 2 .*/" + register + "\\.new", // it is on the disk, and not in its place
            "read 1 " + folder.toRealPath(), // it is in its place, which is not on the disk
            "write 1 .*/drasi-killed-\\d+\\.spill", // before a file for a transaction
            "write 2 .*/drasi-killed-\\d+\\.spill",
            "delete 1 .*/drasi-killed-\\d+\\.spill", // it is there, and has its name
            "delete 5 .*/drasi-killed-\\d+\\.spill");
    for (String point : points) {
      List<String> options = new ArrayList<>(CrashPoint.options(point));
      options.addAll(SPILLING);
      awaitKilled(
          PersistentProcess.start(database, proxy.port(), folder, plan(BOTH), options), point);
    }
  }

  private Optional<PersistedCopy> read(String id) throws Exception {
    return PersistedCopy.read(folder.resolve(id + ".json"));
  }

  private long compare() throws Exception {
    OracleTables.End end = OracleTables.writeLast(database);
    long transactions = 0;
    try (var process =
        PersistentProcess.start(database, proxy.port(), folder, plan(BOTH), SPILLING)) {
      for (String id : BOTH) {
        eventually(
            id + " has everything",
            LONG,
            () -> {
              process.requireAlive();
              return read(id).map(copy -> end.isIn(copy.copy())).orElse(false);
            });
      }
      process.kill();
    }
    for (String id : BOTH) {
      PersistedCopy copy = read(id).orElseThrow();
      assertThat(OracleTables.differences(database, copy.copy())).as(id).isEmpty();
      assertThat(copy.bootstraps()).as("bootstraps of %s", id).isEqualTo(1);
      assertThat(copy.applied().stream().map(PostgresPosition::parse).toList())
          .as("transactions of %s", id)
          .isSorted()
          .doesNotHaveDuplicates();
      transactions += copy.applied().size();
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.filter(file -> file.toString().endsWith(".spill"))).isEmpty();
    }
    return transactions;
  }
}
