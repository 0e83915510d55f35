package io.drasi.postgres.scram.internal;

import io.drasi.postgres.protocol.auth.AuthenticationException;

/**
 * The server's first message: {@code r=<nonce>,s=<salt>,i=<iterations>} and extensions, which are
 * ignored unless they are mandatory ({@code m=}, refused).
 */
final class ServerFirst {
  /**
   * The highest iteration count that is computed. PostgreSQL's default is 4096, and OWASP
   * recommends 600,000 for this hash: the bound leaves room for three times that, and costs half a
   * second on a current processor. Without a bound, whoever answers at the server's address could
   * keep a processor busy for ten minutes, since {@code scram_iterations} goes up to 2,147,483,647.
   *
   * <p>There is no lower bound but 1: RFC 7677 asks for 4096 or more, but PostgreSQL allows less
   * (from version 16), and the count is the operator's choice.
   */
  static final int MAX_ITERATIONS = 2_000_000;

  private final String nonce;
  private final byte[] salt;
  private final int iterations;

  private ServerFirst(String nonce, byte[] salt, int iterations) {
    this.nonce = nonce;
    this.salt = salt;
    this.iterations = iterations;
  }

  /**
   * Reads the message.
   *
   * @param clientNonce what the nonce must begin with, and go on after
   */
  static ServerFirst parse(byte[] message, String clientNonce) throws AuthenticationException {
    var in = new AttributeReader("server-first", message);
    if (in.isNext('m')) {
      throw in.refusal("must not ask for an extension (m=), for none is supported, but does");
    }
    String nonce = in.read('r');
    checkNonce(in, nonce, clientNonce);
    byte[] salt = in.readBase64('s');
    int iterations = parseIterations(in, in.read('i'));
    in.skipExtensions("mrsi");
    return new ServerFirst(nonce, salt, iterations);
  }

  private static void checkNonce(AttributeReader in, String nonce, String clientNonce)
      throws AuthenticationException {
    if (!nonce.startsWith(clientNonce)) {
      throw in.refusal(
          "must repeat the client's nonce of %d characters, has %d that differ"
              .formatted(clientNonce.length(), nonce.length()));
    }
    if (nonce.length() == clientNonce.length()) {
      throw in.refusal("must add to the client's nonce, adds nothing");
    }
    if (!nonce.chars().allMatch(c -> c > 0x20 && c < 0x7F)) {
      throw in.refusal("must have a nonce of printable ASCII, has other characters in it");
    }
  }

  private static int parseIterations(AttributeReader in, String value)
      throws AuthenticationException {
    // Nine digits fit into an int.
    if (value.matches("[1-9][0-9]{0,8}") && Integer.parseInt(value) <= MAX_ITERATIONS) {
      return Integer.parseInt(value);
    }
    throw in.refusal(
        "must have an iteration count from 1 to %d, has %s; set the password anew with a lower"
                .formatted(MAX_ITERATIONS, AttributeReader.quoted(value))
            + " scram_iterations");
  }

  /** The nonce of both sides. */
  String nonce() {
    return nonce;
  }

  byte[] salt() {
    return salt.clone();
  }

  int iterations() {
    return iterations;
  }
}
