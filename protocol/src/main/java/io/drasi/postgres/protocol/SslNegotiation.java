package io.drasi.postgres.protocol;

/**
 * How client and server agree on TLS.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-SSL">
 *     Manual, SSL Session Encryption</a>
 */
public enum SslNegotiation {
  /** The client asks in clear, by SSLRequest, and the server answers in clear. */
  POSTGRES,
  /** TLS from the first byte, which saves a round trip; the server is PostgreSQL 17 or newer. */
  DIRECT
}
