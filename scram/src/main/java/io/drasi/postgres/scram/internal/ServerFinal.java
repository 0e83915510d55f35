package io.drasi.postgres.scram.internal;

import io.drasi.postgres.protocol.auth.AuthenticationException;

/**
 * The server's last message: {@code v=<signature>} or {@code e=<error>}, and extensions, which are
 * ignored.
 */
final class ServerFinal {
  private final byte[] signature;

  private ServerFinal(byte[] signature) {
    this.signature = signature;
  }

  /** Reads the message; an error in it is thrown by its name in RFC 5802 section 7. */
  static ServerFinal parse(byte[] message) throws AuthenticationException {
    var in = new AttributeReader("server-final", message);
    if (in.isNext('e')) {
      String error = AttributeReader.quoted(in.read('e'));
      in.skipExtensions("mev");
      throw new AuthenticationException(
          "SCRAM: the server must accept the client's proof, but answers with the error " + error);
    }
    byte[] signature = in.readBase64('v');
    in.skipExtensions("mev");
    if (signature.length != HmacSha256.LENGTH) {
      throw in.refusal(
          "must have a signature of %d bytes, has %d"
              .formatted(HmacSha256.LENGTH, signature.length));
    }
    return new ServerFinal(signature);
  }

  byte[] signature() {
    return signature.clone();
  }
}
