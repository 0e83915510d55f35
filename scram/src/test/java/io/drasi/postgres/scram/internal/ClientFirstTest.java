package io.drasi.postgres.scram.internal;

import static io.drasi.postgres.scram.internal.Rfc7677Example.CLIENT_FINAL;
import static io.drasi.postgres.scram.internal.Rfc7677Example.CLIENT_FIRST;
import static io.drasi.postgres.scram.internal.Rfc7677Example.CLIENT_NONCE;
import static io.drasi.postgres.scram.internal.Rfc7677Example.NONCE;
import static io.drasi.postgres.scram.internal.Rfc7677Example.PASSWORD;
import static io.drasi.postgres.scram.internal.Rfc7677Example.SERVER_FINAL;
import static io.drasi.postgres.scram.internal.Rfc7677Example.SERVER_FIRST;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.drasi.postgres.protocol.auth.AuthenticationException;
import java.util.Base64;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientFirstTest {
  private static final String SALT = "s=W22ZaJ0SNY7soEsUEjb6gQ==";

  @Test
  void sendsTheMessagesOfRfc7677() throws Exception {
    assertThat(Rfc7677Example.clientFirst().message()).asString(UTF_8).isEqualTo(CLIENT_FIRST);
    assertThat(Rfc7677Example.clientFinal().message()).asString(UTF_8).isEqualTo(CLIENT_FINAL);
  }

  @ParameterizedTest
  @CsvSource({"'',n=", "a=b,n=a=3Db", "'a,b','n=a=2Cb'", "=2C,n==3D2C", "Zoë,n=Zoë"})
  void escapesTheUserName(String user, String expected) {
    byte[] message = new ClientFirst(user, "abc", ChannelBinding.none()).message();
    assertThat(message).asString(UTF_8).isEqualTo("n,," + expected + ",r=abc");
  }

  static Stream<Arguments> bindings() {
    byte[] data = {0, 1, (byte) 0xFE, (byte) 0xFF};
    byte[] header = "p=tls-server-end-point,,".getBytes(UTF_8);
    String bound = Base64.getEncoder().encodeToString(Bytes.concat(header, data));
    return Stream.of(
        arguments(ChannelBinding.none(), "n,,", "biws"),
        arguments(ChannelBinding.notOffered(), "y,,", "eSws"),
        arguments(ChannelBinding.tlsServerEndPoint(data), "p=tls-server-end-point,,", bound));
  }

  @ParameterizedTest
  @MethodSource("bindings")
  void saysTheSameOfTheChannelInBothMessages(ChannelBinding binding, String header, String c)
      throws Exception {
    var client = new ClientFirst("user", CLIENT_NONCE, binding);
    assertThat(client.message()).asString(UTF_8).isEqualTo(header + "n=user,r=" + CLIENT_NONCE);
    ClientFinal answer = client.answer(SERVER_FIRST.getBytes(UTF_8), PASSWORD.toCharArray());
    assertThat(answer.message()).asString(UTF_8).startsWith("c=" + c + ",r=" + NONCE + ",p=");
  }

  @ParameterizedTest
  @ValueSource(strings = {",x=1", ",x=a=b,Y=ü", ",c=biws"})
  void ignoresOptionalExtensions(String extensions) throws Exception {
    assertThat(Rfc7677Example.answer(SERVER_FIRST + extensions).message()).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4095, 4097, ServerFirst.MAX_ITERATIONS})
  void agreesWithTheServerForEveryAllowedIterationCount(int iterations) throws Exception {
    var server = new ScriptedServer(PASSWORD, new byte[] {7}, iterations);
    var client = new ClientFirst("user", "abc", ChannelBinding.none());
    ClientFinal answer = client.answer(server.first(client.message()), PASSWORD.toCharArray());
    byte[] serverFinal = server.last(answer.message());
    assertThat(serverFinal).asString(UTF_8).startsWith("v=");
    answer.verify(serverFinal);
  }

  static Stream<Arguments> malformedMessages() {
    String r = "r=" + NONCE;
    return Stream.of(
        arguments("", "attribute r, but ends before it"),
        arguments(" ", "attribute r at character 0"),
        arguments("e=other-error", "attribute r at character 0, has \"e=\""),
        arguments("m=x," + SERVER_FIRST, "must not ask for an extension"),
        arguments(SERVER_FIRST + ",m=x", "attribute m in its place"),
        arguments(SERVER_FIRST + ",i=5000", "attribute i in its place"),
        arguments(SERVER_FIRST + ",", "ends with a comma"),
        arguments(SERVER_FIRST + ",x", "must have an attribute at character 87, has none"),
        arguments(SERVER_FIRST + ",1=x", "must have an attribute at character 87, has none"),
        arguments(SERVER_FIRST + ",x=", "value in the attribute x, has none"),
        arguments(SERVER_FIRST + ",,x=1", "must have an attribute at character 87, has none"),
        arguments(SERVER_FIRST + ",x=\0", "U+0000"),
        arguments("r=," + SALT + ",i=1", "value in the attribute r, has none"),
        arguments("r=wrong," + SALT + ",i=1", "repeat the client's nonce of 20 characters, has 5"),
        arguments("r=" + CLIENT_NONCE + "," + SALT + ",i=1", "must add to the client's nonce"),
        arguments("r=" + NONCE.substring(1) + "," + SALT + ",i=1", "repeat the client's nonce"),
        arguments(r + "ü," + SALT + ",i=1", "nonce of printable ASCII"),
        arguments(r + " ," + SALT + ",i=1", "nonce of printable ASCII"),
        arguments(r + ",i=4096," + SALT, "attribute s at character 53, has \"i=\""),
        arguments(r + ",i=4096", "attribute s at character 53, has \"i=\""),
        arguments(r + "," + SALT, "attribute i, but ends before it"),
        arguments(r + "," + SALT + ",x=1,i=4096", "attribute i at character"),
        arguments(r + ",s=,i=4096", "value in the attribute s, has none"),
        arguments(r + ",s=W22ZaJ0SNY7soEsUEjb6gQ,i=1", "base64 in the attribute s"),
        arguments(r + ",s=W22ZaJ0SNY7soEsUEjb6gQ=,i=1", "base64 in the attribute s"),
        arguments(r + ",s=W22ZaJ0SNY7soEsUEjb6gR==,i=1", "base64 in the attribute s"),
        arguments(r + ",s=W22Z-_0SNY7soEsUEjb6gQ==,i=1", "base64 in the attribute s"),
        arguments(r + ",s=W22Z aJ0SNY7soEsUEjb6gQ==,i=1", "base64 in the attribute s"),
        arguments(r + ",s==,i=1", "base64 in the attribute s"),
        arguments(r + "," + SALT + ",i=", "value in the attribute i, has none"),
        arguments(r + "," + SALT + ",i=0", "iteration count from 1 to 2000000, has \"0\""),
        arguments(r + "," + SALT + ",i=2000001", "from 1 to 2000000, has \"2000001\""),
        arguments(r + "," + SALT + ",i=4294967297", "from 1 to 2000000, has \"4294967297\""),
        arguments(r + "," + SALT + ",i=-1", "iteration count"),
        arguments(r + "," + SALT + ",i=+1", "iteration count"),
        arguments(r + "," + SALT + ",i=04096", "iteration count"),
        arguments(r + "," + SALT + ",i=٤", "iteration count"),
        arguments(r + "," + SALT + ",i=" + "9".repeat(99), "has 99 characters that are not shown"),
        arguments("r=" + "x".repeat(1023), "at most 1024 bytes, has 1025"));
  }

  @ParameterizedTest
  @MethodSource("malformedMessages")
  void refusesMalformedServerMessages(String serverFirst, String rule) {
    assertThatThrownBy(() -> Rfc7677Example.answer(serverFirst))
        .isInstanceOf(AuthenticationException.class)
        .hasMessageStartingWith("SCRAM: the server-first message must ")
        .hasMessageContaining(rule)
        .hasMessageNotContainingAny(PASSWORD, CLIENT_NONCE);
  }

  @Test
  void refusesWhatIsNotUtf8() {
    byte[] message = (SERVER_FIRST + ",x=ü").getBytes(ISO_8859_1);
    ClientFirst client = Rfc7677Example.clientFirst();
    assertThatThrownBy(() -> client.answer(message, PASSWORD.toCharArray()))
        .isInstanceOf(AuthenticationException.class)
        .hasMessage("SCRAM: the server-first message must be UTF-8, but is not");
  }

  static IntStream everyCut() {
    return IntStream.range(0, SERVER_FIRST.length());
  }

  /** Cut within the iteration count the message is whole, but the proofs do not fit any more. */
  @ParameterizedTest
  @MethodSource("everyCut")
  void neverAcceptsAMessageThatIsCut(int length) {
    assertThatThrownBy(
            () ->
                Rfc7677Example.answer(SERVER_FIRST.substring(0, length))
                    .verify(SERVER_FINAL.getBytes(UTF_8)))
        .isInstanceOf(AuthenticationException.class);
  }

  @Test
  void refusesToProveAnEmptyPassword() {
    ClientFirst client = Rfc7677Example.clientFirst();
    assertThatThrownBy(() -> client.answer(SERVER_FIRST.getBytes(UTF_8), new char[0]))
        .isInstanceOf(AuthenticationException.class)
        .hasMessageContaining("set the option password");
  }

  @Test
  void leavesTheCallersPasswordAlone() throws Exception {
    char[] password = PASSWORD.toCharArray();
    Rfc7677Example.clientFirst().answer(SERVER_FIRST.getBytes(UTF_8), password);
    assertThat(password).containsExactly(PASSWORD.toCharArray());
  }
}
