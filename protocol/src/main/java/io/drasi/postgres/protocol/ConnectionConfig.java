package io.drasi.postgres.protocol;

import io.drasi.postgres.protocol.auth.Password;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a server is, and who connects to it. Valid by construction; defaults live in the {@link
 * #builder}.
 *
 * @param host a name or an address
 * @param port the TCP port
 * @param database the database
 * @param user the role
 * @param password its password; empty when none is needed
 * @param sslMode whether the connection is encrypted
 * @param connectTimeout how long the connection and the log-in may take, each; from a millisecond
 *     to a day
 * @param applicationName how the session names itself to the server
 */
public record ConnectionConfig(
    String host,
    int port,
    String database,
    String user,
    Password password,
    SslMode sslMode,
    Duration connectTimeout,
    String applicationName) {
  /** A socket counts in milliseconds, and takes 0 for "for ever". */
  private static final Duration SHORTEST = Duration.ofMillis(1);

  private static final Duration LONGEST = Duration.ofDays(1);

  public ConnectionConfig {
    requireText(host, "host");
    requireText(database, "database");
    requireText(user, "user");
    Objects.requireNonNull(password, "password");
    Objects.requireNonNull(sslMode, "sslMode");
    requireNoZero(applicationName, "applicationName");
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port must be from 1 to 65535, was " + port);
    }
    Objects.requireNonNull(connectTimeout, "connectTimeout");
    if (connectTimeout.compareTo(SHORTEST) < 0 || connectTimeout.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "connectTimeout must be from %s to %s, was %s"
              .formatted(SHORTEST, LONGEST, connectTimeout));
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

  /** The place for messages: {@code db.example.com:5432}. */
  public String address() {
    return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
  }

  /** Builds a {@link ConnectionConfig}. Not thread-safe. */
  public static final class Builder {
    private String host = "localhost";
    private int port = 5432;
    private @Nullable String database;
    private @Nullable String user;
    private Password password = Password.none();
    private SslMode sslMode = SslMode.PREFER;
    private Duration connectTimeout = Duration.ofSeconds(10);
    private String applicationName = "drasi";

    private Builder() {}

    /** The server's name or address; {@code localhost} by default. */
    public Builder withHost(String host) {
      this.host = host;
      return this;
    }

    /** The server's TCP port; 5432 by default. */
    public Builder withPort(int port) {
      this.port = port;
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
      this.password = password;
      return this;
    }

    /** Whether the connection is encrypted; {@link SslMode#PREFER} by default. */
    public Builder withSslMode(SslMode sslMode) {
      this.sslMode = sslMode;
      return this;
    }

    /** How long the connection and the log-in may take, each; 10 seconds by default. */
    public Builder withConnectTimeout(Duration connectTimeout) {
      this.connectTimeout = connectTimeout;
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
          host, port, database, user, password, sslMode, connectTimeout, applicationName);
    }
  }
}
