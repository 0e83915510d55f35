package io.drasi.source.postgres.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.postgres.decoder.position.PostgresPosition;
import io.drasi.postgres.decoder.position.TimelineHistory;
import io.drasi.postgres.protocol.message.Lsn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A server of system -1 on timeline 2, which left timeline 1 at 0/28; its log ends at 0/64. */
class StreamOriginTest {
  private static StreamOrigin origin() throws Exception {
    return new StreamOrigin(
        PostgresPosition.after(-1, 2, new Lsn(10)),
        new Lsn(100),
        TimelineHistory.parse(2, "1\t0/28\tpromoted\n"),
        0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "18446744073709551615-2-0/0",
        "18446744073709551615-2-0/64",
        "18446744073709551615-1-0/28"
      })
  void aPositionInItsLogIsNotForeign(String position) throws Exception {
    assertThat(origin().whyForeign(PostgresPosition.parse(position))).isEmpty();
    assertThat(origin().whyOfAnotherLog(PostgresPosition.parse(position))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1-2-0/28 | the server's system identifier is 18446744073709551615, and the position's is 1",
        "18446744073709551615-1-0/29 | the server is on timeline 2, which left timeline 1 at 0/28",
        "18446744073709551615-3-0/28 | the server is on timeline 2, which does not come from timeline 3"
      })
  void aPositionOfAnotherLogIsForeign(String position, String reason) throws Exception {
    assertThat(origin().whyForeign(PostgresPosition.parse(position))).contains(reason);
    assertThat(origin().whyOfAnotherLog(PostgresPosition.parse(position))).contains(reason);
  }

  @Test
  void aPositionBeyondTheEndMayYetCome() throws Exception {
    PostgresPosition beyond = PostgresPosition.parse("18446744073709551615-2-80000000/0");
    assertThat(origin().whyForeign(beyond)).contains("the server's log ends at 0/64");
    assertThat(origin().whyOfAnotherLog(beyond)).isEmpty();
  }
}
