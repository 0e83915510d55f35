package io.drasi.source.postgres.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.postgres.protocol.ConnectionException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PatienceTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  private final Patience patience = new Patience();

  private static IOException silence() {
    return new ConnectionException("silent", new SocketTimeoutException());
  }

  @Test
  void isTwiceWhatTheServerBears() {
    assertThat(patience.with(TIMEOUT)).isEqualTo(Duration.ofSeconds(6));
  }

  @Test
  void hasAnEndWhereThatOfTheServerHasNone() {
    assertThat(patience.with(Duration.ZERO)).isEqualTo(Duration.ofSeconds(60));
  }

  @Test
  void doublesAfterSilenceThatBroughtNothing() {
    patience.ended(silence(), false);
    assertThat(patience.with(TIMEOUT)).isEqualTo(Duration.ofSeconds(12));
    patience.ended(silence(), false);
    assertThat(patience.with(TIMEOUT)).isEqualTo(Duration.ofSeconds(24));
  }

  @Test
  void isAsBeforeOnceSomethingCame() {
    patience.ended(silence(), false);
    patience.ended(silence(), true);
    assertThat(patience.with(TIMEOUT)).isEqualTo(Duration.ofSeconds(6));
  }

  @Test
  void staysAsItIsAfterAnotherEnd() {
    patience.ended(silence(), false);
    patience.ended(new ConnectionException("closed", null), false);
    assertThat(patience.with(TIMEOUT)).isEqualTo(Duration.ofSeconds(12));
  }

  @Test
  void isNeverMoreThanASocketCanBeTold() {
    for (int i = 0; i < 100; i++) {
      patience.ended(silence(), false);
    }
    assertThat(patience.with(TIMEOUT)).isEqualTo(Duration.ofSeconds(6 * 64));
    assertThat(patience.with(Duration.ofDays(20))).isEqualTo(Duration.ofMillis(Integer.MAX_VALUE));
  }
}
