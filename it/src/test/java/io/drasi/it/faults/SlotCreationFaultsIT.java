package io.drasi.it.faults;

import static io.drasi.it.support.Eventually.awaitRunning;
import static io.drasi.it.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.it.faults.Fault.Spot;
import io.drasi.it.support.Bootstraps;
import io.drasi.it.support.Servers;
import io.drasi.it.support.TestDatabase;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever happens to the connection while the source's slot is made, it comes to be. */
@Tag("faults")
class SlotCreationFaultsIT {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final Place COMMAND =
      new Place(Role.REPLICATION, Direction.TO_SERVER, "Query.CREATE_REPLICATION_SLOT");

  static Stream<Arguments> cases() {
    return Stream.of(FaultKind.CUT, FaultKind.RESET, FaultKind.HALF_OPEN, FaultKind.BLACK_HOLE)
        .flatMap(
            kind ->
                List.of(Spot.BEFORE, Spot.AFTER).stream()
                    .map(spot -> Arguments.arguments(kind, spot)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theSlotComesToBe(FaultKind kind, Spot spot) throws Exception {
    try (var database = TestDatabase.create(Servers.shared(Servers.newest()));
        var load = FaultLoad.create(database, 1);
        var proxy = FaultProxy.to(database.server().port());
        var source =
            database
                .source("made")
                .withPort(proxy.port())
                .withBootstrapProvider(Bootstraps.provider(database).build())
                .build()) {
      proxy.arm(new Fault(kind, COMMAND, 1, spot, 0));
      try (var follower = FaultFollower.start(source, "follower")) {
        source.start();
        eventually("the fault happens", LONG, proxy::hasFired);
        load.round();
        String last = load.last();
        eventually("it has " + last, LONG, () -> follower.has(last));
        assertThat(follower.mistakes(database)).isEmpty();
      }
    }
  }

  /** What is taken for a sign of life, where the making of a slot takes long. */
  @ParameterizedTest
  @MethodSource("io.drasi.it.support.Servers#versions")
  void aServerSaysThatItIsAtIt(String version) throws Exception {
    try (var database = TestDatabase.create(Servers.shared(version));
        var load = FaultLoad.create(database, 1);
        Connection open = database.connect();
        var source = database.source("waiting").build()) {
      open.setAutoCommit(false);
      TestDatabase.run(open, "INSERT INTO ledger DEFAULT VALUES");
      source.start();
      eventually(
          "the slot waits, and the process is active",
          LONG,
          () ->
              database
                  .ask(
                      "SELECT coalesce(max(state), 'none') FROM pg_stat_activity a JOIN pg_locks l"
                          + " ON l.pid = a.pid WHERE NOT l.granted AND l.locktype ="
                          + " 'transactionid' AND application_name = 'drasi:waiting'")
                  .equals("active"));
      open.rollback();
      awaitRunning(source);
      load.last();
    }
  }
}
