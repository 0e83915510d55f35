package io.drasi.it;

import static io.drasi.it.support.Eventually.eventually;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.Subscription;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.embedded.postgres.EmbeddedPostgres;
import io.drasi.it.support.Bootstraps;
import io.drasi.it.support.CheckProcess;
import io.drasi.it.support.ManInTheMiddle;
import io.drasi.it.support.Servers;
import io.drasi.it.support.TcpProxy;
import io.drasi.it.support.TestAuthority;
import io.drasi.it.support.TestDatabase;
import io.drasi.it.support.Transactions;
import io.drasi.postgres.protocol.ChannelBinding;
import io.drasi.postgres.protocol.ConnectionConfig;
import io.drasi.postgres.protocol.Connector;
import io.drasi.postgres.protocol.ServerErrorException;
import io.drasi.postgres.protocol.Session;
import io.drasi.postgres.protocol.SessionMode;
import io.drasi.postgres.protocol.SslMode;
import io.drasi.postgres.protocol.SslNegotiation;
import io.drasi.postgres.protocol.auth.AuthenticationException;
import io.drasi.postgres.protocol.auth.Password;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every {@code ssl_mode} against servers of every kind: what comes of it is what comes of it with
 * libpq, and stands as a table in docs/security.md. The libpq is the one that the server itself
 * uses, by its extension dblink.
 */
class TlsMatrixIT {
  private static final String ENCRYPTED = "encrypted";
  private static final String CLEAR = "in clear";
  private static final String REFUSED = "refused";

  /** The kinds of servers, as columns of the table. */
  private enum Kind {
    WITHOUT_TLS("no TLS", "off", "trusted", "by_password"),
    TRUSTED("trusted", "on", "trusted", "by_password"),
    UNTRUSTED("untrusted", "on", "untrusted", "by_password"),
    EXPIRED("expired", "on", "expired", "by_password"),
    WRONG_HOST("wrong host name", "on", "elsewhere", "by_password"),
    CLIENT_CERTIFICATE("asks for a client certificate", "on", "trusted", "by_certificate");

    final String title;
    final String ssl;
    final String certificate;
    final String user;

    Kind(String title, String ssl, String certificate, String user) {
      this.title = title;
      this.ssl = ssl;
      this.certificate = certificate;
      this.user = user;
    }
  }

  @TempDir static Path folder;
  private static TestAuthority authority;
  private static TestAuthority stranger;
  private static EmbeddedPostgres server;
  private static TestDatabase database;

  @BeforeAll
  static void startServer() throws Exception {
    authority = TestAuthority.create(folder, "authority");
    authority.signServer("trusted", "localhost");
    authority.signServer("elsewhere", "db.example.com");
    authority.signExpired("expired", "localhost");
    authority.signClient("client", "by_certificate");
    stranger = TestAuthority.create(folder, "stranger");
    stranger.signServer("untrusted", "localhost");
    stranger.signClient("strange_client", "by_certificate");
    TestAuthority rsaPss = TestAuthority.create(folder, "rsa_pss", "RSA", "-sigalg", "RSASSA-PSS");
    TestAuthority ed25519 = TestAuthority.create(folder, "ed25519", "Ed25519");
    authority.write(folder, "client");
    stranger.write(folder, "strange_client");
    Files.writeString(folder.resolve("root.crt"), authority.certificate());
    EmbeddedPostgres.Builder builder =
        Servers.builder(Servers.newest())
            .withHba(
                List.of("hostssl all by_certificate all cert", "host all all all scram-sha-256"))
            .withSetting("ssl", "off")
            .withSetting("ssl_ca_file", "root.crt")
            .withFile("root.crt", authority.certificate().getBytes(US_ASCII))
            .withFile("client.crt", authority.chain("client").getBytes(US_ASCII))
            .withFile("client.key", authority.key("client").getBytes(US_ASCII));
    withCertificate(builder, authority, "trusted");
    withCertificate(builder, authority, "elsewhere");
    withCertificate(builder, authority, "expired");
    withCertificate(builder, stranger, "untrusted");
    withCertificate(builder, rsaPss, "rsa_pss");
    withCertificate(builder, ed25519, "ed25519");
    server = Servers.start(builder);
    database = TestDatabase.create(server);
    database.run(
        "CREATE EXTENSION dblink",
        "CREATE ROLE by_password LOGIN PASSWORD 'pencil'",
        "CREATE ROLE by_certificate LOGIN PASSWORD 'pencil'");
  }

