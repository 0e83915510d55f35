package io.drasi.postgres.scram.internal;

import io.drasi.postgres.protocol.auth.AuthenticationException;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * An exchange whose proof is ready to be sent, after which the server owes its own. Used by one
 * thread.
 */
final class ClientFinal implements AutoCloseable {
  private final byte[] message;
  private final byte[] expectedSignature;
  private boolean ended;

  ClientFinal(byte[] message, byte[] expectedSignature) {
    this.message = message;
    this.expectedSignature = expectedSignature;
  }

  /** The message to send. */
  byte[] message() {
    return message.clone();
  }

  /**
   * Checks the server's last message, which ends the exchange whatever the result.
   *
   * @throws AuthenticationException when the server does not prove that it knows the password
   */
  void verify(byte[] serverFinal) throws AuthenticationException {
    if (ended) {
      throw new AuthenticationException("SCRAM: one server-final message is due, this is a second");
    }
    try {
      byte[] signature = ServerFinal.parse(serverFinal).signature();
      if (!MessageDigest.isEqual(signature, expectedSignature)) {
        throw new AuthenticationException(
            "SCRAM: the server must prove that it knows the password, but its signature is wrong;"
                + " is it the server that is meant?");
      }
    } finally {
      close();
    }
  }

  @Override
  public void close() {
    ended = true;
    Arrays.fill(expectedSignature, (byte) 0);
  }
}
