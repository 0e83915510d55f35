package io.drasi.postgres.scram;

import io.drasi.postgres.protocol.auth.SaslMechanism;
import io.drasi.postgres.scram.internal.ChannelBinding;
import io.drasi.postgres.scram.internal.NonceSource;
import io.drasi.postgres.scram.internal.ScramExchange;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;

/**
 * SCRAM-SHA-256 without channel binding (RFC 5802, RFC 7677): the method {@code scram-sha-256} of
 * {@code pg_hba.conf}.
 *
 * <p>The server must prove that it knows the password too; a server that cannot is refused. Where
 * the connection could have been bound to its TLS channel but the server did not offer to, the
 * client says so ({@code y,,}), which lets an honest server notice that somebody removed its offer.
 *
 * <p>The password is prepared as libpq does it, so that what works there works here: by SASLprep
 * (RFC 4013), and unchanged where SASLprep refuses it. The user name is sent empty, since
 * PostgreSQL takes it from the start-up message.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sasl-authentication.html">SASL
 *     Authentication</a>
 */
@Component(service = SaslMechanism.class)
public final class ScramSha256 implements SaslMechanism {
  private final NonceSource nonces;

  /** The mechanism as the service registries make it. */
  public ScramSha256() {
    this(NonceSource.secure());
  }

  ScramSha256(NonceSource nonces) {
    this.nonces = nonces;
  }

  /** {@code SCRAM-SHA-256}. */
  @Override
  public String name() {
    return "SCRAM-SHA-256";
  }

  /** 100: below {@link ScramSha256Plus}. */
  @Override
  public int preference() {
    return 100;
  }

  /** Begins an exchange; possible on every connection. */
  @Override
  public Optional<Exchange> begin(Context context) {
    boolean offerRemoved =
        context.tlsServerEndPoint().isPresent() && !context.serverOffersChannelBinding();
    ChannelBinding binding = offerRemoved ? ChannelBinding.notOffered() : ChannelBinding.none();
    return Optional.of(new ScramExchange(context.password(), nonces.next(), binding));
  }
}
