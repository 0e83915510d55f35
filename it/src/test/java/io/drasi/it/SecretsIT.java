package io.drasi.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.embedded.postgres.EmbeddedPostgres;
import io.drasi.it.support.Servers;
import io.drasi.it.support.TalkativeRun;
import io.drasi.it.support.TestAuthority;
import io.drasi.it.support.TestDatabase;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** No secret in anything that a process prints, at trace, whether it succeeds or fails. */
class SecretsIT {
  private static final String SECRET = "Tr0ub4dor-s3cret";
  private static final String OTHER = "c0rrect-h0rse";

  /** How the process is set up, and what it must have come to. */
  private enum Run {
    SUCCEEDS("Completed[count=1"),
    SUCCEEDS_BY_FILE("Completed[count=1"),
    SUCCEEDS_BY_PASSFILE("Completed[count=1"),
    WRONG_PASSWORD("28P01"),
    PASSWORD_IN_CLEAR_REFUSED("asks for the password in clear"),
    KEY_PASSWORD_WRONG("check ssl_key_password"),
    KEY_IS_NO_KEY("holds no private key"),
    PASSWORD_TWICE("comes from one place"),
    PASSWORD_UNRESOLVED("without its }"),
    SERVER_GONE("no connection to");

    final String printed;

    Run(String printed) {
      this.printed = printed;
    }
  }

  @TempDir static Path folder;
  private static EmbeddedPostgres server;
  private static TestDatabase database;
  private static String keyBody;

  @BeforeAll
  static void startServer() throws Exception {
    TestAuthority authority = TestAuthority.create(folder, "authority");
    authority.signServer("server", "localhost");
    Files.writeString(folder.resolve("root.crt"), authority.certificate());
    authority.write(folder, "server");
    keyBody = authority.key("server").lines().skip(1).findFirst().orElseThrow();
    Files.writeString(folder.resolve("password"), SECRET + "\n");
    Path passfile = Files.writeString(folder.resolve("passfile"), "*:*:*:*:" + SECRET + "\n");
    Files.setPosixFilePermissions(passfile, PosixFilePermissions.fromString("rw-------"));
    Files.writeString(folder.resolve("broken.key"), SECRET + "\n-----BEGIN RUBBISH-----\n");
    server =
        Servers.start(
            Servers.builder(Servers.newest())
                .withHba(
                    List.of("host all in_clear all password", "host all all all scram-sha-256"))
                .withSetting("ssl", "on")
                .withFile("server.crt", authority.chain("server").getBytes(US_ASCII))
                .withFile("server.key", authority.key("server").getBytes(US_ASCII)));
    database = TestDatabase.create(server);
    database.run(
        "CREATE ROLE secretive LOGIN REPLICATION PASSWORD '%s'".formatted(SECRET),
        "CREATE ROLE in_clear LOGIN REPLICATION PASSWORD '%s'".formatted(SECRET),
        "CREATE TABLE users (id int PRIMARY KEY, name text)",
        "INSERT INTO users VALUES (1, 'Alice')",
        "GRANT SELECT ON users TO secretive",
        "CREATE PUBLICATION drasi_publication FOR TABLE users");
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  private static Map<String, String> options(Run run) {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("id", "shop");
    options.put("host", "localhost");
    options.put("port", Integer.toString(server.port()));
    options.put("database", database.name());
    options.put("user", "secretive");
    options.put("password", SECRET);
    options.put("slot_name", "secrets_" + run.name().toLowerCase(Locale.ROOT));
    options.put("ssl_mode", "verify-full");
    options.put("ssl_root_cert", folder.resolve("root.crt").toString());
    switch (run) {
      case SUCCEEDS -> {}
      case SUCCEEDS_BY_FILE -> {
        options.remove("password");
        options.put("password_file", folder.resolve("password").toString());
      }
      case SUCCEEDS_BY_PASSFILE -> {
        options.remove("password");
        options.put("passfile", folder.resolve("passfile").toString());
      }
      case WRONG_PASSWORD -> options.put("password", OTHER);
      case PASSWORD_IN_CLEAR_REFUSED -> {
        options.put("user", "in_clear");
        options.put("ssl_mode", "disable");
        options.remove("ssl_root_cert");
      }
      case KEY_PASSWORD_WRONG -> {
        options.put("ssl_key", folder.resolve("authority.p12").toString());
        options.put("ssl_key_password", OTHER);
      }
      case KEY_IS_NO_KEY -> {
        options.put("ssl_cert", folder.resolve("server.crt").toString());
        options.put("ssl_key", folder.resolve("broken.key").toString());
      }
      case PASSWORD_TWICE -> options.put("password_file", folder.resolve("password").toString());
      case PASSWORD_UNRESOLVED -> options.put("password", "${" + SECRET);
      case SERVER_GONE -> options.put("host", "localhost:1");
    }
    return options;
  }

  private static String printed(Run run) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=trace",
                "-cp",
                System.getProperty("java.class.path"),
                TalkativeRun.class.getName())
            .redirectErrorStream(true)
            .start();
    try (OutputStream input = process.getOutputStream()) {
      var properties = new Properties();
      properties.putAll(options(run));
      properties.store(input, null);
    }
    String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return printed;
  }

  @ParameterizedTest
  @EnumSource(Run.class)
  void aRunPrintsNoSecret(Run run) throws Exception {
    String printed = printed(run);

    assertThat(printed).contains(run.printed).contains("END");
    if (List.of(Run.WRONG_PASSWORD, Run.KEY_PASSWORD_WRONG, Run.SERVER_GONE).contains(run)) {
      assertThat(printed).as("the log is at its most talkative").contains(" DEBUG ");
    }
    for (String secret : List.of(SECRET, OTHER, keyBody)) {
      byte[] bytes = secret.getBytes(ISO_8859_1);
      assertThat(printed)
          .doesNotContain(secret)
          .doesNotContain(Base64.getEncoder().withoutPadding().encodeToString(bytes))
          .doesNotContain(HexFormat.of().formatHex(bytes))
          .doesNotContain(new StringBuilder(secret).reverse())
          .doesNotContain(List.of(secret.chars().boxed().toArray()).toString());
    }
  }
}
