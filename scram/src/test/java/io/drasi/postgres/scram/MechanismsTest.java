package io.drasi.postgres.scram;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.postgres.protocol.auth.Password;
import io.drasi.postgres.protocol.auth.SaslMechanism;
import io.drasi.postgres.protocol.auth.SaslMechanism.Exchange;
import io.drasi.postgres.scram.internal.ScriptedServer;
import java.util.HashSet;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MechanismsTest {
  private static final byte[] BINDING = {1, 2, 3};

  private record Connection(Optional<byte[]> tlsServerEndPoint, boolean serverOffersChannelBinding)
      implements SaslMechanism.Context {
    @Override
    public String user() {
      return "somebody";
    }

    @Override
    public Password password() {
      return Password.of("pencil");
    }
  }

  private static Connection connection(boolean tls, boolean offered) {
    return new Connection(tls ? Optional.of(BINDING) : Optional.empty(), offered);
  }

  private static String firstMessage(SaslMechanism mechanism, Connection connection)
      throws Exception {
    try (Exchange exchange = mechanism.begin(connection).orElseThrow()) {
      return new String(exchange.initialResponse(), UTF_8);
    }
  }

  @Test
  void areFoundOnTheClassPath() {
    assertThat(ServiceLoader.load(SaslMechanism.class))
        .extracting(SaslMechanism::name)
        .containsExactlyInAnyOrder("SCRAM-SHA-256", "SCRAM-SHA-256-PLUS");
  }

  @Test
  void preferTheOneThatBindsToTheChannel() {
    assertThat(new ScramSha256Plus().preference()).isGreaterThan(new ScramSha256().preference());
  }

  @ParameterizedTest
  @CsvSource({
    "false, false, 'n,,'",
    "false, true, 'n,,'",
    "true, false, 'y,,'",
    "true, true, 'n,,'",
  })
  void tellsTheServerThatItsOfferOfBindingDidNotArrive(boolean tls, boolean offered, String header)
      throws Exception {
    var mechanism = new ScramSha256(() -> "abc");
    assertThat(firstMessage(mechanism, connection(tls, offered))).isEqualTo(header + "n=,r=abc");
  }

  @Test
  void plusBindsToTheCertificate() throws Exception {
    var mechanism = new ScramSha256Plus(() -> "abc");
    assertThat(firstMessage(mechanism, connection(true, true)))
        .isEqualTo("p=tls-server-end-point,,n=,r=abc");
  }

  @Test
  void plusNeedsBindingData() {
    assertThat(new ScramSha256Plus().begin(connection(false, true))).isEmpty();
  }

  @Test
  void authenticateAgainstAServer() throws Exception {
    for (SaslMechanism mechanism : ServiceLoader.load(SaslMechanism.class)) {
      var server = new ScriptedServer("pencil", new byte[] {9}, 10);
      try (Exchange exchange = mechanism.begin(connection(true, true)).orElseThrow()) {
        byte[] answer = exchange.respond(server.first(exchange.initialResponse()));
        byte[] outcome = server.last(answer);
        assertThat(outcome).asString(UTF_8).startsWith("v=");
        exchange.verify(outcome);
      }
    }
  }

  @Test
  void takeANewNonceForEveryExchange() throws Exception {
    Set<String> messages = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      messages.add(firstMessage(new ScramSha256(), connection(false, false)));
    }
    assertThat(messages).hasSize(100).allMatch(m -> m.matches("n,,n=,r=[A-Za-z0-9+/]{24}"));
  }
}
