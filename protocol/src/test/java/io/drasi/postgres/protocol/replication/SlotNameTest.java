package io.drasi.postgres.protocol.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlotNameTest {
  private static final String LONGEST =
      "x1234567890123456789012345678901234567890123456789012345678901_";

  @ParameterizedTest
  @ValueSource(strings = {"a", "drasi_slot", "0", "_", LONGEST})
  void takesWhatTheServerTakes(String name) {
    assertThat(new SlotName(name)).hasToString(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "A", "a-b", "a b", "a\n", "é", "٣", "a\"", LONGEST + "x"})
  void refusesEverythingElse(String name) {
    assertThatThrownBy(() -> new SlotName(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 to 63 lower-case letters, digits and underscores");
  }
}
