package io.drasi.postgres.scram;

import io.drasi.postgres.protocol.auth.SaslMechanism;
import io.drasi.postgres.scram.internal.ChannelBinding;
import io.drasi.postgres.scram.internal.NonceSource;
import io.drasi.postgres.scram.internal.ScramExchange;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;

/**
 * SCRAM-SHA-256 bound to the TLS channel by the server's certificate ({@code tls-server-end-point},
 * RFC 5929): whoever stands between client and server with a certificate of their own is found out,
 * even where certificates are not verified. Otherwise as {@link ScramSha256}.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sasl-authentication.html">SASL
 *     Authentication</a>
 */
@Component(service = SaslMechanism.class)
public final class ScramSha256Plus implements SaslMechanism {
  private final NonceSource nonces;

  /** The mechanism as the service registries make it. */
  public ScramSha256Plus() {
    this(NonceSource.secure());
  }

  ScramSha256Plus(NonceSource nonces) {
    this.nonces = nonces;
  }

  /** {@code SCRAM-SHA-256-PLUS}. */
  @Override
  public String name() {
    return "SCRAM-SHA-256-PLUS";
  }

  /** 200: above {@link ScramSha256}. */
  @Override
  public int preference() {
    return 200;
  }

  /** Begins an exchange; empty where the connection has no binding data to offer. */
  @Override
  public Optional<Exchange> begin(Context context) {
    return context
        .tlsServerEndPoint()
        .map(ChannelBinding::tlsServerEndPoint)
        .map(binding -> new ScramExchange(context.password(), nonces.next(), binding));
  }
}
