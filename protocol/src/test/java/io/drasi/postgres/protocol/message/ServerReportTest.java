package io.drasi.postgres.protocol.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ServerReportTest {
  @Test
  void prefersTheSeverityThatIsNotLocalised() {
    assertThat(new ServerReport(Map.of('S', "FEHLER", 'V', "ERROR")).severity()).isEqualTo("ERROR");
    assertThat(new ServerReport(Map.of('S', "FEHLER")).severity()).isEqualTo("FEHLER");
  }

  @Test
  void hasDefaultsForWhatIsNotSent() {
    var empty = new ServerReport(Map.of());

    assertThat(empty).hasToString("ERROR:  [SQLSTATE XX000]");
    assertThat(empty.detail()).isEmpty();
    assertThat(empty.hint()).isEmpty();
  }

  @Test
  void printsNoDetailWhichMayHoldValues() {
    var report =
        new ServerReport(Map.of('V', "ERROR", 'C', "23505", 'M', "dup", 'D', "Key (id)=(7)"));

    assertThat(report).hasToString("ERROR: dup [SQLSTATE 23505]");
    assertThat(report.detail()).contains("Key (id)=(7)");
  }
}
