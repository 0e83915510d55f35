package io.drasi.source.postgres.internal.session;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Whether the setting {@code synchronous_standby_names} takes this client for a synchronous
 * standby, so that commits wait for its reports.
 *
 * @see <a href="https://www.postgresql.org/docs/current/runtime-config-replication.html">Manual,
 *     Replication</a>
 */
final class SynchronousStandby {
  private static final Pattern LIST =
      Pattern.compile("(?is)\\s*(?:(?:FIRST|ANY)\\s+)?\\d+\\s*\\((.*)\\)\\s*");

  private SynchronousStandby() {}

  /**
   * Whether a name is listed.
   *
   * @param setting the setting's value
   * @param applicationName the name under which the client is known to the server
   */
  static boolean isListed(String setting, String applicationName) {
    Matcher counted = LIST.matcher(setting);
    String list = counted.matches() ? counted.group(1) : setting;
    return Stream.of(list.split(","))
        .map(name -> unquote(name.strip()))
        .anyMatch(name -> name.equals("*") || name.equals(folded(applicationName)));
  }

  private static String unquote(String name) {
    boolean quoted = name.length() > 1 && name.startsWith("\"") && name.endsWith("\"");
    return folded(quoted ? name.substring(1, name.length() - 1).replace("\"\"", "\"") : name);
  }

  /** Names are compared without regard to case. */
  private static String folded(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
