package io.drasi.postgres.protocol;

/**
 * Whether the log-in is bound to the TLS channel, by the server's certificate (RFC 5929 {@code
 * tls-server-end-point}): then nobody who stands in between can pass it on.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sasl-authentication.html">Manual, SASL
 *     Authentication</a>
 */
public enum ChannelBinding {
  /** Never. */
  DISABLE,
  /** Where both sides can. */
  PREFER,
  /** Always: whatever cannot be bound is refused, and so is a server that asks for no proof. */
  REQUIRE
}
