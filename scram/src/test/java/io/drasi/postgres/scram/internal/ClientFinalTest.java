package io.drasi.postgres.scram.internal;

import static io.drasi.postgres.scram.internal.Rfc7677Example.SERVER_FINAL;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.drasi.postgres.protocol.auth.AuthenticationException;
import java.util.Base64;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientFinalTest {
  private static final String ZEROS = "v=" + Base64.getEncoder().encodeToString(new byte[32]);

  private static void verify(String serverFinal) throws Exception {
    Rfc7677Example.clientFinal().verify(serverFinal.getBytes(UTF_8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",x=1", ",x=a=b,Y=ü"})
  void acceptsTheServersSignatureWithAnyExtensions(String extensions) {
    assertThatCode(() -> verify(SERVER_FINAL + extensions)).doesNotThrowAnyException();
  }

  static Stream<Arguments> refusedMessages() {
    return Stream.of(
        arguments(ZEROS, "but its signature is wrong"),
        arguments(SERVER_FINAL.replace("6rri", "6rrj"), "but its signature is wrong"),
        arguments("", "attribute v, but ends before it"),
        arguments("v=", "value in the attribute v, has none"),
        arguments("v=AAAA", "signature of 32 bytes, has 3"),
        arguments("v=!", "base64 in the attribute v, has 1 other characters"),
        arguments(SERVER_FINAL.replace("5G4=", "5G4"), "base64 in the attribute v"),
        arguments(SERVER_FINAL.replace("5G4=", "5G5="), "base64 in the attribute v"),
        arguments(SERVER_FINAL + ",", "ends with a comma"),
        arguments(SERVER_FINAL + ",v=x", "attribute v in its place"),
        arguments(SERVER_FINAL + ",m=x", "attribute m in its place"),
        arguments(SERVER_FINAL + ",e=x", "attribute e in its place"),
        arguments("x=1," + SERVER_FINAL, "attribute v at character 0, has \"x=\""),
        arguments(" " + SERVER_FINAL, "attribute v at character 0"),
        arguments(SERVER_FINAL + "\0", "U+0000"),
        arguments("e=invalid-proof", "answers with the error \"invalid-proof\""),
        arguments("e=unknown-user,x=1", "answers with the error \"unknown-user\""),
        arguments("e=", "value in the attribute e, has none"),
        arguments("e=\u001B[2J", "answers with the error 4 characters that are not shown"),
        arguments("e=x,", "ends with a comma"),
        arguments("v=" + "A".repeat(1023), "at most 1024 bytes, has 1025"));
  }

  @ParameterizedTest
  @MethodSource("refusedMessages")
  void refusesEveryOtherMessage(String serverFinal, String rule) {
    assertThatThrownBy(() -> verify(serverFinal))
        .isInstanceOf(AuthenticationException.class)
        .hasMessageStartingWith("SCRAM: the server")
        .hasMessageContaining(rule)
        .hasMessageNotContainingAny(Rfc7677Example.PASSWORD, SERVER_FINAL.substring(2));
  }

  static IntStream everyCut() {
    return IntStream.range(0, SERVER_FINAL.length());
  }

  @ParameterizedTest
  @MethodSource("everyCut")
  void refusesAMessageThatIsCut(int length) {
    assertThatThrownBy(() -> verify(SERVER_FINAL.substring(0, length)))
        .isInstanceOf(AuthenticationException.class);
  }

  @Test
  void verifiesOnceOnly() throws Exception {
    ClientFinal client = Rfc7677Example.clientFinal();
    client.verify(SERVER_FINAL.getBytes(UTF_8));
    assertThatThrownBy(() -> client.verify(SERVER_FINAL.getBytes(UTF_8)))
        .isInstanceOf(AuthenticationException.class)
        .hasMessageContaining("this is a second");
  }

  @Test
  void doesNotTakeTheWipedSignatureForTheExpectedOne() throws Exception {
    ClientFinal client = Rfc7677Example.clientFinal();
    client.close();
    assertThatThrownBy(() -> client.verify(ZEROS.getBytes(UTF_8)))
        .isInstanceOf(AuthenticationException.class);
  }

  @Test
  void wipesTheExpectedSignatureWhateverTheResult() {
    byte[] expected = {1, 2, 3};
    var client = new ClientFinal(new byte[0], expected);
    assertThatThrownBy(() -> client.verify(SERVER_FINAL.getBytes(UTF_8)))
        .isInstanceOf(AuthenticationException.class);
    assertThat(expected).containsOnly(0);
  }
}
