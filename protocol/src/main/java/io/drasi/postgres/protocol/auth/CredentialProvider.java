package io.drasi.postgres.protocol.auth;

import java.io.IOException;
import org.osgi.annotation.versioning.ConsumerType;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Knows passwords that change: of a vault, or the tokens of a cloud service. Asked for each
 * connection, before it is made. Found by its name, as an OSGi service and through {@link
 * java.util.ServiceLoader}, or given to a builder. Thread-safe.
 */
@ConsumerType
public interface CredentialProvider {

  /** By what the option {@code credential_provider} names it. */
  String name();

  /**
   * The password for one connection. May take its time; the connect timeout does not count it.
   *
   * @return the password; empty when there is none
   * @throws IOException when it is not to be had now: tried again. Its message is logged, so it
   *     must hold no secret
   * @throws InterruptedException when the thread is interrupted: the source is being stopped
   */
  Password password(Request request) throws IOException, InterruptedException;

  /** What a password is wanted for. */
  @ProviderType
  interface Request {

    /** The host as configured: a name, an address, or the folder of a Unix-domain socket. */
    String host();

    /** The port. */
    int port();

    /** The database. */
    String database();

    /** The role. */
    String user();
  }
}
