package io.drasi.postgres.protocol;

/**
 * Whether a connection is encrypted, and how far the server's certificate is checked.
 *
 * @see <a href="https://www.postgresql.org/docs/current/libpq-ssl.html">Manual, SSL Support</a>
 */
public enum SslMode {
  /** Never encrypted. */
  DISABLE,
  /** Encrypted when the server can, in clear otherwise. The certificate is not checked. */
  PREFER,
  /** Encrypted. The certificate is not checked. */
  REQUIRE,
  /** Encrypted, and the certificate comes from an authority that is trusted. */
  VERIFY_CA,
  /** As {@link #VERIFY_CA}, and the certificate was issued for the host's name. */
  VERIFY_FULL
}
