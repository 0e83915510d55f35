package io.drasi.postgres.decoder.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimelineHistoryTest {
  /** Written by a server that was promoted twice: it puts an empty line between its lines. */
  private static final String TWO_PROMOTIONS =
      "1\t0/3000148\tno recovery target specified\n\n2\t16/B374D848\tno recovery target specified\n";

  private static Optional<String> whyForeign(String content, int timeline, String position)
      throws ProtocolException {
    return TimelineHistory.parse(3, content).whyForeign(timeline, Lsn.parse(position));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0/0",
    "1, 0/3000147",
    "1, 0/3000148",
    "2, 0/3000149",
    "2, 16/B374D848",
    "3, 16/B374D849",
    "3, FFFFFFFF/FFFFFFFF"
  })
  void aPositionUpToWhereItsTimelineWasLeftIsPartOfTheHistory(int timeline, String position)
      throws Exception {
    assertThat(whyForeign(TWO_PROMOTIONS, timeline, position)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0/3000149, 0/3000148",
    "1, 16/B374D848, 0/3000148",
    "2, 16/B374D849, 16/B374D848",
    "2, 80000000/0, 16/B374D848"
  })
  void aPositionBehindWhereItsTimelineWasLeftIsForeign(int timeline, String position, String left)
      throws Exception {
    assertThat(whyForeign(TWO_PROMOTIONS, timeline, position))
        .contains(
            "the server is on timeline 3, which left timeline %d at %s".formatted(timeline, left));
  }

  @Test
  void aTimelineThatTheServerDoesNotComeFromIsForeign() throws Exception {
    assertThat(whyForeign(TWO_PROMOTIONS, 4, "0/1"))
        .contains("the server is on timeline 3, which does not come from timeline 4");
    assertThat(TimelineHistory.none(1).whyForeign(2, Lsn.parse("0/1")))
        .contains("the server is on timeline 1, which does not come from timeline 2");
  }

  @Test
  void aServerThatWasNeverPromotedHasOneTimeline() {
    assertThat(TimelineHistory.none(1).whyForeign(1, Lsn.parse("FFFFFFFF/FFFFFFFF"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1\t0/10",
        "1 0/10\n",
        "  1  \t 0/10\tbefore 2000-01-01 00:00:00+00\n",
        "\n\r\n# written by hand\n  # 1 0/99\n1\t0/10\tat restore point \"a\"\r\n"
      })
  void readsWhatTheServerReads(String content) throws Exception {
    assertThat(whyForeign(content, 1, "0/10")).isEmpty();
    assertThat(whyForeign(content, 1, "0/11")).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", " \n\t\n", "# nothing\n"})
  void anEmptyHistoryHasNoOtherTimeline(String content) throws Exception {
    assertThat(whyForeign(content, 3, "0/10")).isEmpty();
    assertThat(whyForeign(content, 1, "0/10")).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1",
        "1\t",
        "1\t\t",
        "0/10",
        "\t0/10",
        "one\t0/10",
        "-1\t0/10",
        "1.0\t0/10",
        "10/10",
        "1\t010",
        "1\t0/",
        "1\t/10",
        "1\t0/10/20",
        "1\t0/G",
        "1\t0/123456789",
        "1\t123456789/0",
        "1\t0/10;\n",
        "4294967296\t0/10",
        "9999999999\t0/10",
        "12345678901\t0/10",
        "1 # 0/10",
        "1\t0/10\n2\n",
        "\u0661\t0/10"
      })
  void refusesWhatIsNoHistory(String content) {
    assertThatExceptionOfType(ProtocolException.class)
        .isThrownBy(() -> TimelineHistory.parse(3, content))
        .withMessageStartingWith("TIMELINE_HISTORY 3: ");
  }
}
