package io.drasi.postgres.protocol.auth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PasswordTest {
  @Test
  void neverPrintsItself() {
    assertThat(Password.of("s3cret")).hasToString("****");
    assertThat(Password.none()).hasToString("****");
  }

  @Test
  void keepsItsOwnCopy() {
    var characters = new StringBuilder("s3cret");
    Password password = Password.of(characters);
    characters.setCharAt(0, 'X');
    password.toCharArray()[1] = 'X';

    assertThat(password.toCharArray()).isEqualTo("s3cret".toCharArray());
  }

  @Test
  void isEqualByItsCharacters() {
    assertThat(Password.of("a")).isEqualTo(Password.of("a")).hasSameHashCodeAs(Password.of("a"));
    assertThat(Password.of("a")).isNotEqualTo(Password.of("b"));
    assertThat(Password.of("")).isEqualTo(Password.none());
  }

  @Test
  void isEmptyWithoutCharactersOnly() {
    assertThat(Password.none().isEmpty()).isTrue();
    assertThat(Password.of(" ").isEmpty()).isFalse();
  }
}
