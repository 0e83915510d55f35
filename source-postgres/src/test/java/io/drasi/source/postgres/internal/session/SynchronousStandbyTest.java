package io.drasi.source.postgres.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SynchronousStandbyTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*",
        "\"drasi:shop\"",
        "FIRST 1 (s1, \"drasi:shop\")",
        "any 2 (s1, s2, \"Drasi:Shop\")",
        "2 (s1, *)",
        "s1,\"drasi:shop\""
      })
  void findsTheNameInEveryForm(String setting) {
    assertThat(SynchronousStandby.isListed(setting, "drasi:shop")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "s1", "FIRST 1 (s1, s2)", "drasi", "\"drasi:shop2\""})
  void findsNothingElse(String setting) {
    assertThat(SynchronousStandby.isListed(setting, "drasi:shop")).isFalse();
  }
}
