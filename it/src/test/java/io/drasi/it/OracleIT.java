package io.drasi.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.it.oracle.OracleRound;
import io.drasi.it.oracle.OracleTables;
import io.drasi.it.oracle.Seeds;
import io.drasi.it.support.CapturedLog;
import io.drasi.it.support.Servers;
import io.drasi.it.support.TestDatabase;
import io.drasi.source.postgres.Streaming;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * However subscribers come and go while others write, each one's copy equals the tables, and
 * nothing comes twice. With every other seed the server streams what has not committed. {@link
 * Seeds} tells how to play other rounds, and more.
 */
@ParameterizedClass
@MethodSource("io.drasi.it.support.Servers#versions")
class OracleIT {
  /** No bootstrap is held, which takes long, and has nothing to do with the format. */
  private static final long SEED_WITHOUT_HOLD = 2;

  @Parameter String version;

  static LongStream seeds() {
    return Seeds.of(2);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyCopyEqualsTheTables(long seed) throws Exception {
    try (var database = TestDatabase.create(Servers.shared(version))) {
      OracleTables.create(database);
      if (seed % 2 == 0) {
        database.streamEarly();
      }
      try (var round = OracleRound.begin(database, seed)) {
        play(round, seed);
      }
    }
  }

  /** The build plays the one of them that a source asks for by itself. */
  @Tag("matrix")
  @ParameterizedTest(name = "streaming {0}, binary {1}")
  @CsvSource({"OFF,false", "OFF,true", "PARALLEL,false", "PARALLEL,true"})
  void everyCopyEqualsTheTablesInEachFormat(Streaming streaming, boolean binary) throws Exception {
    Servers.assumeSince(14, version, "there are formats to choose from");
    try (var database = TestDatabase.create(Servers.shared(version));
        var log = new CapturedLog()) {
      OracleTables.create(database);
      database.streamEarly();
      if (!binary) {
        OracleTables.publishTextOnly(database);
      }
      try (var round = OracleRound.begin(database, SEED_WITHOUT_HOLD, streaming)) {
        play(round, SEED_WITHOUT_HOLD);
      }
      assertThat(log.text())
          .contains(
              "values as %s, transactions %s"
                  .formatted(
                      binary ? "binary" : "text",
                      streaming == Streaming.OFF ? "when they commit" : "as they go on"));
    }
  }

  private void play(OracleRound round, long seed) {
    try {
      round.play();
    } catch (Throwable e) {
      throw new AssertionError(
          "the round with -Doracle.seed=%d on PostgreSQL %s failed: %s%n%s"
              .formatted(seed, version, e.getMessage(), round),
          e);
    }
  }
}
