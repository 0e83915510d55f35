package io.drasi.postgres.protocol.internal;

import io.drasi.postgres.protocol.AuthenticationRules;
import io.drasi.postgres.protocol.ChannelBinding;
import io.drasi.postgres.protocol.ConnectionConfig;
import io.drasi.postgres.protocol.auth.AuthenticationException;
import io.drasi.postgres.protocol.auth.AuthenticationMethod;
import io.drasi.postgres.protocol.auth.Password;
import io.drasi.postgres.protocol.auth.PasswordSource;
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
  private final Transport transport;
  private final Password password;
  private final AuthenticationRules rules;
  private final Optional<byte[]> serverEndPoint;
  private boolean answered;

  Authenticator(
      ConnectionConfig config,
      List<SaslMechanism> mechanisms,
      StartUpMessages messages,
      MessageWriter writer,
      Transport transport,
      Password password)
      throws IOException {
    this.config = config;
    this.mechanisms = mechanisms;
    this.messages = messages;
    this.writer = writer;
    this.transport = transport;
    this.password = password;
    this.rules = config.authentication();
    this.serverEndPoint =
        rules.channelBinding() == ChannelBinding.DISABLE
            ? Optional.empty()
            : ServerEndPoint.of(transport);
  }

  /**
   * Runs until AuthenticationOk.
   *
   * @return how the client has proved who it is: {@code none}, {@code password}, or the name of a
   *     SASL mechanism
   */
  String authenticate() throws IOException {
    BackendMessage request = messages.next();
    answered = true;
    String method = "none";
    if (request instanceof AuthenticationCleartextPassword) {
      sendCleartext();
      method = "password";
      request = messages.next();
    } else if (request instanceof AuthenticationSasl offer) {
      method = exchange(offer.mechanisms());
      request = messages.next();
    } else if (request instanceof AuthenticationOk) {
      require(AuthenticationMethod.NONE, "lets the session in without asking for any proof");
      requireUnbound("lets the session in without asking for any proof");
    }
    if (!(request instanceof AuthenticationOk)) {
      throw refusal(request);
    }
    return method;
  }

  private void require(AuthenticationMethod method, String what) throws AuthenticationException {
    if (!rules.allows(method)) {
      throw new AuthenticationException(
          "the server %s, which require_auth does not allow; is %s the server it should be?"
              .formatted(what, config.address()));
    }
  }

  /** Refuses what leaves the log-in unbound, where it must be bound. */
  private void requireUnbound(String what) throws AuthenticationException {
    if (rules.channelBinding() == ChannelBinding.REQUIRE) {
      throw new AuthenticationException(
          "the server %s, but channel_binding require needs SCRAM-SHA-256-PLUS over TLS; is %s the server it should be?"
              .formatted(what, config.address()));
    }
  }

  /** Whether the server has said anything about authentication, and not refused at once. */
  boolean isAnswered() {
    return answered;
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
    requireUnbound("asks for the password in clear");
    require(AuthenticationMethod.PASSWORD, "asks for the password in clear");
    if (!transport.isPrivate() && !rules.allowed().contains(AuthenticationMethod.PASSWORD)) {
      throw new AuthenticationException(
          "the server asks for the password in clear on a connection that is not encrypted; set scram-sha-256 for this user in pg_hba.conf, or ssl_mode to verify-full, or, if that is meant, require_auth to password");
    }
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
    if (password.isEmpty()) {
      throw new AuthenticationException(
          config.password() instanceof PasswordSource.Fixed
              ? "the server asks for a password, but none is configured; set the option password"
              : "the server asks for a password, but the configured place has none for user %s at %s"
                  .formatted(config.user(), config.address()));
    }
    return password;
  }

  private String exchange(List<String> offered) throws IOException {
    if (offered.stream().noneMatch(Authenticator::binds)) {
      requireUnbound("offers no authentication that is bound to TLS");
    }
    requirePassword();
    var context = new ExchangeContext(offered);
    for (SaslMechanism mechanism : usable(offered)) {
      Optional<SaslMechanism.Exchange> begun = mechanism.begin(context);
      if (begun.isPresent()) {
        try (SaslMechanism.Exchange exchange = begun.get()) {
          run(mechanism.name(), exchange);
        }
        return mechanism.name();
      }
    }
    if (rules.channelBinding() == ChannelBinding.REQUIRE && serverEndPoint.isEmpty()) {
      throw new AuthenticationException(
          transport.tls().isEmpty()
              ? "channel_binding require needs TLS, but the connection is in clear; set ssl_mode to verify-full"
              : "channel_binding require cannot be met: the server's certificate is signed by an algorithm without a hash of its own (such as Ed25519), for which no binding is defined");
    }
    throw new AuthenticationException(
        "the server offers the SASL mechanisms %s, but installed are %s; is the module"
                .formatted(offered, mechanisms.stream().map(SaslMechanism::name).toList())
            + " io.drasi.postgres.scram missing?");
  }

  private List<SaslMechanism> usable(List<String> offered) throws AuthenticationException {
    if (offered.stream().allMatch(Authenticator::isScram)) {
      require(AuthenticationMethod.SCRAM_SHA_256, "asks for SCRAM-SHA-256");
    }
    return mechanisms.stream()
        .filter(mechanism -> offered.contains(mechanism.name()))
        .filter(mechanism -> rules.allowed().isEmpty() || isScram(mechanism.name()))
        .filter(
            mechanism ->
                switch (rules.channelBinding()) {
                  case DISABLE -> !binds(mechanism.name());
                  case PREFER -> true;
                  case REQUIRE -> binds(mechanism.name());
                })
        .sorted(Comparator.comparingInt(SaslMechanism::preference).reversed())
        .toList();
  }

  private static boolean binds(String mechanism) {
    return mechanism.endsWith("-PLUS");
  }

  private static boolean isScram(String mechanism) {
    return mechanism.equals("SCRAM-SHA-256") || mechanism.equals("SCRAM-SHA-256-PLUS");
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
      return password;
    }

    @Override
    public Optional<byte[]> tlsServerEndPoint() {
      return serverEndPoint.map(byte[]::clone);
    }

    @Override
    public boolean serverOffersChannelBinding() {
      return offered.stream().anyMatch(Authenticator::binds);
    }
  }
}
