package io.drasi.postgres.scram.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drasi.postgres.protocol.auth.AuthenticationException;
import io.drasi.postgres.protocol.auth.Password;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScramExchangeTest {
  private static final String SECRET = "correct-horse";

  private ScriptedServer server;
  private ScramExchange exchange;

  @BeforeEach
  void setUp() throws Exception {
    server = new ScriptedServer(SECRET, new byte[] {1, 2, 3}, 16);
    exchange = new ScramExchange(Password.of(SECRET), "nonce", ChannelBinding.none());
  }

  /** Calls the exchange as the letters say: i, r, v for its methods in order, c for close. */
  private void drive(String calls) throws Exception {
    byte[] message = {};
    for (int i = 0; i < calls.length(); i++) {
      switch (calls.charAt(i)) {
        case 'i' -> message = server.first(exchange.initialResponse());
        case 'r' -> message = server.last(exchange.respond(message));
        case 'v' -> exchange.verify(message);
        default -> exchange.close();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"irv", "irvc", "irvcc", "irc", "ic", "c"})
  void runsInOrderAndClosesAnyTime(String calls) throws Exception {
    drive(calls);
    assertThatThrownBy(exchange::initialResponse).isInstanceOf(AuthenticationException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"r", "v", "ii", "iv", "irr", "iri", "irvi", "irvr", "irvv", "ci", "icr", "ircv"})
  void failsClearlyOutOfOrderAndWhenUsedAgain(String calls) throws Exception {
    drive(calls.substring(0, calls.length() - 1));
    assertThatThrownBy(() -> drive(calls.substring(calls.length() - 1)))
        .isInstanceOf(AuthenticationException.class)
        .hasMessageContaining("out of order or after the end");
  }

  @Test
  void isOverAfterAnError() throws Exception {
    byte[] serverFirst = server.first(exchange.initialResponse());
    assertThatThrownBy(() -> exchange.respond("e=other-error".getBytes(UTF_8)))
        .isInstanceOf(AuthenticationException.class);
    assertThatThrownBy(() -> exchange.respond(serverFirst))
        .isInstanceOf(AuthenticationException.class)
        .hasMessageContaining("after the end");
  }

  @Test
  void refusesAServerThatDoesNotKnowThePassword() throws Exception {
    var impostor = new ScriptedServer("guess", new byte[] {1, 2, 3}, 16);
    exchange.respond(impostor.first(exchange.initialResponse()));
    String guessed = "v=" + "A".repeat(43) + "=";
    assertThatThrownBy(() -> exchange.verify(guessed.getBytes(UTF_8)))
        .isInstanceOf(AuthenticationException.class)
        .hasMessageContaining("signature is wrong");
  }

  @Test
  void reportsAWrongPasswordByTheServersName() throws Exception {
    server = new ScriptedServer("another", new byte[] {1, 2, 3}, 16);
    assertThatThrownBy(() -> drive("irv"))
        .isInstanceOf(AuthenticationException.class)
        .hasMessageContaining("\"invalid-proof\"");
  }

  @Test
  void neverSendsOrPrintsThePassword() throws Exception {
    byte[] first = exchange.initialResponse();
    byte[] last = exchange.respond(server.first(first));
    assertThat(first).asString(UTF_8).isEqualTo("n,,n=,r=nonce");
    assertThat(last).asString(UTF_8).startsWith("c=biws,r=nonce").doesNotContain(SECRET);
    assertThat(exchange).asString().doesNotContain(SECRET);
  }
}
