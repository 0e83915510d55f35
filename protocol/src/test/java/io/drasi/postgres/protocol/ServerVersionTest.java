package io.drasi.postgres.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drasi.postgres.protocol.message.ProtocolException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerVersionTest {
  @ParameterizedTest
  @CsvSource({
    "17.2, 17",
    "17.2 (Debian 17.2-1.pgdg120+1), 17",
    "18beta1, 18",
    "19devel, 19",
    "10.23, 10",
    "9.6.24, 9",
    "8.4.22, 8"
  })
  void readsTheMajorVersion(String printed, int major) throws Exception {
    ServerVersion version = ServerVersion.parse(printed);

    assertThat(version.major()).isEqualTo(major);
    assertThat(version).hasToString(printed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "PostgreSQL 17", " 17", "-1", "v17", "１７.2"})
  void refusesWhatDoesNotStartWithANumber(String printed) {
    assertThatThrownBy(() -> ServerVersion.parse(printed))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("server_version must start with a number");
  }

  @Test
  void takesNoNumberForTooLong() throws Exception {
    assertThat(ServerVersion.parse("99999999999999999999").major()).isEqualTo(9999);
  }

  @Test
  void comparesMajorVersions() throws Exception {
    ServerVersion fifteen = ServerVersion.parse("15.4");

    assertThat(fifteen.isAtLeast(14)).isTrue();
    assertThat(fifteen.isAtLeast(15)).isTrue();
    assertThat(fifteen.isAtLeast(16)).isFalse();
  }
}
