package io.drasi.postgres.decoder.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.drasi.api.config.ConfigurationException;
import io.drasi.api.config.Options;
import io.drasi.postgres.protocol.ChannelBinding;
import io.drasi.postgres.protocol.ClientCertificate;
import io.drasi.postgres.protocol.ConnectionConfig;
import io.drasi.postgres.protocol.ServerAddress;
import io.drasi.postgres.protocol.SslMode;
import io.drasi.postgres.protocol.SslNegotiation;
import io.drasi.postgres.protocol.TargetSession;
import io.drasi.postgres.protocol.TrustedAuthorities;
import io.drasi.postgres.protocol.auth.AuthenticationMethod;
import io.drasi.postgres.protocol.auth.Password;
import io.drasi.postgres.protocol.auth.PasswordSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ConnectionOptionsTest {
  private static ConnectionConfig read(String... keysAndValues) {
    Map<String, Object> values = new LinkedHashMap<>(Map.of("database", "shop", "user", "drasi"));
    for (int i = 0; i < keysAndValues.length; i += 2) {
      values.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    var options = Options.of(values);
    var builder = ConnectionConfig.builder();
    ConnectionOptions.read(options, builder);
    options.finish();
    return builder.build();
  }

  private static Arguments good(
      Function<ConnectionConfig, Object> getter, Object expected, String... keysAndValues) {
    return arguments(keysAndValues, getter, expected);
  }

  static List<Arguments> goodValues() {
    return List.of(
        good(
            c -> c.servers(),
            List.of(
                new ServerAddress("db1", 5432),
                new ServerAddress("10.0.0.1", 5433),
                new ServerAddress("::1", 5432),
                new ServerAddress("fe80::1", 5434),
                new ServerAddress("/run/postgresql", 5432)),
            "host",
            "db1, 10.0.0.1:5433,::1,[fe80::1]:5434,/run/postgresql"),
        good(c -> c.servers(), List.of(new ServerAddress("localhost", 5433)), "port", "5433"),
        good(c -> c.target(), TargetSession.READ_WRITE, "target_session_attrs", "read-write"),
        good(c -> c.connectTimeout(), Duration.ofSeconds(3), "connect_timeout", "3"),
        good(c -> c.loginTimeout(), Duration.ofSeconds(4), "login_timeout", "4"),
        good(c -> c.tls().mode(), SslMode.VERIFY_CA, "ssl_mode", "verify-ca"),
        good(
            c -> c.tls().clientCertificate(),
            new ClientCertificate(Path.of("a.crt"), Path.of("a.key"), Password.none()),
            "ssl_cert",
            "a.crt",
            "ssl_key",
            "a.key"),
        good(
            c -> c.tls().clientCertificate(),
            new ClientCertificate(null, Path.of("a.p12"), Password.of("pw")),
            "ssl_key",
            "a.p12",
            "ssl_key_password",
            "pw"),
        good(
            c -> c.tls().authorities(),
            new TrustedAuthorities.InFile(Path.of("/etc/root.crt")),
            "ssl_mode",
            "verify-ca",
            "ssl_root_cert",
            "/etc/root.crt"),
        good(
            c -> c.tls().authorities(),
            new TrustedAuthorities.OfSystem(),
            "ssl_mode",
            "verify-full",
            "ssl_root_cert",
            "system"),
        good(c -> c.password(), new PasswordSource.Fixed(Password.of("pw ")), "password", "pw "),
        good(
            c -> c.password(),
            new PasswordSource.InFile(Path.of("/run/secrets/pw")),
            "password_file",
            "/run/secrets/pw"),
        good(
            c -> c.password(),
            new PasswordSource.InPassfile(Path.of(".pgpass")),
            "passfile",
            ".pgpass"),
        good(c -> c.password(), new PasswordSource.Named("vault"), "credential_provider", "vault"),
        good(
            c -> c.authentication().channelBinding(),
            ChannelBinding.REQUIRE,
            "channel_binding",
            "require"),
        good(
            c -> c.authentication().allowed(),
            Set.of(AuthenticationMethod.SCRAM_SHA_256, AuthenticationMethod.NONE),
            "require_auth",
            "scram-sha-256, none"),
        good(
            c -> c.tls().negotiation(),
            SslNegotiation.DIRECT,
            "ssl_mode",
            "require",
            "ssl_negotiation",
            "direct"));
  }

  @ParameterizedTest
  @MethodSource("goodValues")
  void readsEveryOption(
      String[] keysAndValues, Function<ConnectionConfig, Object> getter, Object expected) {
    assertThat(getter.apply(read(keysAndValues))).isEqualTo(expected);
  }

  private static Arguments refused(String message, String... keysAndValues) {
    return arguments(keysAndValues, message);
  }

  static List<Arguments> whatDoesNotGoTogether() {
    return List.of(
        refused("host must not be blank", "host", "a,,b"),
        refused("host must have a number after its colon", "host", "db:port"),
        refused("host must have a ] and then a port", "host", "[::1"),
        refused("port must be from 1 to 65535, was 70000", "host", "db:70000"),
        refused("ssl_negotiation direct needs ssl_mode require", "ssl_negotiation", "direct"),
        refused("ssl_root_cert has no effect with ssl_mode prefer", "ssl_root_cert", "a.crt"),
        refused(
            "ssl_root_cert has no effect with ssl_mode require",
            "ssl_root_cert",
            "a.crt",
            "ssl_mode",
            "require"),
        refused(
            "ssl_root_cert system needs ssl_mode verify-full",
            "ssl_root_cert",
            "system",
            "ssl_mode",
            "verify-ca"),
        refused("has no effect with ssl_mode disable", "ssl_key", "a.p12", "ssl_mode", "disable"),
        refused(
            "channel_binding require needs TLS, but ssl_mode is disable",
            "channel_binding",
            "require",
            "ssl_mode",
            "disable"),
        refused(
            "channel_binding require needs scram-sha-256",
            "channel_binding",
            "require",
            "require_auth",
            "password"),
        refused("ssl_key is missing, the private key to ssl_cert", "ssl_cert", "a.crt"),
        refused(
            "ssl_key is missing, the private key to ssl_key_password", "ssl_key_password", "x"));
  }

  @ParameterizedTest
  @MethodSource("whatDoesNotGoTogether")
  void refusesWhatWouldHaveNoEffect(String[] keysAndValues, String message) {
    assertThatThrownBy(() -> read(keysAndValues))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void takesAPasswordFromOnePlaceOnly() {
    assertThatThrownBy(() -> read("password", "s3cret", "password_file", "/run/secrets/pw"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("password: comes from one place")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void namesAMethodThatThereIsNot() {
    assertThatThrownBy(() -> read("require_auth", "md5"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            "require_auth: \"md5\" is not allowed; allowed is scram-sha-256, password, none");
  }

  @Test
  void knowsItsKeys() {
    var options = Options.of(Map.of("database", "shop", "user", "drasi", "unknown", 1));
    ConnectionOptions.read(options, ConnectionConfig.builder());
    assertThatThrownBy(options::finish)
        .isInstanceOf(ConfigurationException.class)
        .satisfies(
            e -> {
              String message = String.valueOf(e.getMessage());
              String listed = message.substring(message.indexOf("options are ") + 12);
              assertThat(List.of(listed.split(", ", -1)))
                  .containsExactlyInAnyOrderElementsOf(ConnectionOptions.keys());
            });
  }
}
