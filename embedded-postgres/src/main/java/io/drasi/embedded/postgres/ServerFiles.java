package io.drasi.embedded.postgres;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The text of the server's configuration files.
 *
 * @see <a href="https://www.postgresql.org/docs/current/config-setting.html">Setting Parameters</a>
 * @see <a href="https://www.postgresql.org/docs/current/auth-pg-hba-conf.html">pg_hba.conf</a>
 */
final class ServerFiles {
  /** Passwords by SCRAM-SHA-256 for everyone, replication included, from this machine only. */
  static final List<String> DEFAULT_HBA =
      List.of(
          "host all all 127.0.0.1/32 scram-sha-256",
          "host replication all 127.0.0.1/32 scram-sha-256");

  /** What makes a server private and quick. */
  static final Map<String, String> DEFAULT_SETTINGS =
      Map.of(
          "listen_addresses", "127.0.0.1",
          "unix_socket_directories", "",
          "password_encryption", "scram-sha-256",
          "fsync", "off");

  private static final Pattern SETTING_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.$]*");

  private ServerFiles() {}

  static String postgresqlConf(Map<String, String> settings) {
    var text = new StringBuilder();
    settings.forEach(
        (name, value) -> text.append(name).append(" = '").append(quoted(value)).append("'\n"));
    return text.toString();
  }

  static String pgHbaConf(List<String> lines) {
    return String.join("\n", lines) + "\n";
  }

  static void requireSetting(String name, String value) {
    if (!SETTING_NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("not a setting's name: " + name);
    }
    if (name.equalsIgnoreCase("port")) {
      throw new IllegalArgumentException("the port is chosen at the start, it cannot be set");
    }
    requireOneLine("a setting's value", value);
  }

  static void requireOneLine(String what, String text) {
    if (text.chars().anyMatch(c -> c == '\n' || c == '\r' || c == 0)) {
      throw new IllegalArgumentException(what + " must be one line");
    }
  }

  private static String quoted(String value) {
    return value.replace("\\", "\\\\").replace("'", "''");
  }
}
