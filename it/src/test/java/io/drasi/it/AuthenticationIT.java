package io.drasi.it;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drasi.embedded.postgres.EmbeddedPostgres;
import io.drasi.it.support.SelfSigned;
import io.drasi.it.support.Servers;
import io.drasi.it.support.TestDatabase;
import io.drasi.postgres.protocol.ChannelBinding;
import io.drasi.postgres.protocol.ConnectionConfig;
import io.drasi.postgres.protocol.Connector;
import io.drasi.postgres.protocol.ServerErrorException;
import io.drasi.postgres.protocol.Session;
import io.drasi.postgres.protocol.SessionMode;
import io.drasi.postgres.protocol.SslMode;
import io.drasi.postgres.protocol.auth.AuthenticationException;
import io.drasi.postgres.protocol.auth.AuthenticationMethod;
import io.drasi.postgres.protocol.auth.Password;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each method of authentication, on a real server. */
@ParameterizedClass
@MethodSource("io.drasi.it.support.Servers#versions")
class AuthenticationIT {
  @TempDir static Path folder;

  @Parameter String version;

  private static EmbeddedPostgres server;
  private static TestDatabase database;

  @BeforeParameterizedClassInvocation
  static void startServer(String version) throws Exception {
    SelfSigned identity = SelfSigned.create(Files.createDirectory(folder.resolve(version)));
    server =
        Servers.start(
            Servers.builder(version)
                .withHba(
                    List.of(
                        "host all postgres all scram-sha-256",
                        "host all by_cleartext all password",
                        "host all by_md5 all md5",
                        "host all by_trust all trust",
                        "host all refused all reject",
                        "host all all all scram-sha-256"))
                .withSetting("ssl", "on")
                .withFile("server.key", identity.key().getBytes(US_ASCII))
                .withFile("server.crt", identity.certificate().getBytes(US_ASCII)));
    database = TestDatabase.create(server);
    database.run(
        "CREATE ROLE by_trust LOGIN",
        "CREATE ROLE refused LOGIN PASSWORD 'x'",
        "SET password_encryption = 'md5'; CREATE ROLE by_md5 LOGIN PASSWORD 'old'");
  }

  @AfterParameterizedClassInvocation
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void resetRoles() throws Exception {
    database.run("DROP ROLE IF EXISTS by_cleartext, by_scram");
  }

  private static ConnectionConfig.Builder config(String user, String password) {
    return ConnectionConfig.builder()
        .withHost(server.host())
        .withPort(server.port())
        .withDatabase(database.name())
        .withUser(user)
        .withPassword(Password.of(password))
        .withSslMode(SslMode.DISABLE);
  }

  private static String connectAs(String user, String password, AuthenticationMethod... allowed)
      throws Exception {
    var config = config(user, password).withRequireAuth(Set.of(allowed)).build();
    try (Session session = Connector.create().connect(config, SessionMode.QUERY)) {
      return session.query("SELECT current_user AS me").get(0).required(0, "me");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"pencil", "with spaces ", "pässwörd", "I\u00adX", "\u2168", "密码🔑", "'\"\\$%"})
  void scramTakesEveryPasswordTheServerTakes(String password) throws Exception {
    database.run("CREATE ROLE by_scram LOGIN PASSWORD '%s'".formatted(password.replace("'", "''")));
    assertThat(connectAs("by_scram", password)).isEqualTo("by_scram");
    assertThatThrownBy(() -> connectAs("by_scram", password + "x"))
        .isInstanceOf(ServerErrorException.class)
        .hasMessageContaining("28P01");
    assertThat(boundAs("by_scram", password)).isEqualTo("SCRAM-SHA-256-PLUS");
    assertThatThrownBy(() -> boundAs("by_scram", password + "x"))
        .isInstanceOf(ServerErrorException.class)
        .hasMessageContaining("28P01");
  }

  /** How the log-in is authenticated where it has to be bound to TLS. */
  private static String boundAs(String user, String password) throws Exception {
    var config =
        config(user, password)
            .withSslMode(SslMode.REQUIRE)
            .withChannelBinding(ChannelBinding.REQUIRE)
            .build();
    try (Session session = Connector.create().connect(config, SessionMode.QUERY)) {
      return session.security().authentication();
    }
  }

  @Test
  void cleartextIsSentWhereItIsAllowedByName() throws Exception {
    database.run("CREATE ROLE by_cleartext LOGIN PASSWORD 'pässwörd'");
    assertThat(connectAs("by_cleartext", "pässwörd", AuthenticationMethod.PASSWORD))
        .isEqualTo("by_cleartext");
    assertThatThrownBy(() -> connectAs("by_cleartext", "pässwörd"))
        .isInstanceOf(AuthenticationException.class)
        .hasMessageContaining("asks for the password in clear");
  }

  @Test
  void trustNeedsNoPassword() throws Exception {
    assertThat(connectAs("by_trust", "")).isEqualTo("by_trust");
  }

  @Test
  void whatIsNotAllowedIsRefused() {
    assertThatThrownBy(() -> connectAs("by_trust", "", AuthenticationMethod.SCRAM_SHA_256))
        .isInstanceOf(AuthenticationException.class)
        .hasMessageContaining("which require_auth does not allow");
  }

  @Test
  void md5IsRefusedWithAdvice() {
    assertThatThrownBy(() -> connectAs("by_md5", "old"))
        .isInstanceOf(AuthenticationException.class)
        .hasMessageContaining("set scram-sha-256 for this user in pg_hba.conf");
  }

  @Test
  void aRejectedUserIsToldByTheServer() {
    assertThatThrownBy(() -> connectAs("refused", "x"))
        .isInstanceOf(ServerErrorException.class)
        .hasMessageContaining("28000");
  }
}
