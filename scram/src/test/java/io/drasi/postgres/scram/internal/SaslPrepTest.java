package io.drasi.postgres.scram.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.drasi.postgres.protocol.auth.AuthenticationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SaslPrepTest {

  static Stream<Arguments> prepared() {
    return Stream.of(
        // RFC 4013 section 3
        arguments("I\u00ADX", "IX"),
        arguments("user", "user"),
        arguments("USER", "USER"),
        arguments("\u00AA", "a"),
        arguments("\u2168", "IX"),
        // spaces, and what normalization puts together, pulls apart and puts in order
        arguments("a\u00A0b\u3000c\u200Bd", "a b c d"),
        arguments("pa\u0308ss", "p\u00E4ss"),
        arguments("a\u0308\u0323", "\u1EA1\u0308"),
        arguments("\uFB01n\uFB01n", "finfin"),
        arguments("\u1112\u1161\u11AB", "\uD55C"),
        arguments("\uFDFA".repeat(9), Expansion.OF_FDFA.repeat(9)),
        arguments("\uD835\uDD38", "A"),
        arguments("\u05D0\u05D1 1 \u05D2", "\u05D0\u05D1 1 \u05D2"));
  }

  /** The longest expansion there is. */
  private static final class Expansion {
    static final String OF_FDFA =
        "\u0635\u0644\u0649 \u0627\u0644\u0644\u0647 \u0639\u0644\u064A\u0647 "
            + "\u0648\u0633\u0644\u0645";
  }

  @ParameterizedTest
  @MethodSource("prepared")
  void preparesWhatTheProfileAllows(String text, String expected) throws Exception {
    assertThat(SaslPrep.prepare(text.toCharArray())).map(String::new).contains(expected);
    assertThat(SaslPrep.passwordBytes(text.toCharArray())).asString(UTF_8).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u0007", // RFC 4013 section 3: prohibited character
        "\u06271", // RFC 4013 section 3: bidirectional check
        "", // nothing is left, here and in the next
        "\u00AD",
        "\u00AD\u0221", // unassigned in Unicode 3.2
        "\u00AD\uD83D\uDD11", // likewise
        "\u00AD\uE000", // private use
        "\u05D0a\u05D0",
        "1\u05D0",
      })
  void takesThePasswordAsItIsWhereTheProfileRefusesIt(String text) throws Exception {
    assertThat(SaslPrep.prepare(text.toCharArray())).isEmpty();
    assertThat(SaslPrep.passwordBytes(text.toCharArray())).asString(UTF_8).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"secret\uD800", "\uDC00secret", "secret\uD83Dsecret"})
  void refusesWhatHasNoUtf8Form(String text) {
    assertThatThrownBy(() -> SaslPrep.passwordBytes(text.toCharArray()))
        .isInstanceOf(AuthenticationException.class)
        .hasMessageContaining("half of a surrogate pair")
        .hasMessageNotContaining("secret");
  }

  @Test
  void leavesTheCallersTextAlone() throws Exception {
    char[] text = "I\u00ADX".toCharArray();
    SaslPrep.passwordBytes(text);
    assertThat(text).containsExactly('I', '\u00AD', 'X');
  }
}
