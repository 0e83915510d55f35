package io.drasi.postgres.protocol.internal;

import io.drasi.postgres.protocol.ConnectionConfig;
import io.drasi.postgres.protocol.auth.AuthenticationException;
import io.drasi.postgres.protocol.auth.Password;
import io.drasi.postgres.protocol.auth.SaslMechanism;
import io.drasi.postgres.protocol.message.BackendMessage;
import io.drasi.postgres.protocol.message.BackendMessage.AuthenticationCleartextPassword;
import io.drasi.postgres.protocol.message.BackendMessage.AuthenticationMd5Password;
import io.drasi.postgres.protocol.message.BackendMessage.AuthenticationOk;
import io.drasi.postgres.protocol.message.BackendMessage.AuthenticationOther;
import io.drasi.postgres.protocol.message.BackendMessage.AuthenticationSasl;
import io.drasi.postgres.protocol.message.BackendMessage.AuthenticationSaslContinue;
import io.drasi.postgres.protocol.message.BackendMessage.AuthenticationSaslFinal;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Proves to the server who connects, by the method the server asks for.
 *
 * <p>Confined to the thread that connects.
 */
final class Authenticator {
  private final ConnectionConfig config;
  private final List<SaslMechanism> mechanisms;
  private final StartUpMessages messages;
  private final MessageWriter writer;
  private final Optional<byte[]> serverEndPoint;

  Authenticator(
      ConnectionConfig config,
      List<SaslMechanism> mechanisms,
      StartUpMessages messages,
      MessageWriter writer,
      Optional<byte[]> serverEndPoint) {
    this.config = config;
    this.mechanisms = mechanisms;
    this.messages = messages;
    this.writer = writer;
    this.serverEndPoint = serverEndPoint;
  }

  /** Runs until AuthenticationOk. */
  void authenticate() throws IOException {
    BackendMessage request = messages.next();
    if (request instanceof AuthenticationCleartextPassword) {
      sendCleartext();
      request = messages.next();
    } else if (request instanceof AuthenticationSasl offer) {
      exchange(offer.mechanisms());
      request = messages.next();
    }
    if (!(request instanceof AuthenticationOk)) {
      throw refusal(request);
    }
  }

  private static IOException refusal(BackendMessage request) {
    if (request instanceof AuthenticationMd5Password) {
      return new AuthenticationException(
          "the server asks for an MD5 password, which is not secure; set scram-sha-256 for this"
              + " user in pg_hba.conf, and set the password anew with password_encryption ="
              + " 'scram-sha-256'");
    }
    if (request instanceof AuthenticationOther other) {
      return new AuthenticationException(
          "the server asks for authentication method %d (%s), which is not supported; set"
                  .formatted(other.code(), methodName(other.code()))
              + " scram-sha-256 for this user in pg_hba.conf");
    }
    return unexpected(request);
  }

  private static String methodName(int code) {
    return switch (code) {
      case 2 -> "Kerberos V5";
      case 7, 8 -> "GSSAPI";
      case 9 -> "SSPI";
      default -> "unknown";
    };
  }

  private static ProtocolException unexpected(BackendMessage message) {
    return new ProtocolException(
        "authentication: unexpected " + message.getClass().getSimpleName());
  }

  private void sendCleartext() throws IOException {
    char[] characters = requirePassword().toCharArray();
    ByteBuffer encoded = ByteBuffer.wrap(new byte[characters.length * 3]);
    CoderResult result =
        StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(characters), encoded, true);
    byte[] utf8 = Arrays.copyOf(encoded.array(), encoded.position());
    Arrays.fill(characters, '\0');
    Arrays.fill(encoded.array(), (byte) 0);
    if (result.isError()) {
      Arrays.fill(utf8, (byte) 0);
      throw new AuthenticationException(
          "the password holds half a character (an unpaired surrogate); set the option password");
    }
    writer.password(utf8);
  }

  private Password requirePassword() throws AuthenticationException {
    if (config.password().isEmpty()) {
      throw new AuthenticationException(
          "the server asks for a password, but none is configured; set the option password");
    }
    return config.password();
  }

  private void exchange(List<String> offered) throws IOException {
    requirePassword();
    var context = new ExchangeContext(offered);
    List<SaslMechanism> usable =
        mechanisms.stream()
            .filter(mechanism -> offered.contains(mechanism.name()))
            .sorted(Comparator.comparingInt(SaslMechanism::preference).reversed())
            .toList();
    for (SaslMechanism mechanism : usable) {
      Optional<SaslMechanism.Exchange> begun = mechanism.begin(context);
      if (begun.isPresent()) {
        try (SaslMechanism.Exchange exchange = begun.get()) {
          run(mechanism.name(), exchange);
        }
        return;
      }
    }
    throw new AuthenticationException(
        "the server offers the SASL mechanisms %s, but installed are %s; is the module"
                .formatted(offered, mechanisms.stream().map(SaslMechanism::name).toList())
            + " io.drasi.postgres.scram missing?");
  }

  private void run(String mechanism, SaslMechanism.Exchange exchange) throws IOException {
    writer.saslInitialResponse(mechanism, exchange.initialResponse());
    BackendMessage message = messages.next();
    while (message instanceof AuthenticationSaslContinue step) {
      writer.saslResponse(exchange.respond(step.challenge()));
      message = messages.next();
    }
    if (message instanceof AuthenticationOk) {
      throw new AuthenticationException(
          "the server lets the session in without proof that it knows the password itself; is "
              + config.address()
              + " the server it should be?");
    }
    if (!(message instanceof AuthenticationSaslFinal end)) {
      throw refusal(message);
    }
    exchange.verify(end.outcome());
  }

  private final class ExchangeContext implements SaslMechanism.Context {
    private final List<String> offered;

    ExchangeContext(List<String> offered) {
      this.offered = offered;
    }

    @Override
    public String user() {
      return config.user();
    }

    @Override
    public Password password() {
      return config.password();
    }

    @Override
    public Optional<byte[]> tlsServerEndPoint() {
      return serverEndPoint.map(byte[]::clone);
    }

    @Override
    public boolean serverOffersChannelBinding() {
      return offered.stream().anyMatch(name -> name.endsWith("-PLUS"));
    }
  }
}
