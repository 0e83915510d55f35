package io.drasi.postgres.protocol;

import io.drasi.postgres.protocol.auth.AuthenticationMethod;
import io.drasi.postgres.protocol.auth.Password;
import io.drasi.postgres.protocol.auth.PasswordSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Where a server is, and who connects to it. Valid by construction; defaults live in the {@link
 * #builder}.
 *
 * @param servers where the server may be, in the order in which it is looked for
 * @param target which server is wanted, where several answer
 * @param database the database
 * @param user the role
 * @param password where its password comes from
 * @param tls whether and how the connection is encrypted
 * @param authentication what is accepted of a server that wants to know who connects
 * @param connectTimeout how long it may take until its name is resolved, and then until the server
 *     takes the connection; from a millisecond to a day
 * @param loginTimeout how long TLS and the log-in may then take; from a millisecond to a day
 * @param applicationName how the session names itself to the server
 */
public record ConnectionConfig(
    List<ServerAddress> servers,
    TargetSession target,
    String database,
    String user,
    PasswordSource password,
    TlsConfig tls,
    AuthenticationRules authentication,
    Duration connectTimeout,
    Duration loginTimeout,
    String applicationName) {
  /** A socket counts in milliseconds, and takes 0 for "for ever". */
  private static final Duration SHORTEST = Duration.ofMillis(1);

  private static final Duration LONGEST = Duration.ofDays(1);

  public ConnectionConfig {
    servers = List.copyOf(servers);
    if (servers.isEmpty()) {
      throw new IllegalArgumentException("host must name one server at least");
    }
    Objects.requireNonNull(target, "target");
    requireText(database, "database");
    requireText(user, "user");
    Objects.requireNonNull(password, "password");
    Objects.requireNonNull(tls, "tls");
    Objects.requireNonNull(authentication, "authentication");
    if (authentication.channelBinding() == ChannelBinding.REQUIRE
        && tls.mode() == SslMode.DISABLE) {
      throw new IllegalArgumentException(
          "channel_binding require needs TLS, but ssl_mode is disable");
    }
    requireNoZero(applicationName, "applicationName");
    requireTimeout(connectTimeout, "connectTimeout");
    requireTimeout(loginTimeout, "loginTimeout");
  }

  private static void requireTimeout(Duration timeout, String name) {
    Objects.requireNonNull(timeout, name);
    if (timeout.compareTo(SHORTEST) < 0 || timeout.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "%s must be from %s to %s, was %s".formatted(name, SHORTEST, LONGEST, timeout));
    }
  }

  private static void requireText(String value, String name) {
    requireNoZero(value, name);
    if (value.isBlank()) {
      throw new IllegalArgumentException(name + " must not be blank");
    }
  }

  /** A zero character would end the text in the start-up message, and begin the next parameter. */
  private static void requireNoZero(String value, String name) {
    if (Objects.requireNonNull(value, name).indexOf(0) >= 0) {
      throw new IllegalArgumentException(name + " must not contain a zero character");
    }
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Whether the connection is encrypted. */
  public SslMode sslMode() {
    return tls.mode();
  }

  /** A builder that begins with these settings. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** The same, but of one server, whichever it is. */
  public ConnectionConfig at(ServerAddress server) {
    return new ConnectionConfig(
        List.of(server),
        TargetSession.ANY,
        database,
        user,
        password,
        tls,
        authentication,
        connectTimeout,
        loginTimeout,
        applicationName);
  }

  /** The host of the first server. */
  public String host() {
    return servers.get(0).host();
  }

  /** The port of the first server. */
  public int port() {
    return servers.get(0).port();
  }

  /** The places for messages: {@code db1.example.com:5432, db2.example.com:5432}. */
  public String address() {
    return servers.stream().map(ServerAddress::toString).collect(Collectors.joining(", "));
  }

  /** Builds a {@link ConnectionConfig}. Not thread-safe. */
  public static final class Builder {
    private String host = "localhost";
    private int port = 5432;
    private @Nullable List<ServerAddress> servers;
    private TargetSession target = TargetSession.ANY;
    private @Nullable String database;
    private @Nullable String user;
    private PasswordSource password = PasswordSource.none();
    private ChannelBinding channelBinding = ChannelBinding.PREFER;
    private Set<AuthenticationMethod> requireAuth = Set.of();
    private SslMode sslMode = SslMode.PREFER;
    private SslNegotiation sslNegotiation = SslNegotiation.POSTGRES;
    private TrustedAuthorities authorities = new TrustedAuthorities.OfJava();
    private @Nullable Path sslCert;
    private @Nullable Path sslKey;
    private Password sslKeyPassword = Password.none();
    private @Nullable SSLContext sslContext;
    private Duration connectTimeout = Duration.ofSeconds(10);
    private Duration loginTimeout = Duration.ofSeconds(10);
    private String applicationName = "drasi";

    private Builder() {}

    private Builder(ConnectionConfig config) {
      servers = config.servers;
      target = config.target;
      database = config.database;
      user = config.user;
      password = config.password;
      channelBinding = config.authentication.channelBinding();
      requireAuth = config.authentication.allowed();
      sslMode = config.tls.mode();
      sslNegotiation = config.tls.negotiation();
      authorities = config.tls.authorities();
      ClientCertificate client = config.tls.clientCertificate();
      if (client != null) {
        sslCert = client.certificate();
        sslKey = client.key();
        sslKeyPassword = client.keyPassword();
      }
      sslContext = config.tls.context();
      connectTimeout = config.connectTimeout;
      loginTimeout = config.loginTimeout;
      applicationName = config.applicationName;
    }

    /**
     * The server's name or address, or several with commas between them, as {@link
     * ServerAddress#parse} reads them; {@code localhost} by default.
     */
    public Builder withHost(String host) {
      this.host = host;
      this.servers = null;
      return this;
    }

    /** The TCP port of each server that has none of its own; 5432 by default. */
    public Builder withPort(int port) {
      this.port = port;
      return this;
    }

    /** Which of several servers is wanted; {@link TargetSession#ANY} by default. */
    public Builder withTarget(TargetSession target) {
      this.target = target;
      return this;
    }

    /** The database; required. */
    public Builder withDatabase(String database) {
      this.database = database;
      return this;
    }

    /** The role; required. */
    public Builder withUser(String user) {
      this.user = user;
      return this;
    }

    /** The role's password; empty by default. */
    public Builder withPassword(Password password) {
      return withPasswordFrom(new PasswordSource.Fixed(password));
    }

    /** Where the role's password comes from, each time it is needed. */
    public Builder withPasswordFrom(PasswordSource password) {
      this.password = password;
      return this;
    }

    /** Whether the log-in is bound to the TLS channel; {@link ChannelBinding#PREFER} by default. */
    public Builder withChannelBinding(ChannelBinding channelBinding) {
      this.channelBinding = channelBinding;
      return this;
    }

    /** What the server may ask for; by default {@link AuthenticationRules} says what. */
    public Builder withRequireAuth(Set<AuthenticationMethod> requireAuth) {
      this.requireAuth = requireAuth;
      return this;
    }

    /** Whether the connection is encrypted; {@link SslMode#PREFER} by default. */
    public Builder withSslMode(SslMode sslMode) {
      this.sslMode = sslMode;
      return this;
    }

    /** How both sides agree on TLS; {@link SslNegotiation#POSTGRES} by default. */
    public Builder withSslNegotiation(SslNegotiation sslNegotiation) {
      this.sslNegotiation = sslNegotiation;
      return this;
    }

    /** Who may have signed the server's certificate; those that Java trusts by default. */
    public Builder withTrustedAuthorities(TrustedAuthorities authorities) {
      this.authorities = authorities;
      return this;
    }

    /** A file of certificates as PEM: who may have signed the server's certificate. */
    public Builder withSslRootCert(Path file) {
      return withTrustedAuthorities(new TrustedAuthorities.InFile(file));
    }

    /** The client's certificate, as PEM; none by default. */
    public Builder withSslCert(Path file) {
      this.sslCert = file;
      return this;
    }

    /** The client's private key, PKCS#8 as PEM, or key and certificate as PKCS#12. */
    public Builder withSslKey(Path file) {
      this.sslKey = file;
      return this;
    }

    /** What the client's key is encrypted with; nothing by default. */
    public Builder withSslKeyPassword(Password sslKeyPassword) {
      this.sslKeyPassword = sslKeyPassword;
      return this;
    }

    /**
     * What decides about certificates, the client's and, as far as the mode has them checked, the
     * server's; by default it is made of the settings above for each connection. With {@code
     * verify-full} the host name is checked besides.
     */
    public Builder withSslContext(SSLContext sslContext) {
      this.sslContext = sslContext;
      return this;
    }

    /**
     * How long it may take until the server's name is resolved, and then until the server takes the
     * connection; 10 seconds by default.
     */
    public Builder withConnectTimeout(Duration connectTimeout) {
      this.connectTimeout = connectTimeout;
      return this;
    }

    /** How long TLS and the log-in may then take; 10 seconds by default. */
    public Builder withLoginTimeout(Duration loginTimeout) {
      this.loginTimeout = loginTimeout;
      return this;
    }

    /** How the session names itself to the server; {@code drasi} by default. */
    public Builder withApplicationName(String applicationName) {
      this.applicationName = applicationName;
      return this;
    }

    /**
     * The settings.
     *
     * @throws IllegalArgumentException when something is missing or out of bounds
     */
    public ConnectionConfig build() {
      if (database == null || user == null) {
        throw new IllegalArgumentException(
            "%s is required".formatted(database == null ? "database" : "user"));
      }
      return new ConnectionConfig(
          servers(),
          target,
          database,
          user,
          password,
          tls(),
          new AuthenticationRules(channelBinding, requireAuth),
          connectTimeout,
          loginTimeout,
          applicationName);
    }

    private List<ServerAddress> servers() {
      if (servers != null) {
        return servers;
      }
      return Arrays.stream(host.split(",", -1)).map(one -> ServerAddress.parse(one, port)).toList();
    }

    private TlsConfig tls() {
      return new TlsConfig(sslMode, sslNegotiation, authorities, clientCertificate(), sslContext);
    }

    private @Nullable ClientCertificate clientCertificate() {
      if (sslKey != null) {
        return new ClientCertificate(sslCert, sslKey, sslKeyPassword);
      }
      if (sslCert != null || !sslKeyPassword.isEmpty()) {
        throw new IllegalArgumentException(
            "ssl_key is missing, the private key to "
                + (sslCert != null ? "ssl_cert" : "ssl_key_password"));
      }
      return null;
    }
  }
}
