package io.drasi.postgres.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.drasi.postgres.protocol.auth.AuthenticationException;
import io.drasi.postgres.protocol.auth.Password;
import io.drasi.postgres.protocol.support.ScriptedServer;
import io.drasi.postgres.protocol.support.ScriptedServer.Script;
import io.drasi.postgres.protocol.support.TestCertificate;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificates and keys in files. */
class TlsFilesTest {
  private static final String SECRET = "key s3cret";

  @TempDir static Path made;
  private static TestCertificate server;
  private static TestCertificate ecClient;
  private static TestCertificate rsaClient;
  private static TestCertificate edClient;

  @TempDir Path folder;
  private final Connector connector = new Connector(List.of());

  @BeforeAll
  static void makeCertificates() throws Exception {
    server = TestCertificate.create(made, "EC", "SHA512withECDSA", "-ext", "san=dns:localhost");
    ecClient = TestCertificate.create(made, "EC", "SHA256withECDSA", "-ext", "san=dns:localhost");
    ecClient = TestCertificate.create(made, "EC", "SHA256withECDSA", "-ext", "san=dns:localhost");
    rsaClient = TestCertificate.create(made, "RSA", "SHA256withRSA");
    edClient = TestCertificate.create(made, "Ed25519", "Ed25519");
  }

  static List<TestCertificate> clients() {
    return List.of(ecClient, rsaClient, edClient);
  }

  @BeforeEach
  void trustTheServer() throws Exception {
    Files.writeString(folder.resolve("root.crt"), server.certificatePem());
  }

  private ConnectionConfig.Builder verifying(ScriptedServer peer) {
    return peer.config()
        .withHost("localhost")
        .withSslMode(SslMode.VERIFY_FULL)
        .withSslRootCert(folder.resolve("root.crt"));
  }

  private static Script session(TestCertificate certificate) {
    return client -> {
      client.answerSslRequest((byte) 'S');
      client.upgrade(certificate.serverContext());
      client.logIn("17.2");
      client.expectTerminate();
    };
  }

  /** A server that wants a certificate, and tells its subject as its version. */
  private static Script asking(TestCertificate trusted) throws Exception {
    return asking(trusted.certificate());
  }

  private static Script asking(X509Certificate trusted) {
    return client -> {
      client.answerSslRequest((byte) 'S');
      SSLSession agreed =
          client
              .upgrade(server.serverContextTrusting(trusted), tls -> tls.setNeedClientAuth(true))
              .getSession();
      assertThat(agreed.getPeerCertificates()).containsExactly(trusted);
      client.logIn("17.2");
      client.expectTerminate();
    };
  }

  private void logsIn(UnaryOperator<ConnectionConfig.Builder> settings, Script script)
      throws Exception {
    try (var peer = ScriptedServer.start(script);
        Session session =
            connector.connect(settings.apply(verifying(peer)).build(), SessionMode.QUERY)) {
      assertThat(session.serverVersion().major()).isEqualTo(17);
    }
  }

  private String refusal(UnaryOperator<ConnectionConfig.Builder> settings) throws Exception {
    try (var peer = ScriptedServer.start(client -> client.expectEnd())) {
      ConnectionConfig config = settings.apply(verifying(peer)).build();
      ConnectionException refusal =
          catchThrowableOfType(
              ConnectionException.class, () -> connector.connect(config, SessionMode.QUERY));
      return String.valueOf(refusal.getMessage());
    }
  }

  private Path pemKey(TestCertificate certificate) throws Exception {
    return Files.writeString(
        folder.resolve("client.key"),
        TestCertificate.pem("PRIVATE KEY", certificate.key().getEncoded()));
  }

  private Path pemCertificate(TestCertificate certificate) throws Exception {
    return Files.writeString(folder.resolve("client.crt"), certificate.certificatePem());
  }

  @Test
  void trustsWhatIsInTheFileAndNothingElse() throws Exception {
    logsIn(config -> config, session(server));

    try (var peer =
        ScriptedServer.start(
            client -> {
              client.answerSslRequest((byte) 'S');
              assertThatThrownBy(
                      () -> {
                        client.upgrade(ecClient.serverContext());
                        client.startUp();
                      })
                  .isInstanceOf(IOException.class);
            })) {
      assertThat(
              catchThrowableOfType(
                  AuthenticationException.class,
                  () -> connector.connect(verifying(peer).build(), SessionMode.QUERY)))
          .hasMessageContaining("is not accepted with ssl_mode verify-full");
    }
  }

  @Test
  void readsSeveralCertificatesAndTheTextBetweenThem() throws Exception {
    Files.writeString(
        folder.resolve("root.crt"),
        "# old\r\n"
            + ecClient.certificatePem().replace("\n", "\r\n")
            + "Subject: CN=localhost\n"
            + server.certificatePem());

    logsIn(config -> config, session(server));
  }

  @Test
  void readsTheFileAnewForEachConnection() throws Exception {
    logsIn(config -> config, session(server));
    Files.writeString(folder.resolve("root.crt"), ecClient.certificatePem());

    logsIn(config -> config, session(ecClient));
  }

  @ParameterizedTest
  @CsvSource({
    "'', holds no certificate in PEM",
    "rubbish, holds no certificate in PEM",
    "'-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----', holds a certificate that cannot be read",
    "'-----BEGIN CERTIFICATE-----\nMIIBA\n-----END CERTIFICATE-----', base64 is broken",
    "'-----BEGIN CERTIFICATE-----\nMIIB\n', holds no certificate in PEM",
  })
  void saysWhatIsWrongWithAFileOfAuthorities(String content, String problem) throws Exception {
    Path file = Files.writeString(folder.resolve("root.crt"), content);

    assertThat(refusal(config -> config))
        .startsWith("the file %s (ssl_root_cert) ".formatted(file))
        .contains(problem);
  }

