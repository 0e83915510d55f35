package io.drasi.postgres.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.drasi.postgres.protocol.auth.Password;
import io.drasi.postgres.protocol.auth.PasswordSource;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionConfigTest {
  private static ConnectionConfig.Builder complete() {
    return ConnectionConfig.builder().withDatabase("shop").withUser("app");
  }

  private static TlsConfig tls(SslMode mode) {
    return new TlsConfig(
        mode, SslNegotiation.POSTGRES, new TrustedAuthorities.OfJava(), null, null);
  }

  private static Arguments change(UnaryOperator<ConnectionConfig.Builder> change, String message) {
    return arguments(change, message);
  }

  @Test
  void hasDefaults() {
    assertThat(complete().build())
        .isEqualTo(
            new ConnectionConfig(
                List.of(new ServerAddress("localhost", 5432)),
                TargetSession.ANY,
                "shop",
                "app",
                PasswordSource.none(),
                tls(SslMode.PREFER),
                new AuthenticationRules(ChannelBinding.PREFER, Set.of()),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                "drasi"));
  }

  @Test
  void takesEverySetting() {
    ConnectionConfig config =
        complete()
            .withHost("db")
            .withPort(5433)
            .withPassword(Password.of("x"))
            .withSslMode(SslMode.VERIFY_FULL)
            .withConnectTimeout(Duration.ofSeconds(3))
            .withApplicationName("")
            .build();

    assertThat(config)
        .isEqualTo(
            new ConnectionConfig(
                List.of(new ServerAddress("db", 5433)),
                TargetSession.ANY,
                "shop",
                "app",
                new PasswordSource.Fixed(Password.of("x")),
                tls(SslMode.VERIFY_FULL),
                new AuthenticationRules(ChannelBinding.PREFER, Set.of()),
                Duration.ofSeconds(3),
                Duration.ofSeconds(10),
                ""));
  }

  @Test
  void saysWhatIsMissing() {
    assertThatThrownBy(() -> ConnectionConfig.builder().withUser("app").build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("database is required");
    assertThatThrownBy(() -> ConnectionConfig.builder().withDatabase("shop").build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("user is required");
  }

  static Stream<Arguments> outOfBounds() {
    return Stream.of(
        change(b -> b.withHost(" "), "host must not be blank"),
        change(b -> b.withDatabase(""), "database must not be blank"),
        change(b -> b.withUser("\t"), "user must not be blank"),
        change(b -> b.withHost("h\0"), "host must not contain a zero character"),
        change(b -> b.withDatabase("d\0x"), "database must not contain a zero character"),
        change(b -> b.withUser("\0"), "user must not contain a zero character"),
        change(
            b -> b.withApplicationName("a\0replication\0true"),
            "applicationName must not contain a zero character"),
        change(b -> b.withPort(0), "port must be from 1 to 65535, was 0"),
        change(b -> b.withPort(65_536), "port must be from 1 to 65535, was 65536"),
        change(
            b -> b.withConnectTimeout(Duration.ZERO),
            "connectTimeout must be from PT0.001S to PT24H, was PT0S"),
        change(
            b -> b.withConnectTimeout(Duration.ofNanos(999_999)),
            "connectTimeout must be from PT0.001S to PT24H, was PT0.000999999S"),
        change(
            b -> b.withConnectTimeout(Duration.ofSeconds(-1)),
            "connectTimeout must be from PT0.001S to PT24H, was PT-1S"),
        change(
            b -> b.withConnectTimeout(Duration.ofHours(24).plusNanos(1)),
            "connectTimeout must be from PT0.001S to PT24H, was PT24H0.000000001S"));
  }

  @ParameterizedTest
  @MethodSource("outOfBounds")
  void refusesWhatIsOutOfBounds(UnaryOperator<ConnectionConfig.Builder> change, String message) {
    assertThatThrownBy(() -> change.apply(complete()).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 65_535})
  void takesTheOutermostPorts(int port) {
    assertThatCode(() -> complete().withPort(port).build()).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 86_400_000})
  void takesTheOutermostTimeouts(long millis) {
    assertThatCode(() -> complete().withConnectTimeout(Duration.ofMillis(millis)).build())
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({"db.example.com, db.example.com:5432", "10.0.0.1, 10.0.0.1:5432", "::1, [::1]:5432"})
  void namesItsAddress(String host, String address) {
    assertThat(complete().withHost(host).build().address()).isEqualTo(address);
  }

  @Test
  void showsNoSecret() {
    assertThat(complete().withPassword(Password.of("s3cret")).build().toString())
        .contains("app", "****")
        .doesNotContain("s3cret");
  }
}
