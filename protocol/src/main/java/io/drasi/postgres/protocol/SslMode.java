package io.drasi.postgres.protocol;

/**
 * Whether a connection is encrypted, and how far the server's certificate is checked.
 *
 * @see <a href="https://www.postgresql.org/docs/current/libpq-ssl.html">Manual, SSL Support</a>
 */
public enum SslMode {
  /** Never encrypted. */
  DISABLE,
  /**
   * Encrypted when it can be, in clear otherwise: where the server has no TLS, where no handshake
   * comes about, and where the server lets the client in only in clear. No certificate is checked.
   */
  PREFER,
  /** Encrypted. The certificate is not checked. */
  REQUIRE,
  /** Encrypted, and the certificate comes from an authority that is trusted. */
  VERIFY_CA,
  /** As {@link #VERIFY_CA}, and the certificate was issued for the host's name. */
  VERIFY_FULL;

  /** Whether nothing is ever sent in clear. */
  boolean isAlwaysEncrypted() {
    return compareTo(REQUIRE) >= 0;
  }

  /** Whether the server's certificate has to be from an authority that is trusted. */
  public boolean checksCertificate() {
    return compareTo(VERIFY_CA) >= 0;
  }

  /** Whether the certificate has to be for the host's name. */
  public boolean checksHostName() {
    return this == VERIFY_FULL;
  }
}