  @Test
  void saysThatAFileIsMissing() throws Exception {
    assertThat(refusal(config -> config.withSslRootCert(folder.resolve("none.crt"))))
        .isEqualTo(
            "the file %s (ssl_root_cert) is not there".formatted(folder.resolve("none.crt")));
    assertThat(refusal(config -> config.withSslKey(folder.resolve("none.key"))))
        .isEqualTo("the file %s (ssl_key) is not there".formatted(folder.resolve("none.key")));
  }

  @ParameterizedTest
  @MethodSource("clients")
  void showsItsCertificateToAServerThatAsks(TestCertificate client) throws Exception {
    Path certificate = pemCertificate(client);
    Path key = pemKey(client);

    logsIn(config -> config.withSslCert(certificate).withSslKey(key), asking(client));
  }

  @Test
  void takesKeyAndCertificateFromOnePemFile() throws Exception {
    Path both =
        Files.writeString(
            folder.resolve("client.pem"),
            rsaClient.certificatePem()
                + TestCertificate.pem("PRIVATE KEY", rsaClient.key().getEncoded()));

    logsIn(config -> config.withSslKey(both), asking(rsaClient));
  }

  /** As openssl pkcs8 -topk8 -v2 … -v2prf … wrote them, with the password "key s3cret". */
  private static Path recorded(String name) throws Exception {
    return Path.of(Objects.requireNonNull(TlsFilesTest.class.getResource("/tls/" + name)).toURI());
  }

  @ParameterizedTest
  @ValueSource(strings = {"aes256-sha256.key", "aes128-sha1.key", "aes256-sha512.key"})
  void decryptsAnEncryptedKey(String name) throws Exception {
    Path certificate = recorded("client.crt");
    Path key = recorded(name);
    try (InputStream in = Files.newInputStream(certificate)) {
      var trusted =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
      logsIn(
          config ->
              config
                  .withSslCert(certificate)
                  .withSslKey(key)
                  .withSslKeyPassword(Password.of(SECRET)),
          asking(trusted));
    }
    assertThat(refusal(config -> config.withSslCert(certificate).withSslKey(key)))
        .endsWith("is encrypted; set ssl_key_password");
    assertThat(
            refusal(
                config ->
                    config
                        .withSslCert(certificate)
                        .withSslKey(key)
                        .withSslKeyPassword(Password.of("guess"))))
        .endsWith("cannot be decrypted; check ssl_key_password")
        .doesNotContain("guess");
  }

  @Test
  void takesKeyAndCertificateFromAPkcs12Store() throws Exception {
    Path store = folder.resolve("client.p12");
    ecClient.storeTo(store, SECRET);

    logsIn(
        config -> config.withSslKey(store).withSslKeyPassword(Password.of(SECRET)),
        asking(ecClient));
    assertThat(refusal(config -> config.withSslKey(store).withSslKeyPassword(Password.of("guess"))))
        .endsWith("check ssl_key_password")
        .doesNotContain("guess");
    assertThat(
            refusal(
                config ->
                    config
                        .withSslCert(pathOf("root.crt"))
                        .withSslKey(store)
                        .withSslKeyPassword(Password.of(SECRET))))
        .endsWith("so leave ssl_cert out");
  }

  private Path pathOf(String name) {
    return folder.resolve(name);
  }

  @Test
  void readsItsOwnCertificateAnewForEachConnection() throws Exception {
    Path certificate = pemCertificate(ecClient);
    Path key = pemKey(ecClient);
    logsIn(config -> config.withSslCert(certificate).withSslKey(key), asking(ecClient));
    pemCertificate(rsaClient);
    pemKey(rsaClient);

    logsIn(config -> config.withSslCert(certificate).withSslKey(key), asking(rsaClient));
  }

  @Test
  void namesTheFormOfAKeyThatIsNotPkcs8() throws Exception {
    Path certificate = pemCertificate(rsaClient);
    Path key =
        Files.writeString(
            folder.resolve("client.key"), TestCertificate.pem("RSA PRIVATE KEY", new byte[] {1}));

    assertThat(refusal(config -> config.withSslCert(certificate).withSslKey(key)))
        .contains("holds a key in the form RSA PRIVATE KEY; PKCS#8 is needed: run openssl pkcs8");
  }

  @Test
  void saysThatKeyAndCertificateAreNotOfOneKind() throws Exception {
    Path certificate = pemCertificate(ecClient);
    Path key = pemKey(rsaClient);

    assertThat(refusal(config -> config.withSslCert(certificate).withSslKey(key)))
        .endsWith("(ssl_key) holds no private key that fits the certificate in ssl_cert");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void saysThatTheServerRefusesItsCertificate(String version) throws Exception {
    Path certificate = pemCertificate(ecClient);
    Path key = pemKey(ecClient);
    try (var peer =
        ScriptedServer.start(
            client -> {
              client.answerSslRequest((byte) 'S');
              assertThatThrownBy(
                      () ->
                          client.upgrade(
                              server.serverContextTrusting(rsaClient.certificate()),
                              tls -> {
                                tls.setEnabledProtocols(new String[] {version});
                                tls.setNeedClientAuth(true);
                              }))
                  .isInstanceOf(IOException.class);
              client.awaitEnd();
            })) {
      ConnectionConfig config = verifying(peer).withSslCert(certificate).withSslKey(key).build();
      assertThat(
              catchThrowableOfType(
                  AuthenticationException.class,
                  () -> connector.connect(config, SessionMode.QUERY)))
          .hasMessageContaining("refuses the client's certificate (")
          .hasMessageEndingWith("; check ssl_cert, and ssl_ca_file at the server");
    }
  }
}
