import io.drasi.postgres.protocol.auth.CredentialProvider;
import io.drasi.postgres.protocol.auth.SaslMechanism;
import org.jspecify.annotations.NullMarked;

/**
 * The PostgreSQL wire protocol 3.0, as a client speaks it that streams changes.
 *
 * <ul>
 *   <li>{@link io.drasi.postgres.protocol} – opening a session and asking it questions. Start at
 *       {@link io.drasi.postgres.protocol.Connector}.
 *   <li>{@link io.drasi.postgres.protocol.auth} – how a session proves who it is; the extension
 *       point for SASL mechanisms and for passwords that change.
 *   <li>{@link io.drasi.postgres.protocol.message} – the messages of the server, one type each.
 *   <li>{@link io.drasi.postgres.protocol.replication} – the replication commands and what flows in
 *       a stream. Start at {@link io.drasi.postgres.protocol.replication.ReplicationCommands}.
 * </ul>
 */
@NullMarked
module io.drasi.postgres.protocol {
  requires jdk.net;
  requires static org.jspecify;
  requires static org.osgi.annotation.bundle;
  requires static org.osgi.annotation.versioning;
  requires static org.osgi.service.component.annotations;
  requires org.slf4j;

  exports io.drasi.postgres.protocol;
  exports io.drasi.postgres.protocol.auth;
  exports io.drasi.postgres.protocol.message;
  exports io.drasi.postgres.protocol.replication;

  uses CredentialProvider;
  uses SaslMechanism;
}
