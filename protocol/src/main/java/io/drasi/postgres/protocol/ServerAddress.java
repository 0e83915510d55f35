package io.drasi.postgres.protocol;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a server may be.
 *
 * @param host a name, an address, or, beginning with {@code /}, the folder of a Unix-domain socket
 * @param port the TCP port, which is a part of the name of a Unix-domain socket too
 * @param resolved which of the host's addresses it is, or null where any of them will do
 */
public record ServerAddress(String host, int port, @Nullable InetAddress resolved) {
  public ServerAddress {
    if (Objects.requireNonNull(host, "host").indexOf(0) >= 0) {
      throw new IllegalArgumentException("host must not contain a zero character");
    }
    if (host.isBlank()) {
      throw new IllegalArgumentException("host must not be blank");
    }
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port must be from 1 to 65535, was " + port);
    }
  }

  /** Where a server may be, at any of the host's addresses. */
  public ServerAddress(String host, int port) {
    this(host, port, null);
  }

  /**
   * Reads {@code host}, {@code host:port}, {@code [IPv6 address]:port}, an IPv6 address by itself,
   * or the folder of a Unix-domain socket.
   *
   * @param defaultPort the port where the text has none
   */
  public static ServerAddress parse(String text, int defaultPort) {
    String stripped = text.strip();
    if (stripped.startsWith("/")) {
      return new ServerAddress(stripped, defaultPort);
    }
    if (stripped.startsWith("[")) {
      int end = stripped.indexOf(']');
      String rest = stripped.substring(end + 1);
      if (end < 0 || !(rest.isEmpty() || rest.startsWith(":"))) {
        throw new IllegalArgumentException("host must have a ] and then a port, was " + text);
      }
      return new ServerAddress(
          stripped.substring(1, end), rest.isEmpty() ? defaultPort : port(rest.substring(1), text));
    }
    int colon = stripped.indexOf(':');
    if (colon < 0 || stripped.indexOf(':', colon + 1) >= 0) {
      return new ServerAddress(stripped, defaultPort);
    }
    return new ServerAddress(
        stripped.substring(0, colon), port(stripped.substring(colon + 1), text));
  }

  private static int port(String digits, String text) {
    if (!digits.matches("[0-9]{1,5}")) {
      throw new IllegalArgumentException("host must have a number after its colon, was " + text);
    }
    return Integer.parseInt(digits);
  }

  /** Whether it is a Unix-domain socket. */
  public boolean isUnixSocket() {
    return host.startsWith("/");
  }

  /** The file of a Unix-domain socket, named as the server names it. */
  public Path socketFile() {
    return Path.of(host, ".s.PGSQL." + port);
  }

  /**
   * For messages: {@code db.example.com:5432}, {@code [::1]:5432}, {@code /run/…/.s.PGSQL.5432}.
   */
  @Override
  public String toString() {
    if (isUnixSocket()) {
      return socketFile().toString();
    }
    return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
  }
}
