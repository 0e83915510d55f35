package io.drasi.it;

import io.drasi.it.oracle.OracleRound;
import io.drasi.it.oracle.OracleTables;
import io.drasi.it.oracle.Seeds;
import io.drasi.it.support.Servers;
import io.drasi.it.support.TestDatabase;
import java.util.stream.LongStream;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * However subscribers come and go while others write, each one's copy equals the tables, and
 * nothing comes twice. With every other seed the server streams what has not committed. {@link
 * Seeds} tells how to play other rounds, and more.
 */
@ParameterizedClass
@MethodSource("io.drasi.it.support.Servers#versions")
class OracleIT {
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
