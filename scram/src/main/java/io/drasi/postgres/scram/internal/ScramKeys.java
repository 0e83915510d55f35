package io.drasi.postgres.scram.internal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The keys derived from a password, a salt and an iteration count (RFC 5802 section 3). All of them
 * are secret, and wiped by {@link #close}.
 */
final class ScramKeys implements AutoCloseable {
  private final byte[] clientKey;
  private final byte[] storedKey;
  private final byte[] serverKey;

  private ScramKeys(byte[] clientKey, byte[] serverKey) {
    this.clientKey = clientKey;
    this.storedKey = sha256(clientKey);
    this.serverKey = serverKey;
  }

  /**
   * Derives the keys, which takes time in proportion to the iteration count.
   *
   * @param password the prepared password in UTF-8, not empty; the caller's to wipe
   */
  static ScramKeys derive(byte[] password, byte[] salt, int iterations) {
    byte[] saltedPassword = saltedPassword(password, salt, iterations);
    try (var hmac = new HmacSha256(saltedPassword)) {
      return new ScramKeys(
          hmac.of("Client Key".getBytes(US_ASCII)), hmac.of("Server Key".getBytes(US_ASCII)));
    } finally {
      Arrays.fill(saltedPassword, (byte) 0);
    }
  }

  /** Hi() of RFC 5802 section 2.2, which is PBKDF2 (RFC 8018) with one block. */
  private static byte[] saltedPassword(byte[] password, byte[] salt, int iterations) {
    try (var hmac = new HmacSha256(password)) {
      byte[] code = hmac.of(salt, new byte[] {0, 0, 0, 1});
      byte[] sum = code.clone();
      for (int i = 1; i < iterations; i++) {
        hmac.iterate(code);
        Bytes.xorInto(sum, code);
      }
      Arrays.fill(code, (byte) 0);
      return sum;
    }
  }

  /** What shows the server that the client knows the password. */
  byte[] clientProof(byte[] authMessage) {
    byte[] proof = signature(storedKey, authMessage);
    Bytes.xorInto(proof, clientKey);
    return proof;
  }

  /** What the server must answer to show that it knows the password's verifier. */
  byte[] serverSignature(byte[] authMessage) {
    return signature(serverKey, authMessage);
  }

  private static byte[] signature(byte[] key, byte[] authMessage) {
    try (var hmac = new HmacSha256(key)) {
      return hmac.of(authMessage);
    }
  }

  /** The StoredKey that the server keeps, as {@code pg_authid.rolpassword} shows it. */
  byte[] storedKey() {
    return storedKey.clone();
  }

  /** The ServerKey that the server keeps, as {@code pg_authid.rolpassword} shows it. */
  byte[] serverKey() {
    return serverKey.clone();
  }

  @Override
  public void close() {
    Arrays.fill(clientKey, (byte) 0);
    Arrays.fill(storedKey, (byte) 0);
    Arrays.fill(serverKey, (byte) 0);
  }

  private static byte[] sha256(byte[] input) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(input);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256, but this one has not", e);
    }
  }
}
