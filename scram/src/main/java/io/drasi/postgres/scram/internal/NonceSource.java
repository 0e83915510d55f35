package io.drasi.postgres.scram.internal;

import java.security.SecureRandom;
import java.util.Base64;

/** Where a client's nonce comes from; a fixed one repeats a recorded exchange. Thread-safe. */
@FunctionalInterface
public interface NonceSource {

  /** A nonce that was never used before: printable ASCII without a comma (RFC 5802 section 5.1). */
  String next();

  /** Nonces of 144 random bits, as many as libpq takes; base64 has no comma. */
  static NonceSource secure() {
    var random = new SecureRandom();
    return () -> {
      byte[] bytes = new byte[18];
      random.nextBytes(bytes);
      return Base64.getEncoder().encodeToString(bytes);
    };
  }
}
