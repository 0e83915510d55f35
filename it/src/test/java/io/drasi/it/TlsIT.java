package io.drasi.it;

import static io.drasi.it.support.Eventually.awaitRunning;
import static io.drasi.it.support.Eventually.eventually;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.api.source.SourceState;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.embedded.postgres.EmbeddedPostgres;
import io.drasi.it.support.SelfSigned;
import io.drasi.it.support.Servers;
import io.drasi.it.support.TestDatabase;
import io.drasi.postgres.protocol.SslMode;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@code ssl_mode} promises, with a server whose certificate nobody has signed. */
class TlsIT {
  private static EmbeddedPostgres server;
  private static TestDatabase database;

  @BeforeAll
  static void startServer(@TempDir Path folder) throws Exception {
    SelfSigned identity = SelfSigned.create(folder);
    server =
        Servers.start(
            Servers.builder(Servers.newest())
                .withSetting("ssl", "on")
                .withFile("server.key", identity.key().getBytes(US_ASCII))
                .withFile("server.crt", identity.certificate().getBytes(US_ASCII)));
    database = TestDatabase.create(server);
    database.run("CREATE PUBLICATION drasi_publication FOR ALL TABLES");
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  private static String isEncrypted() throws Exception {
    return database.ask(
        "SELECT ssl FROM pg_stat_ssl JOIN pg_stat_replication USING (pid)"
            + " JOIN pg_replication_slots ON active_pid = pid WHERE slot_name = '%s'"
                .formatted(database.slot()));
  }

  @ParameterizedTest
  @EnumSource(names = {"PREFER", "REQUIRE"})
  void theReplicationConnectionIsEncrypted(SslMode mode) throws Exception {
    try (var source = database.source("tls").withSslMode(mode).build()) {
      source.subscribe(SubscriptionRequest.of("one"));
      source.start();
      awaitRunning(source);
      assertThat(isEncrypted()).isEqualTo("t");
    }
  }

  @Test
  void theConnectionIsClearWhenDisabled() throws Exception {
    try (var source = database.source("clear").withSslMode(SslMode.DISABLE).build()) {
      source.subscribe(SubscriptionRequest.of("one"));
      source.start();
      awaitRunning(source);
      assertThat(isEncrypted()).isEqualTo("f");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"VERIFY_CA", "VERIFY_FULL"})
  void anUnknownAuthorityIsRefusedWhereTheModeSaysSo(SslMode mode) throws Exception {
    try (var source =
        database.source("verifying").withHost("localhost").withSslMode(mode).build()) {
      source.start();
      eventually("an error", Duration.ofSeconds(20), () -> source.status().error().isPresent());
      assertThat(source.status().error().orElseThrow().getMessage())
          .startsWith(
              "the certificate of localhost:%d is not accepted with ssl_mode verify-"
                  .formatted(server.port()));
      assertThat(source.status().state()).isEqualTo(SourceState.FAILED);
    }
  }

  @Test
  void aServerWithoutTlsIsRefusedWhereTheModeSaysSo() throws Exception {
    try (var clear = TestDatabase.create(Servers.shared(Servers.newest()));
        var source = clear.source("requiring").withSslMode(SslMode.REQUIRE).build()) {
      source.start();
      eventually("an error", Duration.ofSeconds(20), () -> source.status().error().isPresent());
      assertThat(source.status().error().orElseThrow().getMessage())
          .contains("has no TLS, but ssl_mode is require; set ssl = on at the server");
    }
  }
}
