package io.drasi.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.it.support.HostProcess;
import io.drasi.it.support.PrintedTransactions;
import io.drasi.it.support.Servers;
import io.drasi.it.support.ShopWriter;
import io.drasi.it.support.SubscriberCopy;
import io.drasi.it.support.Tables;
import io.drasi.it.support.TestDatabase;
import java.nio.file.Path;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** A process that is killed in mid-stream and started again has lost nothing. */
@ParameterizedClass
@MethodSource("io.drasi.it.support.Servers#versions")
class KilledProcessIT {
  /** Twice as many transactions as fit into a pipe, and no more than the source queues. */
  private static final int MORE_THAN_IS_PRINTED = 200;

  @Parameter String version;

  @TempDir Path folder;

  private TestDatabase database;
  private Path configuration;
  private final PrintedTransactions printed = new PrintedTransactions();
  private int seed;

  @BeforeEach
  void createDatabase() throws Exception {
    database = TestDatabase.create(Servers.shared(version));
    ShopWriter.createSchema(database);
    database.missSoon("3s");
    configuration = HostProcess.configuration(folder, database.options());
  }

  @AfterEach
  void dropDatabase() throws Exception {
    database.close();
  }

  @Test
  void losesNothing() throws Exception {
    createSlot();
    for (int round = 1; round <= 2; round++) {
      killWhileItPrints();
      killWhileNobodyReads();
    }
    printTheRest();
    SubscriberCopy copy = printed.copy();
    var expected = Tables.rows(database);
    var lost = new TreeSet<>(expected.keySet());
    lost.removeAll(copy.elements().keySet());
    assertThat(lost).as("elements that were never printed").isEmpty();
    assertThat(copy.mistakes()).isEmpty();
    assertThat(copy.elements()).isEqualTo(expected);
  }

  /** The tables are empty when the slot comes into being: the stream has everything. */
  private void createSlot() throws Exception {
    try (var run = start()) {
      run.await("it is running", () -> run.errors().contains("running"));
      run.kill();
    }
  }

  private void killWhileItPrints() throws Exception {
    try (var run = start();
        var writer = ShopWriter.start(database, ++seed)) {
      awaitConfirmation(run);
      run.kill();
      printed.add(run.lines());
      assertThat(writer.lost()).isZero();
    }
  }

  /** What it has received, but nobody has read, is not done. */
  private void killWhileNobodyReads() throws Exception {
    try (var run = start()) {
      awaitTheLast(run);
      run.holdOutput();
      ShopWriter.write(database, ++seed, MORE_THAN_IS_PRINTED);
      String end = database.ask("SELECT pg_current_wal_lsn()");
      run.await(
          "it has reported that it has received all of it",
          () -> theSlotIsWhere("write_lsn >= '%s'".formatted(end)));
      run.kill();
      printed.add(run.lines());
    }
  }

  private HostProcess start() throws Exception {
    return HostProcess.start(folder, "run", configuration.toString());
  }

  /** Without it a process that is started again would just begin where the last one began. */
  private void awaitConfirmation(HostProcess run) throws Exception {
    String before =
        database.ask(
            "SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = '%s'"
                .formatted(database.slot()));
    run.await(
        "it has printed changes and confirmed some",
        () ->
            run.lines().size() > 300
                && theSlotIsWhere("confirmed_flush_lsn > '%s'".formatted(before)));
  }

  private boolean theSlotIsWhere(String condition) throws Exception {
    return database
        .ask(
            "SELECT count(*) FROM pg_replication_slots"
                + " LEFT JOIN pg_stat_replication ON pid = active_pid"
                + " WHERE slot_name = '%s' AND %s".formatted(database.slot(), condition))
        .equals("1");
  }

  private void printTheRest() throws Exception {
    try (var run = start()) {
      awaitTheLast(run);
      run.terminate();
      assertThat(run.exitCode()).as(run.errors()).isEqualTo(143);
      printed.add(run.lines());
    }
  }

  private void awaitTheLast(HostProcess run) throws Exception {
    String last = "\"ledger:%s\"".formatted(database.ask("SELECT max(id) FROM ledger"));
    run.await("it has printed " + last, () -> run.output().contains(last));
  }
}
