package io.drasi.postgres.protocol;

import io.drasi.postgres.protocol.message.ProtocolException;

/**
 * The version of a PostgreSQL server.
 *
 * @param major the major version: 17; 9 and less for those before 10
 * @param printed as the server prints it: {@code 17.2 (Debian 17.2-1)}
 */
public record ServerVersion(int major, String printed) {

  /**
   * Reads the parameter {@code server_version}.
   *
   * @throws ProtocolException when it does not start with a number
   */
  public static ServerVersion parse(String printed) throws ProtocolException {
    int end = 0;
    while (end < printed.length() && end < 4 && isDigit(printed.charAt(end))) {
      end++;
    }
    if (end == 0) {
      throw new ProtocolException("server_version must start with a number, was " + printed);
    }
    return new ServerVersion(Integer.parseInt(printed.substring(0, end)), printed);
  }

  private static boolean isDigit(char character) {
    return character >= '0' && character <= '9';
  }

  /** Whether this is a major version or a later one. */
  public boolean isAtLeast(int wanted) {
    return major >= wanted;
  }

  @Override
  public String toString() {
    return printed;
  }
}
