import io.drasi.postgres.protocol.auth.SaslMechanism;
import io.drasi.postgres.scram.ScramSha256;
import io.drasi.postgres.scram.ScramSha256Plus;
import org.jspecify.annotations.NullMarked;

/**
 * SCRAM-SHA-256 (RFC 5802, RFC 7677), by which a client and a PostgreSQL server prove to each other
 * that they know the password, without sending it. Pure: no I/O, no threads, no clock.
 *
 * <ul>
 *   <li>{@link io.drasi.postgres.scram} – the two mechanisms, found by the protocol module as
 *       services. Nobody else needs to name them.
 * </ul>
 */
@NullMarked
module io.drasi.postgres.scram {
  requires transitive io.drasi.postgres.protocol;
  requires static org.jspecify;
  requires static org.osgi.annotation.bundle;
  requires static org.osgi.annotation.versioning;
  requires static org.osgi.service.component.annotations;

  exports io.drasi.postgres.scram;

  provides SaslMechanism with
      ScramSha256,
      ScramSha256Plus;
}
