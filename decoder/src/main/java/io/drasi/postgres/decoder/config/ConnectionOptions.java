package io.drasi.postgres.decoder.config;

import io.drasi.api.config.Options;
import io.drasi.postgres.protocol.ChannelBinding;
import io.drasi.postgres.protocol.ConnectionConfig;
import io.drasi.postgres.protocol.SslMode;
import io.drasi.postgres.protocol.SslNegotiation;
import io.drasi.postgres.protocol.TargetSession;
import io.drasi.postgres.protocol.TrustedAuthorities;
import io.drasi.postgres.protocol.auth.AuthenticationMethod;
import io.drasi.postgres.protocol.auth.Password;
import io.drasi.postgres.protocol.auth.PasswordSource;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads the options that say where the server is, who connects, and how safely. */
public final class ConnectionOptions {
  /** How {@code ssl_root_cert} names the operating system's authorities. */
  private static final String SYSTEM = "system";

  /** A day. */
  private static final int MOST_SECONDS = 86_400;

  private static final String REQUIRE_AUTH = "require_auth";

  private static final Set<String> KEYS =
      Set.of(
          "host",
          "port",
          "target_session_attrs",
          "connect_timeout",
          "login_timeout",
          "database",
          "user",
          "password",
          "password_file",
          "passfile",
          "credential_provider",
          "channel_binding",
          REQUIRE_AUTH,
          "ssl_mode",
          "ssl_negotiation",
          "ssl_root_cert",
          "ssl_cert",
          "ssl_key",
          "ssl_key_password");

  private static final Set<String> PASSWORD_KEYS =
      Set.of("password", "password_file", "passfile", "credential_provider");

  private ConnectionOptions() {}

  /** The options that {@link #read} reads. */
  public static Set<String> keys() {
    return KEYS;
  }

  /** Those of them that say where the password comes from; one of them at most may be set. */
  public static Set<String> passwordKeys() {
    return PASSWORD_KEYS;
  }

  /**
   * Reads all of them. A mistake in a single option is noted there; what does not go together is
   * for {@link ConnectionConfig.Builder#build} to refuse.
   *
   * @param options where mistakes are noted
   * @param builder is told what is set
   */
  public static void read(Options options, ConnectionConfig.Builder builder) {
    text(options, "host").ifPresent(builder::withHost);
    options.integer("port", 1, 65_535).ifPresent(builder::withPort);
    options.oneOf("target_session_attrs", TargetSession.class).ifPresent(builder::withTarget);
    seconds(options, "connect_timeout").ifPresent(builder::withConnectTimeout);
    seconds(options, "login_timeout").ifPresent(builder::withLoginTimeout);
    options.requiredText("database").ifPresent(builder::withDatabase);
    options.requiredText("user").ifPresent(builder::withUser);
    readPassword(options, builder);
    readTls(options, builder);
    options.oneOf("channel_binding", ChannelBinding.class).ifPresent(builder::withChannelBinding);
    builder.withRequireAuth(requireAuth(options));
  }

  private static void readPassword(Options options, ConnectionConfig.Builder builder) {
    List<PasswordSource> sources =
        Stream.of(
                secret(options, "password").map(PasswordSource.Fixed::new),
                path(options, "password_file").map(PasswordSource.InFile::new),
                path(options, "passfile").map(PasswordSource.InPassfile::new),
                text(options, "credential_provider").map(PasswordSource.Named::new))
            .<PasswordSource>flatMap(Optional::stream)
            .toList();
    sources.forEach(builder::withPasswordFrom);
    if (sources.size() > 1) {
      options.problem(
          "password",
          "comes from one place: set one of password, password_file, passfile, credential_provider");
    }
  }

  private static Set<AuthenticationMethod> requireAuth(Options options) {
    Set<AuthenticationMethod> methods = EnumSet.noneOf(AuthenticationMethod.class);
    for (String text : options.texts(REQUIRE_AUTH).orElse(List.of())) {
      Arrays.stream(AuthenticationMethod.values())
          .filter(method -> Options.optionName(method).equals(text))
          .findFirst()
          .ifPresentOrElse(
              methods::add,
              () ->
                  options.problem(
                      REQUIRE_AUTH,
                      "\"%s\" is not allowed; allowed is scram-sha-256, password, none"
                          .formatted(text)));
    }
    return methods;
  }

  private static void readTls(Options options, ConnectionConfig.Builder builder) {
    options.oneOf("ssl_mode", SslMode.class).ifPresent(builder::withSslMode);
    options.oneOf("ssl_negotiation", SslNegotiation.class).ifPresent(builder::withSslNegotiation);
    path(options, "ssl_root_cert")
        .map(
            path ->
                path.toString().equals(SYSTEM)
                    ? new TrustedAuthorities.OfSystem()
                    : new TrustedAuthorities.InFile(path))
        .ifPresent(builder::withTrustedAuthorities);
    path(options, "ssl_cert").ifPresent(builder::withSslCert);
    path(options, "ssl_key").ifPresent(builder::withSslKey);
    secret(options, "ssl_key_password").ifPresent(builder::withSslKeyPassword);
  }

  private static Optional<Duration> seconds(Options options, String key) {
    return options.integer(key, 1, MOST_SECONDS).map(Duration::ofSeconds);
  }

  private static Optional<Password> secret(Options options, String key) {
    return options.secret(key).map(Password::of);
  }

  /** A file, of which it shows only when connecting whether it is there. */
  private static Optional<Path> path(Options options, String key) {
    Optional<String> text = text(options, key);
    try {
      return text.map(Path::of);
    } catch (InvalidPathException e) {
      options.problem(
          key, "\"%s\" is not allowed; allowed is the path of a file".formatted(text.get()));
      return Optional.empty();
    }
  }

  /** A text that need not be there, but must not be blank if it is. */
  private static Optional<String> text(Options options, String key) {
    Optional<String> text = options.text(key);
    if (text.isPresent() && text.get().isBlank()) {
      options.problem(key, "is empty; a text is needed");
      return Optional.empty();
    }
    return text;
  }
}
