package io.drasi.postgres.scram.internal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.drasi.postgres.protocol.auth.AuthenticationException;
import java.util.Arrays;
import java.util.Base64;

/**
 * An exchange at its beginning: the client's first message is ready, and the server's answer makes
 * it a {@link ClientFinal}. Immutable, and holds no secret.
 */
final class ClientFirst {
  private final String nonce;
  private final ChannelBinding binding;
  private final String bareMessage;

  /**
   * An exchange that begins.
   *
   * @param user the user name, already prepared; empty where the server knows it already
   * @param nonce printable ASCII without a comma, never used before
   */
  ClientFirst(String user, String nonce, ChannelBinding binding) {
    this.nonce = nonce;
    this.binding = binding;
    String escapedUser = user.replace("=", "=3D").replace(",", "=2C");
    this.bareMessage = "n=" + escapedUser + ",r=" + nonce;
  }

  /** The message to send. */
  byte[] message() {
    return (binding.gs2Header() + bareMessage).getBytes(UTF_8);
  }

  /**
   * Answers the server's first message.
   *
   * @param password the caller's to wipe
   * @throws AuthenticationException when the message breaks a rule, or the password cannot be used
   */
  ClientFinal answer(byte[] serverFirst, char[] password) throws AuthenticationException {
    var challenge = ServerFirst.parse(serverFirst, nonce);
    String withoutProof = "c=" + binding.attributeValue() + ",r=" + challenge.nonce();
    byte[] authMessage =
        Bytes.concat(
            (bareMessage + ",").getBytes(UTF_8),
            serverFirst,
            ("," + withoutProof).getBytes(US_ASCII));
    try (ScramKeys keys = deriveKeys(password, challenge)) {
      String proof = Base64.getEncoder().encodeToString(keys.clientProof(authMessage));
      byte[] message = (withoutProof + ",p=" + proof).getBytes(US_ASCII);
      return new ClientFinal(message, keys.serverSignature(authMessage));
    }
  }

  private static ScramKeys deriveKeys(char[] password, ServerFirst challenge)
      throws AuthenticationException {
    if (password.length == 0) {
      throw new AuthenticationException(
          "the server asks for a password, but none is configured; set the option password");
    }
    byte[] prepared = SaslPrep.passwordBytes(password);
    try {
      return ScramKeys.derive(prepared, challenge.salt(), challenge.iterations());
    } finally {
      Arrays.fill(prepared, (byte) 0);
    }
  }
}
