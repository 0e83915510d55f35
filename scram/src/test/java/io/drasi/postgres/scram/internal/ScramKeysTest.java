package io.drasi.postgres.scram.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScramKeysTest {

  @Test
  void wipesTheKeysOnClose() {
    ScramKeys keys = ScramKeys.derive("pencil".getBytes(UTF_8), new byte[] {1}, 1);
    assertThat(keys.storedKey()).isNotEqualTo(new byte[32]);
    keys.close();
    assertThat(keys.storedKey()).containsOnly(0);
    assertThat(keys.serverKey()).containsOnly(0);
  }

  @Test
  void leavesPasswordAndSaltToTheCaller() {
    byte[] password = "pencil".getBytes(UTF_8);
    byte[] salt = {1, 2};
    ScramKeys.derive(password, salt, 2).close();
    assertThat(password).asString(UTF_8).isEqualTo("pencil");
    assertThat(salt).containsExactly(1, 2);
  }

  @Test
  void doesNotPrintKeys() {
    try (ScramKeys keys = ScramKeys.derive("pencil".getBytes(UTF_8), new byte[] {1}, 1)) {
      assertThat(keys).asString().matches(".*ScramKeys@[0-9a-f]+");
    }
  }
}