  private static void withCertificate(
      EmbeddedPostgres.Builder builder, TestAuthority by, String alias) throws Exception {
    builder
        .withFile(alias + ".crt", by.chain(alias).getBytes(US_ASCII))
        .withFile(alias + ".key", by.key(alias).getBytes(US_ASCII));
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  private static void become(Kind kind) throws Exception {
    become(kind.ssl, kind.certificate);
  }

  private static void become(String ssl, String certificate) throws Exception {
    database.run(
        "ALTER SYSTEM SET ssl = '%s'".formatted(ssl),
        "ALTER SYSTEM SET ssl_cert_file = '%s.crt'".formatted(certificate),
        "ALTER SYSTEM SET ssl_key_file = '%s.key'".formatted(certificate),
        "SELECT pg_reload_conf()");
    eventually(
        "a server with the certificate " + certificate,
        Duration.ofSeconds(20),
        () ->
            database
                .ask("SELECT current_setting('ssl') || current_setting('ssl_cert_file')")
                .equals(ssl + certificate + ".crt"));
  }

  private static ConnectionConfig.Builder config(String user, SslMode mode) {
    var builder =
        ConnectionConfig.builder()
            .withHost("localhost")
            .withPort(server.port())
            .withDatabase(database.name())
            .withUser(user)
            .withPassword(Password.of("pencil"))
            .withSslMode(mode);
    return mode.checksCertificate() ? builder.withSslRootCert(folder.resolve("root.crt")) : builder;
  }

  private static ConnectionConfig.Builder withClient(
      ConnectionConfig.Builder builder, String client) {
    return builder
        .withSslCert(folder.resolve(client + ".crt"))
        .withSslKey(folder.resolve(client + ".key"));
  }

  private static String ours(ConnectionConfig config) {
    try (Session session = Connector.create().connect(config, SessionMode.QUERY)) {
      return session
              .query("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
              .get(0)
              .required(0, "ssl")
              .equals("t")
          ? ENCRYPTED
          : CLEAR;
    } catch (IOException e) {
      return REFUSED;
    }
  }

  private static String libpqs(Kind kind, SslMode mode, boolean withCertificate) {
    var conninfo = new StringJoiner(" ");
    conninfo.add("host=localhost hostaddr=127.0.0.1 gssencmode=disable password=pencil");
    conninfo.add("port=%d dbname=%s".formatted(server.port(), database.name()));
    conninfo.add("user=%s sslmode=%s".formatted(kind.user, optionName(mode)));
    String client = withCertificate ? "client" : "none"; // not what lies in somebody's home folder
    conninfo.add("sslrootcert=" + inServer(mode.checksCertificate() ? "root.crt" : "none"));
    conninfo.add("sslcert=" + inServer(client + ".crt"));
    conninfo.add("sslkey=" + inServer(client + ".key"));
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet answer =
            statement.executeQuery(
                "SELECT ssl FROM dblink('%s', 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()') AS t(ssl bool)"
                    .formatted(conninfo))) {
      answer.next();
      return answer.getBoolean(1) ? ENCRYPTED : CLEAR;
    } catch (SQLException e) {
      assertThat(e.getSQLState()).as(e.getMessage()).isEqualTo("08001");
      return REFUSED;
    }
  }

  private static Path inServer(String name) {
    return server.dataDirectory().resolve(name);
  }

  private static String optionName(SslMode mode) {
    return mode.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Test
  void everyModeGivesWhatLibpqGivesAndTheDocumentationSays() throws Exception {
    Map<SslMode, List<String>> cells = new EnumMap<>(SslMode.class);
    for (Kind kind : Kind.values()) {
      become(kind);
      for (SslMode mode : SslMode.values()) {
        cells.computeIfAbsent(mode, m -> new ArrayList<>()).add(outcome(kind, mode, false));
      }
    }
    cells.forEach(
        (mode, row) ->
            row.add(
                mode == SslMode.DISABLE // refused already by who writes the configuration
                    ? REFUSED
                    : outcome(Kind.CLIENT_CERTIFICATE, mode, true)));
    assertThat(Files.readString(Path.of(System.getProperty("drasi.root"), "docs/security.md")))
        .contains(table(cells));
  }

  private static String outcome(Kind kind, SslMode mode, boolean withCertificate) {
    ConnectionConfig.Builder config = config(kind.user, mode);
    String ours = ours((withCertificate ? withClient(config, "client") : config).build());
    assertThat(ours)
        .as("ssl_mode %s, server %s, certificate %s", mode, kind, withCertificate)
        .isEqualTo(libpqs(kind, mode, withCertificate));
    return ours;
  }

  private static String table(Map<SslMode, List<String>> cells) {
    var lines = new StringJoiner("\n", "", "\n");
    var titles = new StringJoiner(" | ", "| `ssl_mode` | ", " |");
    var rule = new StringJoiner("|", "|---|", "|");
    for (Kind kind : Kind.values()) {
      titles.add(kind.title);
      rule.add("---");
    }
    lines.add(titles.add("asks for one, and there is one").toString());
    lines.add(rule.add("---").toString());
    cells.forEach(
        (mode, row) ->
            lines.add("| `%s` | %s |".formatted(optionName(mode), String.join(" | ", row))));
    return lines.toString();
  }

  @Test
  void aCertificateLetsTheClientInWithoutAPassword() throws Exception {
    become(Kind.TRUSTED);
    ConnectionConfig config =
        withClient(config("by_certificate", SslMode.VERIFY_FULL), "client")
            .withPassword(Password.none())
            .build();
    assertThat(ours(config)).isEqualTo(ENCRYPTED);
  }

  /** It closes at once, so that its reason might be lost where the client is writing yet. */
  @Test
  void aCertificateOfAStrangerIsRefusedAndNamed() throws Exception {
    become(Kind.TRUSTED);
    ConnectionConfig config =
        withClient(config("by_certificate", SslMode.VERIFY_FULL), "strange_client").build();
    for (int i = 0; i < 100; i++) {
      assertThatThrownBy(() -> Connector.create().connect(config, SessionMode.QUERY))
          .isInstanceOf(AuthenticationException.class)
          .hasMessage(
              "localhost:%d refuses the client's certificate (Received fatal alert: unknown_ca); check ssl_cert, and ssl_ca_file at the server"
                  .formatted(server.port()));
    }
  }

  /** SSL_CERT_FILE says where the system has them, to OpenSSL and so to libpq too. */
  @Test
  void theSystemsAuthoritiesAreTrustedWhereThatIsSaid() throws Exception {
    become(Kind.TRUSTED);
    Map<String, String> options =
        Map.of(
            "id", "shop",
            "host", "localhost",
            "port", Integer.toString(server.port()),
            "database", database.name(),
            "user", "by_password",
            "password", "pencil",
            "ssl_mode", "verify-full",
            "ssl_root_cert", "system");
    assertThat(
            CheckProcess.findings(
                Map.of("SSL_CERT_FILE", folder.resolve("root.crt").toString()), options))
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("OK tls: TLSv1.3")
                    .endsWith("ssl_mode verify-full: certificate checked"));

    Path strangers = Files.writeString(folder.resolve("stranger.crt"), stranger.certificate());
    assertThat(CheckProcess.findings(Map.of("SSL_CERT_FILE", strangers.toString()), options))
        .singleElement()
        .satisfies(
            line ->
                assertThat(line)
                    .startsWith("PROBLEM connection: the certificate of localhost:")
                    .contains("is not accepted with ssl_mode verify-full"));
  }

  @Test
  void directNegotiationEncryptsFromTheFirstByte() throws Exception {
    assumeTrue(Integer.parseInt(Servers.newest()) >= 17, "PostgreSQL 17 has it first");
    become(Kind.TRUSTED);
    assertThat(
            ours(
                config("by_password", SslMode.VERIFY_FULL)
                    .withSslNegotiation(SslNegotiation.DIRECT)
                    .build()))
        .isEqualTo(ENCRYPTED);
    become(Kind.WITHOUT_TLS);
    ConnectionConfig config =
        config("by_password", SslMode.REQUIRE).withSslNegotiation(SslNegotiation.DIRECT).build();
    assertThatThrownBy(() -> Connector.create().connect(config, SessionMode.QUERY))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("TLS with localhost");
  }

  /** Of the stream, its look-ups in the catalog, and every connection of a bootstrap. */
  @Test
  void nothingOfASourceAndItsBootstrapIsOnTheWireInClear() throws Exception {
    become(Kind.TRUSTED);
    database.run(
        "CREATE TABLE plain_text (id int PRIMARY KEY, name text)",
        "INSERT INTO plain_text VALUES (1, 'Alice in plain text')",
        "CREATE PUBLICATION drasi_publication FOR TABLE plain_text",
        "GRANT SELECT ON plain_text TO " + TestDatabase.ROLE);
    try (var proxy = TcpProxy.to(server.port())) {
      Consumer<ConnectionConfig.Builder> connection =
          config ->
              config
                  .withHost("localhost:" + proxy.port())
                  .withSslMode(SslMode.VERIFY_FULL)
                  .withSslRootCert(folder.resolve("root.crt"));
      try (var source =
          database
              .source("wire")
              .withConnection(connection)
              .withBootstrapProvider(
                  Bootstraps.provider(database).withConnection(connection).build())
              .build()) {
        Subscription subscription =
            source.subscribe(SubscriptionRequest.builder("one").withBootstrap(true).build());
        source.start();
        SourceEvent event = subscription.take();
        while (!(event instanceof SourceEvent.BootstrapCompleted)) {
          event = subscription.take();
        }
        database.run("INSERT INTO plain_text VALUES (2, 'Bob in plain text')");
        Transactions.next(subscription);
      }
      assertThat(proxy.seen())
          .hasSizeGreaterThan(2 * 3)
          .allSatisfy(
              bytes -> {
                String text = new String(bytes, US_ASCII);
                assertThat(text).doesNotContain("plain").doesNotContain(database.name());
                int handshake = bytes[0] == 'S' ? 1 : 8; // after the answer, or after SSLRequest
                assertThat(bytes[handshake]).as("a TLS record").isEqualTo((byte) 0x16);
              });
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"trusted", "rsa_pss"})
  void theLogInIsBoundToTheCertificate(String certificate) throws Exception {
    become("on", certificate);
    ConnectionConfig config =
        config("by_password", SslMode.REQUIRE).withChannelBinding(ChannelBinding.REQUIRE).build();
    try (Session session = Connector.create().connect(config, SessionMode.QUERY)) {
      assertThat(session.security().authentication()).isEqualTo("SCRAM-SHA-256-PLUS");
      assertThat(session.security().tls().orElseThrow()).startsWith("TLSv1.3, ");
    }
    ConnectionConfig unbound =
        config.toBuilder().withChannelBinding(ChannelBinding.DISABLE).build();
    try (Session session = Connector.create().connect(unbound, SessionMode.QUERY)) {
      assertThat(session.security().authentication()).isEqualTo("SCRAM-SHA-256");
    }
  }

  @Test
  void aCertificateOfEd25519CannotBeBoundTo() throws Exception {
    become("on", "ed25519");
    ConnectionConfig config = config("by_password", SslMode.REQUIRE).build();
    assertThat(ours(config)).isEqualTo(ENCRYPTED);
    ConnectionConfig bound = config.toBuilder().withChannelBinding(ChannelBinding.REQUIRE).build();
    assertThatThrownBy(() -> Connector.create().connect(bound, SessionMode.QUERY))
        .isInstanceOf(AuthenticationException.class)
        .hasMessageContaining("signed by an algorithm without a hash of its own");
  }

  @ParameterizedTest
  @EnumSource(
      value = SslMode.class,
      names = {"REQUIRE", "VERIFY_CA", "VERIFY_FULL"})
  void whoStripsTlsIsRefusedWhereTheModeSaysSo(SslMode mode) throws Exception {
    become(Kind.TRUSTED);
    try (var man = ManInTheMiddle.strippingTls(server.port())) {
      ConnectionConfig config = config("by_password", mode).withPort(man.port()).build();
      assertThatThrownBy(() -> Connector.create().connect(config, SessionMode.QUERY))
          .isInstanceOf(AuthenticationException.class)
          .hasMessageContaining("has no TLS, but ssl_mode is ");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = SslMode.class,
      names = {"VERIFY_CA", "VERIFY_FULL"})
  void whoSwapsTheCertificateIsRefusedWhereTheModeSaysSo(SslMode mode) throws Exception {
    become(Kind.TRUSTED);
    try (var man = ManInTheMiddle.swappingTheCertificate(server.port(), stranger.serverContext())) {
      ConnectionConfig config = config("by_password", mode).withPort(man.port()).build();
      assertThatThrownBy(() -> Connector.create().connect(config, SessionMode.QUERY))
          .isInstanceOf(AuthenticationException.class)
          .hasMessageContaining("is not accepted with ssl_mode verify-");
    }
  }

  /** The server finds out, since the log-in is bound to the certificate that the client saw. */
  @ParameterizedTest
  @EnumSource(
      value = SslMode.class,
      names = {"PREFER", "REQUIRE"})
  void whoSwapsTheCertificateIsFoundOutByScramEvenWhereItIsNotChecked(SslMode mode)
      throws Exception {
    become(Kind.TRUSTED);
    try (var man = ManInTheMiddle.swappingTheCertificate(server.port(), stranger.serverContext())) {
      ConnectionConfig config = config("by_password", mode).withPort(man.port()).build();
      assertThatThrownBy(() -> Connector.create().connect(config, SessionMode.QUERY))
          .isInstanceOf(ServerErrorException.class)
          .hasMessageContaining("SCRAM channel binding check failed");
    }
  }
}
