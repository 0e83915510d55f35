package io.drasi.postgres.protocol.auth;

import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A SASL mechanism (RFC 4422) as PostgreSQL's AuthenticationSASL messages carry it. Found as an
 * OSGi service and through {@link java.util.ServiceLoader}. Thread-safe: a mechanism has no state,
 * each {@link Exchange} belongs to one session.
 */
@ConsumerType
public interface SaslMechanism {

  /** The mechanism's registered name, for example {@code SCRAM-SHA-256}. */
  String name();

  /** How much the mechanism is preferred; of those a server offers, the highest is taken. */
  int preference();

  /**
   * Begins an exchange.
   *
   * @param context who authenticates, and over what connection
   * @return the exchange, or empty when the mechanism cannot be used on this connection (for
   *     example one that binds to a TLS channel where there is none)
   */
  Optional<Exchange> begin(Context context);

  /** Who authenticates, and over what connection. */
  interface Context {

    /** The user, as sent in the start-up message. */
    String user();

    /** The password; the mechanism must not keep it beyond the exchange. */
    Password password();

    /** The {@code tls-server-end-point} binding data (RFC 5929); empty on a clear connection. */
    Optional<byte[]> tlsServerEndPoint();

    /** Whether the server offered a mechanism that binds to the TLS channel. */
    boolean serverOffersChannelBinding();
  }

  /** One run of a mechanism. Used by one thread; thrown away after an error. */
  interface Exchange extends AutoCloseable {

    /** The client's first message. Called once, first. */
    byte[] initialResponse() throws AuthenticationException;

    /**
     * Answers the server's challenge (AuthenticationSASLContinue).
     *
     * @throws AuthenticationException when the challenge is not acceptable
     */
    byte[] respond(byte[] challenge) throws AuthenticationException;

    /**
     * Checks the server's last message (AuthenticationSASLFinal), by which it proves that it knows
     * the password too.
     *
     * @throws AuthenticationException when it does not
     */
    void verify(byte[] outcome) throws AuthenticationException;

    /** Wipes what is secret. */
    @Override
    void close();
  }
}
