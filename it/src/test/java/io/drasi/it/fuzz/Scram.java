package io.drasi.it.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.drasi.postgres.protocol.auth.AuthenticationException;
import io.drasi.postgres.protocol.auth.Password;
import io.drasi.postgres.protocol.auth.SaslMechanism;
import io.drasi.postgres.scram.ScramSha256;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The two messages of a server in a SCRAM exchange, with a zero byte between them; {@code NONCE}
 * stands for what the client has sent.
 */
public final class Scram {
  /** They are allowed, and take half a second. */
  private static final Pattern MANY_ITERATIONS = Pattern.compile("i=0*[0-9]{5}");

  private Scram() {}

  /** Answers, or refuses; accepts no proof, since nobody can have guessed one. */
  public static void fuzzerTestOneInput(byte[] input) {
    String text = new String(input, ISO_8859_1);
    if (MANY_ITERATIONS.matcher(text).find()) {
      return;
    }
    int zero = text.indexOf('\0');
    try (SaslMechanism.Exchange exchange = new ScramSha256().begin(new Client()).orElseThrow()) {
      String first = new String(exchange.initialResponse(), ISO_8859_1);
      String nonce = first.substring(first.indexOf("r=") + 2);
      String challenge = zero < 0 ? text : text.substring(0, zero);
      exchange.respond(challenge.replace("NONCE", nonce).getBytes(ISO_8859_1));
      exchange.verify(text.substring(zero + 1).getBytes(ISO_8859_1));
      throw new AssertionError("a proof was accepted");
    } catch (AuthenticationException e) {
      Checks.requireMessage(e);
    }
  }

  private record Client() implements SaslMechanism.Context {
    @Override
    public String user() {
      return "app";
    }

    @Override
    public Password password() {
      return Password.of("pencil");
    }

    @Override
    public Optional<byte[]> tlsServerEndPoint() {
      return Optional.empty();
    }

    @Override
    public boolean serverOffersChannelBinding() {
      return false;
    }
  }
}
