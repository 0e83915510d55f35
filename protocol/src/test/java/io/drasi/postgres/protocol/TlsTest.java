package io.drasi.postgres.protocol;

import static io.drasi.postgres.protocol.support.ServerMessages.authenticationOk;
import static io.drasi.postgres.protocol.support.ServerMessages.authenticationSasl;
import static io.drasi.postgres.protocol.support.ServerMessages.concat;
import static io.drasi.postgres.protocol.support.ServerMessages.error;
import static io.drasi.postgres.protocol.support.ServerMessages.hex;
import static io.drasi.postgres.protocol.support.ServerMessages.started;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.drasi.postgres.protocol.auth.AuthenticationException;
import io.drasi.postgres.protocol.auth.Password;
import io.drasi.postgres.protocol.auth.SaslMechanism;
import io.drasi.postgres.protocol.message.ProtocolException;
import io.drasi.postgres.protocol.support.ScriptedServer;
import io.drasi.postgres.protocol.support.ScriptedServer.Script;
import io.drasi.postgres.protocol.support.TestCertificate;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TlsTest {
  @TempDir static Path folder;
  private static TestCertificate localhost;
  private static TestCertificate weak;

  private final Connector connector = new Connector(List.of());

  @BeforeAll
  static void makeCertificates() throws Exception {
    localhost =
        TestCertificate.create(folder, "EC", "SHA256withECDSA", "-ext", "san=dns:localhost");
    weak = TestCertificate.create(folder, "RSA", "MD5withRSA");
  }

  private static Script tlsSession(TestCertificate certificate) {
    return client -> {
      client.answerSslRequest((byte) 'S');
      client.upgrade(certificate.serverContext());
      client.logIn("17.2");
      client.expectTerminate();
    };
  }

  private void logsIn(SslMode mode, String host, Script... scripts) throws Exception {
    logsIn(config -> config.withHost(host).withSslMode(mode), scripts);
  }

  private void logsIn(UnaryOperator<ConnectionConfig.Builder> settings, Script... scripts)
      throws Exception {
    try (var server = ScriptedServer.start(scripts);
        Session session =
            connector.connect(settings.apply(server.config()).build(), SessionMode.QUERY)) {
      assertThat(session.serverVersion().major()).isEqualTo(17);
    }
  }

  private <T extends Throwable> T refusal(
      Class<T> type, SslMode mode, String host, Script... scripts) throws Exception {
    return refusal(type, config -> config.withHost(host).withSslMode(mode), scripts);
  }

  private <T extends Throwable> T refusal(
      Class<T> type, UnaryOperator<ConnectionConfig.Builder> settings, Script... scripts)
      throws Exception {
    try (var server = ScriptedServer.start(scripts)) {
      ConnectionConfig config = settings.apply(server.config()).build();
      return catchThrowableOfType(type, () -> connector.connect(config, SessionMode.QUERY));
    }
  }

  private static UnaryOperator<ConnectionConfig.Builder> trusting(
      TestCertificate certificate, SslMode mode, String host) {
    return config -> {
      try {
        return config.withHost(host).withSslMode(mode).withSslContext(certificate.clientContext());
      } catch (GeneralSecurityException | IOException e) {
        throw new AssertionError(e);
      }
    };
  }

  @ParameterizedTest
  @EnumSource(
      value = SslMode.class,
      names = {"PREFER", "REQUIRE"})
  void encryptsWithWhateverCertificate(SslMode mode) throws Exception {
    logsIn(mode, "127.0.0.1", tlsSession(localhost));
    logsIn(mode, "127.0.0.1", tlsSession(weak));
  }

  @Test
  void goesOnInClearWherePreferIsRefused() throws Exception {
    logsIn(
        SslMode.PREFER,
        "127.0.0.1",
        client -> {
          client.answerSslRequest((byte) 'N');
          client.logIn("17.2");
          client.expectTerminate();
        });
  }

  @ParameterizedTest
  @EnumSource(
      value = SslMode.class,
      names = {"REQUIRE", "VERIFY_CA", "VERIFY_FULL"})
  void neverGoesOnInClearWhereTlsIsRequired(SslMode mode) throws Exception {
    assertThat(
            refusal(
                AuthenticationException.class,
                mode,
                "127.0.0.1",
                client -> {
                  client.answerSslRequest((byte) 'N');
                  client.expectEnd();
                }))
        .hasMessageContaining("has no TLS, but ssl_mode is ")
        .hasMessageContaining(mode.name().toLowerCase(Locale.ROOT).replace('_', '-'))
        .hasMessageContaining("set ssl = on");
  }

  @ParameterizedTest
  @EnumSource(value = SslMode.class, names = "DISABLE", mode = EnumSource.Mode.EXCLUDE)
  void neverShowsAnErrorThatCameInClear(SslMode mode) throws Exception {
    assertThat(
            refusal(
                ConnectionException.class,
                mode,
                "127.0.0.1",
                client -> {
                  client.answerSslRequest(error("FATAL", "28000", "send your password to evil"));
                  client.awaitEnd();
                }))
        .hasMessageEndingWith("answers the request for TLS with an error; its log tells which")
        .hasMessageNotContaining("evil");
  }

  @ParameterizedTest
  @ValueSource(bytes = {'s', 'Y', 0, -1})
  void refusesEveryOtherAnswer(byte answer) throws Exception {
    for (SslMode mode : List.of(SslMode.PREFER, SslMode.REQUIRE, SslMode.VERIFY_FULL)) {
      assertThat(
              refusal(
                  ProtocolException.class,
                  mode,
                  "127.0.0.1",
                  client -> {
                    client.answerSslRequest(answer);
                    client.expectEnd();
                  }))
          .hasMessageStartingWith("the answer to SSLRequest must be S or N, was ");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "S"})
  void noticesAServerThatCloses(String answer) throws Exception {
    assertThat(
            refusal(
                ConnectionException.class,
                SslMode.REQUIRE,
                "127.0.0.1",
                client -> client.answerSslRequest(answer.getBytes(UTF_8))))
        .isNotNull();
  }

  /** CVE-2021-23222: what a man in the middle sends in clear must not count as encrypted. */
  @ParameterizedTest
  @EnumSource(
      value = SslMode.class,
      names = {"REQUIRE", "VERIFY_CA", "VERIFY_FULL"})
  void usesNothingThatCameInClearBehindTheAnswer(SslMode mode) throws Exception {
    byte[] injected = concat(new byte[] {'S'}, authenticationOk(), started("99.9"));
    try (var server =
        ScriptedServer.start(
            client -> {
              client.answerSslRequest(injected);
              assertThatThrownBy(() -> client.upgrade(localhost.serverContext()))
                  .isInstanceOf(IOException.class);
            })) {
      ConnectionConfig config = server.config().withSslMode(mode).build();
      assertThatThrownBy(() -> connector.connect(config, SessionMode.QUERY))
          .isInstanceOf(ConnectionException.class)
          .hasMessageContaining("TLS with");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = SslMode.class,
      names = {"VERIFY_CA", "VERIFY_FULL"})
  void refusesACertificateThatIsNotTrusted(SslMode mode) throws Exception {
    assertThat(
            refusal(
                AuthenticationException.class,
                mode,
                "localhost",
                client -> {
                  client.answerSslRequest((byte) 'S');
                  assertThatThrownBy(
                          () -> {
                            client.upgrade(localhost.serverContext());
                            client.startUp();
                          })
                      .isInstanceOf(IOException.class);
                }))
        .hasMessageContaining("the certificate of localhost:")
        .hasMessageContaining("is not accepted with ssl_mode verify-");
  }

  @ParameterizedTest
  @EnumSource(
      value = SslMode.class,
      names = {"VERIFY_CA", "VERIFY_FULL"})
  void takesACertificateThatIsTrusted(SslMode mode) throws Exception {
    logsIn(trusting(localhost, mode, "localhost"), tlsSession(localhost));
  }

  @Test
  void checksTheHostNameInVerifyFullOnly() throws Exception {
    logsIn(trusting(localhost, SslMode.VERIFY_CA, "127.0.0.1"), tlsSession(localhost));
    assertThat(
            refusal(
                AuthenticationException.class,
                trusting(localhost, SslMode.VERIFY_FULL, "127.0.0.1"),
                client -> {
                  client.answerSslRequest((byte) 'S');
                  assertThatThrownBy(
                          () -> {
                            client.upgrade(localhost.serverContext());
                            client.startUp();
                          })
                      .isInstanceOf(IOException.class);
                }))
        .hasMessageContaining("127.0.0.1");
  }

  @Test
  void triesInClearWherePreferFindsNoCommonTls() throws Exception {
    logsIn(
        SslMode.PREFER,
        "127.0.0.1",
        client -> {
          client.answerSslRequest((byte) 'S');
          client.send(hex("15 03 03 00 02 02 28")); // alert: handshake_failure
          client.awaitEnd();
        },
        client -> {
          client.logIn("17.2");
          client.expectTerminate();
        });
  }

  private static Script refusingTls(String sqlState) {
    return client -> {
      client.answerSslRequest((byte) 'S');
      client.upgrade(localhost.serverContext());
      client.startUp();
      client.send(error("FATAL", sqlState, "not with TLS"));
      client.awaitEnd();
    };
  }

  @Test
  void triesInClearWherePreferIsNotLetInWithTls() throws Exception {
    logsIn(
        SslMode.PREFER,
        "127.0.0.1",
        refusingTls("28000"),
        client -> {
          client.logIn("17.2");
          client.expectTerminate();
        });
  }

  @Test
  void tellsWhatWasWrongWithTlsWherePreferIsNotLetInAtAll() throws Exception {
    assertThat(
            refusal(
                ServerErrorException.class,
                SslMode.PREFER,
                "127.0.0.1",
                refusingTls("28000"),
                client -> {
                  client.startUp();
                  client.send(error("FATAL", "28000", "not in clear"));
                  client.awaitEnd();
                }))
        .hasMessageContaining("not with TLS")
        .satisfies(
            e -> assertThat(e.getSuppressed()).singleElement().asString().contains("not in clear"));
  }

  /** It may be a binding that does not fit, since somebody is in between: that is no reason. */
  @Test
  void doesNotTryInClearOnceAuthenticationHasBegun() throws Exception {
    assertThat(
            refusal(
                ServerErrorException.class,
                SslMode.PREFER,
                "127.0.0.1",
                client -> {
                  client.answerSslRequest((byte) 'S');
                  client.upgrade(localhost.serverContext());
                  client.startUp();
                  client.send(authenticationOk(), error("FATAL", "28000", "not bound"));
                  client.awaitEnd();
                },
                client -> {
                  client.logIn("17.2");
                  client.expectTerminate();
                }))
        .hasMessageContaining("not bound");
  }

  @ParameterizedTest
  @EnumSource(value = SslMode.class, names = "REQUIRE")
  void neverTriesInClearWhatHasToBeEncrypted(SslMode mode) throws Exception {
    assertThat(refusal(ServerErrorException.class, mode, "127.0.0.1", refusingTls("28000")))
        .hasMessageContaining("not with TLS");
  }

  @Test
  void encryptsFromTheFirstByteWhereNegotiationIsDirect() throws Exception {
    logsIn(
        config -> config.withSslMode(SslMode.REQUIRE).withSslNegotiation(SslNegotiation.DIRECT),
        client -> {
          client.upgrade(localhost.serverContext(), tls -> offer(tls, "postgresql"));
          client.logIn("17.2");
          client.expectTerminate();
        });
  }

  @Test
  void refusesADirectServerThatMayMeanAnotherProtocol() throws Exception {
    assertThat(
            refusal(
                AuthenticationException.class,
                config ->
                    config.withSslMode(SslMode.REQUIRE).withSslNegotiation(SslNegotiation.DIRECT),
                client -> {
                  client.upgrade(localhost.serverContext());
                  client.expectEnd();
                }))
        .hasMessageContaining("does not say that it speaks PostgreSQL (ALPN)");
  }

  @Test
  void saysWhatDirectNegotiationNeedsWhereTheServerDoesNotKnowIt() throws Exception {
    assertThat(
            refusal(
                ConnectionException.class,
                config ->
                    config.withSslMode(SslMode.REQUIRE).withSslNegotiation(SslNegotiation.DIRECT),
                client -> client.send(error("FATAL", "0A000", "unsupported frontend protocol"))))
        .hasMessageEndingWith("; ssl_negotiation direct needs PostgreSQL 17 or newer");
  }

  private static void offer(SSLSocket tls, String protocol) {
    SSLParameters parameters = tls.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {protocol});
    tls.setSSLParameters(parameters);
  }

  @Test
  void offersTheMechanismTheChannelToBindTo() throws Exception {
    var seen = new AtomicReference<Optional<byte[]>>(Optional.empty());
    var server =
        ScriptedServer.start(
            client -> {
              client.answerSslRequest((byte) 'S');
              client.upgrade(localhost.serverContext());
              client.startUp();
              client.send(authenticationSasl("SPY-PLUS"));
              client.expectEnd();
            });
    try (server) {
      ConnectionConfig config =
          server.config().withSslMode(SslMode.REQUIRE).withPassword(Password.of("s3cret")).build();
      assertThatThrownBy(
              () -> new Connector(List.of(new Spy(seen))).connect(config, SessionMode.QUERY))
          .isInstanceOf(AuthenticationException.class);
    }

    byte[] hash = MessageDigest.getInstance("SHA-256").digest(localhost.certificate().getEncoded());
    assertThat(seen.get()).contains(hash);
  }

  /** A mechanism that looks at the channel and begins nothing. */
  private record Spy(AtomicReference<Optional<byte[]>> seen) implements SaslMechanism {
    @Override
    public String name() {
      return "SPY-PLUS";
    }

    @Override
    public int preference() {
      return 1;
    }

    @Override
    public Optional<Exchange> begin(Context context) {
      seen.set(context.tlsServerEndPoint());
      return Optional.empty();
    }
  }

  @Test
  void closesAtOnceWhileATlsReadWaits() throws Exception {
    try (var server =
        ScriptedServer.start(
            client -> {
              client.answerSslRequest((byte) 'S');
              client.upgrade(localhost.serverContext());
              client.logIn("17.2");
              client.query();
              client.awaitEnd();
            })) {
      Session session =
          connector.connect(
              server.config().withSslMode(SslMode.REQUIRE).build(), SessionMode.QUERY);
      BlockedThread reader = BlockedThread.reading(() -> session.query("SELECT pg_sleep(60)"));

      session.close();

      assertThat(reader.failure()).isInstanceOf(ConnectionException.class);
    }
  }
}
