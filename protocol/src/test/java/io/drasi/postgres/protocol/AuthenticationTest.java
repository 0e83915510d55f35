package io.drasi.postgres.protocol;

import static io.drasi.postgres.protocol.support.ServerMessages.authentication;
import static io.drasi.postgres.protocol.support.ServerMessages.authenticationOk;
import static io.drasi.postgres.protocol.support.ServerMessages.authenticationSasl;
import static io.drasi.postgres.protocol.support.ServerMessages.error;
import static io.drasi.postgres.protocol.support.ServerMessages.int32;
import static io.drasi.postgres.protocol.support.ServerMessages.notice;
import static io.drasi.postgres.protocol.support.ServerMessages.ready;
import static io.drasi.postgres.protocol.support.ServerMessages.started;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.drasi.postgres.protocol.auth.AuthenticationException;
import io.drasi.postgres.protocol.auth.AuthenticationMethod;
import io.drasi.postgres.protocol.auth.Password;
import io.drasi.postgres.protocol.auth.SaslMechanism;
import io.drasi.postgres.protocol.message.ProtocolException;
import io.drasi.postgres.protocol.support.ScriptedServer;
import io.drasi.postgres.protocol.support.ScriptedServer.Script;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticationTest {
  /** Answers a challenge with "re:" and itself; takes no outcome but "proof". */
  private static final class Echo implements SaslMechanism {
    final List<String> calls = new ArrayList<>();
    private final String name;
    private final int preference;
    private final boolean usable;

    Echo(String name, int preference, boolean usable) {
      this.name = name;
      this.preference = preference;
      this.usable = usable;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public int preference() {
      return preference;
    }

    @Override
    public Optional<Exchange> begin(Context context) {
      calls.add(
          "begin as %s, %s, %s"
              .formatted(
                  context.user(),
                  context.serverOffersChannelBinding() ? "can bind" : "cannot bind",
                  context.tlsServerEndPoint().isPresent() ? "channel" : "clear"));
      return usable ? Optional.of(new EchoExchange(calls)) : Optional.empty();
    }
  }

  private record EchoExchange(List<String> calls) implements SaslMechanism.Exchange {
    @Override
    public byte[] initialResponse() {
      return "hello".getBytes(UTF_8);
    }

    @Override
    public byte[] respond(byte[] challenge) throws AuthenticationException {
      if (challenge.length == 0) {
        throw new AuthenticationException("an empty challenge");
      }
      return ("re:" + new String(challenge, UTF_8)).getBytes(UTF_8);
    }

    @Override
    public void verify(byte[] outcome) throws AuthenticationException {
      if (!new String(outcome, UTF_8).equals("proof")) {
        throw new AuthenticationException("no proof");
      }
    }

    @Override
    public void close() {
      calls.add("close");
    }
  }

  private final Echo echo = new Echo("ECHO", 1, true);
  private final Connector connector = new Connector(List.of(echo));

  private Set<AuthenticationMethod> requireAuth = Set.of();
  private ChannelBinding channelBinding = ChannelBinding.PREFER;

  private ConnectionConfig config(ScriptedServer server, String password) {
    return server
        .config()
        .withSslMode(SslMode.PREFER)
        .withPassword(Password.of(password))
        .withRequireAuth(requireAuth)
        .withChannelBinding(channelBinding)
        .build();
  }

  private void logsIn(String password, Script script) throws Exception {
    try (var server =
            ScriptedServer.start(
                client -> {
                  client.answerSslRequest((byte) 'N');
                  client.startUp();
                  script.run(client);
                  client.send(authenticationOk(), started("17.2"));
                  client.expectTerminate();
                });
        Session session = connector.connect(config(server, password), SessionMode.QUERY)) {
      assertThat(session.serverVersion().major()).isEqualTo(17);
    }
  }

  private <T extends Throwable> T refusal(Class<T> type, String password, Script script)
      throws Exception {
    try (var server =
        ScriptedServer.start(
            client -> {
              client.answerSslRequest((byte) 'N');
              client.startUp();
              script.run(client);
              client.expectEnd(); // nothing more was sent
            })) {
      return catchThrowableOfType(
          type, () -> connector.connect(config(server, password), SessionMode.QUERY));
    }
  }

  @Test
  void needsNoPasswordWhereTheServerTrusts() throws Exception {
    logsIn("", client -> {});
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3cret", "pässwörd", "\uD83D\uDD11", " "})
  void sendsAClearTextPasswordAsUtf8(String password) throws Exception {
    requireAuth = Set.of(AuthenticationMethod.PASSWORD);
    logsIn(
        password,
        client -> {
          client.send(notice("hello"), authentication(3));
          assertThat(client.receive()).hasToString("p " + password + "|");
        });
  }

  @Test
  void sendsNoPasswordInClearThatIsNotAllowedByName() throws Exception {
    assertThat(
            refusal(
                AuthenticationException.class, "s3cret", client -> client.send(authentication(3))))
        .hasMessageStartingWith(
            "the server asks for the password in clear on a connection that is not encrypted")
        .hasMessageEndingWith("or, if that is meant, require_auth to password");
  }

  @ParameterizedTest
  @CsvSource({
    "NONE, 3, asks for the password in clear",
    "SCRAM_SHA_256, 3, asks for the password in clear",
    "PASSWORD, 0, lets the session in without asking for any proof",
    "SCRAM_SHA_256, 0, lets the session in without asking for any proof",
    "PASSWORD, 10, asks for SCRAM-SHA-256",
    "NONE, 10, asks for SCRAM-SHA-256"
  })
  void refusesAMethodThatIsNotAllowed(AuthenticationMethod allowed, int asked, String what)
      throws Exception {
    requireAuth = Set.of(allowed);
    assertThat(
            refusal(
                AuthenticationException.class,
                "s3cret",
                client ->
                    client.send(
                        asked == 10 ? authenticationSasl("SCRAM-SHA-256") : authentication(asked))))
        .hasMessageStartingWith("the server %s, which require_auth does not allow".formatted(what));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 10})
  void goesOnUnboundNeverWhereBindingIsRequired(int asked) throws Exception {
    channelBinding = ChannelBinding.REQUIRE;
    assertThat(
            refusal(
                AuthenticationException.class,
                "s3cret",
                client ->
                    client.send(asked == 10 ? authenticationSasl("ECHO") : authentication(asked))))
        .hasMessageContaining("but channel_binding require needs SCRAM-SHA-256-PLUS over TLS");
    assertThat(echo.calls).isEmpty();
  }

  @Test
  void saysThatBindingNeedsTls() throws Exception {
    channelBinding = ChannelBinding.REQUIRE;
    assertThat(
            refusal(
                AuthenticationException.class,
                "s3cret",
                client -> client.send(authenticationSasl("ECHO", "ECHO-PLUS"))))
        .hasMessage(
            "channel_binding require needs TLS, but the connection is in clear; set ssl_mode to verify-full");
    assertThat(echo.calls).isEmpty();
  }

  @Test
  void bindsNeverWhereBindingIsDisabled() throws Exception {
    channelBinding = ChannelBinding.DISABLE;
    var plus = new Echo("ECHO-PLUS", 9, true);
    try (var server =
            ScriptedServer.start(
                client -> {
                  client.answerSslRequest((byte) 'N');
                  client.startUp();
                  client.send(authenticationSasl("ECHO-PLUS", "ECHO"));
                  assertThat(client.receive().text()).startsWith("ECHO|");
                  client.send(authentication(12, "proof".getBytes(UTF_8)));
                  client.send(authenticationOk(), started("17.2"));
                  client.expectTerminate();
                });
        Session session =
            new Connector(List.of(echo, plus))
                .connect(config(server, "s3cret"), SessionMode.QUERY)) {
      assertThat(session.security())
          .isEqualTo(new SessionSecurity(Optional.empty(), "ECHO", false));
    }
    assertThat(plus.calls).isEmpty();
  }

  @Test
  void sendsNoHalfPassword() throws Exception {
    requireAuth = Set.of(AuthenticationMethod.PASSWORD);
    assertThat(
            refusal(
                AuthenticationException.class,
                "abc\uD800def",
                client -> client.send(authentication(3))))
        .hasMessageContaining("half a character")
        .hasMessageNotContaining("abc");
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 10})
  void saysThatAPasswordIsMissing(int method) throws Exception {
    requireAuth = method == 3 ? Set.of(AuthenticationMethod.PASSWORD) : Set.of();
    assertThat(
            refusal(
                AuthenticationException.class,
                "",
                client ->
                    client.send(method == 3 ? authentication(3) : authenticationSasl("ECHO"))))
        .hasMessage(
            "the server asks for a password, but none is configured; set the option password");
  }

  @Test
  void refusesMd5WithTheRemedy() throws Exception {
    assertThat(
            refusal(
                AuthenticationException.class,
                "s3cret",
                client -> client.send(authentication(5, int32(42)))))
        .hasMessageContaining("MD5")
        .hasMessageContaining("pg_hba.conf")
        .hasMessageContaining("scram-sha-256")
        .hasMessageContaining("password_encryption");
  }

  @ParameterizedTest
  @CsvSource({"2, Kerberos V5", "7, GSSAPI", "8, GSSAPI", "9, SSPI", "6, unknown", "99, unknown"})
  void namesAMethodItDoesNotKnow(int code, String name) throws Exception {
    assertThat(
            refusal(
                AuthenticationException.class,
                "s3cret",
                client -> client.send(authentication(code))))
        .hasMessage(
            "the server asks for authentication method %d (%s), which is not supported; set scram-sha-256 for this user in pg_hba.conf"
                .formatted(code, name));
  }

  @Test
  void refusesASecondRequest() throws Exception {
    requireAuth = Set.of(AuthenticationMethod.PASSWORD);
    assertThat(
            refusal(
                ProtocolException.class,
                "s3cret",
                client -> {
                  client.send(authentication(3));
                  client.receive();
                  client.send(authentication(3));
                }))
        .hasMessage("authentication: unexpected AuthenticationCleartextPassword");
  }

  @Test
  void runsAMechanismToItsEnd() throws Exception {
    logsIn(
        "s3cret",
        client -> {
          client.send(authenticationSasl("OTHER", "ECHO"));
          assertThat(client.receive()).hasToString("p ECHO||||\u0005hello");
          client.send(authentication(11, "one".getBytes(UTF_8)));
          assertThat(client.receive()).hasToString("p re:one");
          client.send(notice("wait"), authentication(11, "two".getBytes(UTF_8)));
          assertThat(client.receive()).hasToString("p re:two");
          client.send(authentication(12, "proof".getBytes(UTF_8)));
        });

    assertThat(echo.calls).containsExactly("begin as app, cannot bind, clear", "close");
  }

  @Test
  void takesTheBestMechanismThatCanBeUsed() throws Exception {
    var worse = new Echo("ECHO-0", 0, true);
    var unusable = new Echo("ECHO-PLUS", 3, false);
    var notOffered = new Echo("ECHO-4", 4, true);
    Connector many = new Connector(List.of(worse, echo, unusable, notOffered));
    try (var server =
            ScriptedServer.start(
                client -> {
                  client.answerSslRequest((byte) 'N');
                  client.startUp();
                  client.send(authenticationSasl("ECHO-PLUS", "ECHO-0", "ECHO"));
                  assertThat(client.receive().text()).startsWith("ECHO|");
                  client.send(authentication(12, "proof".getBytes(UTF_8)));
                  client.send(authenticationOk(), started("17.2"));
                  client.expectTerminate();
                });
        Session session = many.connect(config(server, "s3cret"), SessionMode.QUERY)) {
      assertThat(session.serverVersion().major()).isEqualTo(17);
    }

    assertThat(unusable.calls).containsExactly("begin as app, can bind, clear");
    assertThat(worse.calls).isEmpty();
    assertThat(notOffered.calls).isEmpty();
  }

  @Test
  void namesMechanismsThatAreNotInstalled() throws Exception {
    assertThat(
            refusal(
                AuthenticationException.class,
                "s3cret",
                client -> client.send(authenticationSasl("SCRAM-SHA-256"))))
        .hasMessage(
            "the server offers the SASL mechanisms [SCRAM-SHA-256], but installed are [ECHO]; is"
                + " the module io.drasi.postgres.scram missing?");
  }

  @Test
  void refusesAServerThatSkipsItsProof() throws Exception {
    assertThat(
            refusal(
                AuthenticationException.class,
                "s3cret",
                client -> {
                  client.send(authenticationSasl("ECHO"));
                  client.receive();
                  client.send(authentication(11, "one".getBytes(UTF_8)));
                  client.receive();
                  client.send(authenticationOk(), started("17.2"));
                }))
        .hasMessageContaining("without proof that it knows the password");
    assertThat(echo.calls).endsWith("close");
  }

  @Test
  void refusesAServerThatSkipsTheWholeExchange() throws Exception {
    assertThat(
            refusal(
                AuthenticationException.class,
                "s3cret",
                client -> {
                  client.send(authenticationSasl("ECHO"));
                  client.receive();
                  client.send(authenticationOk(), started("17.2"));
                }))
        .hasMessageContaining("without proof that it knows the password");
  }

  @Test
  void refusesAServerWhoseProofIsWrong() throws Exception {
    assertThat(
            refusal(
                AuthenticationException.class,
                "s3cret",
                client -> {
                  client.send(authenticationSasl("ECHO"));
                  client.receive();
                  client.send(authentication(12, "lie".getBytes(UTF_8)));
                  client.send(authenticationOk(), started("17.2"));
                }))
        .hasMessage("no proof");
    assertThat(echo.calls).endsWith("close");
  }

  @Test
  void refusesAChallengeTheMechanismRefuses() throws Exception {
    assertThat(
            refusal(
                AuthenticationException.class,
                "s3cret",
                client -> {
                  client.send(authenticationSasl("ECHO"));
                  client.receive();
                  client.send(authentication(11));
                }))
        .hasMessage("an empty challenge");
    assertThat(echo.calls).endsWith("close");
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 5})
  void refusesAnotherMethodInTheMiddleOfAnExchange(int code) throws Exception {
    assertThat(
            refusal(
                IOException.class,
                "s3cret",
                client -> {
                  client.send(authenticationSasl("ECHO"));
                  client.receive();
                  client.send(code == 3 ? authentication(3) : authentication(5, int32(1)));
                }))
        .isNotInstanceOf(ConnectionException.class);
    assertThat(echo.calls).endsWith("close");
  }

  @Test
  void tellsTheServersRefusalInTheMiddle() throws Exception {
    ServerErrorException error =
        refusal(
            ServerErrorException.class,
            "s3cret",
            client -> {
              client.send(authenticationSasl("ECHO"));
              client.receive();
              client.send(error("FATAL", "28P01", "password authentication failed"));
            });

    assertThat(error.sqlState()).isEqualTo("28P01");
    assertThat(echo.calls).endsWith("close");
  }

  @Test
  void refusesAProofWithoutAQuestion() throws Exception {
    assertThat(
            refusal(ProtocolException.class, "s3cret", client -> client.send(authentication(12))))
        .hasMessage("authentication: unexpected AuthenticationSaslFinal");
  }

  @Test
  void refusesToGoOnWithoutAuthenticationOk() throws Exception {
    requireAuth = Set.of(AuthenticationMethod.PASSWORD);
    assertThat(
            refusal(
                ProtocolException.class,
                "s3cret",
                client -> {
                  client.send(authentication(3));
                  client.receive();
                  client.send(ready());
                }))
        .hasMessage("authentication: unexpected ReadyForQuery");
  }

  @Test
  void noticesAServerThatClosesAfterEachStep() throws Exception {
    try (var server =
        ScriptedServer.start(
            client -> client.answerSslRequest((byte) 'N'),
            client -> {
              client.answerSslRequest((byte) 'N');
              client.startUp();
              client.send(authenticationSasl("ECHO"));
              client.receive();
            },
            client -> {
              client.answerSslRequest((byte) 'N');
              client.startUp();
              client.send(authenticationSasl("ECHO"));
              client.receive();
              client.send(authentication(12, "proof".getBytes(UTF_8)));
            },
            client -> {
              client.answerSslRequest((byte) 'N');
              client.startUp();
              client.send(authenticationOk());
            })) {
      for (int i = 0; i < 4; i++) {
        assertThatThrownBy(() -> connector.connect(config(server, "s3cret"), SessionMode.QUERY))
            .isInstanceOf(ConnectionException.class);
      }
    }
  }
}
