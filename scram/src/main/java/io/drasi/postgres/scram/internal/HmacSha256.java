package io.drasi.postgres.scram.internal;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/**
 * HMAC with SHA-256 under one key (RFC 2104), which is forgotten by {@link #close}. Not
 * thread-safe.
 */
final class HmacSha256 implements AutoCloseable {
  static final int LENGTH = 32;

  private final Mac mac;

  /**
   * An HMAC under a key.
   *
   * @param key not empty, and the caller's to wipe: what is needed of it is copied
   */
  HmacSha256(byte[] key) {
    try {
      mac = Mac.getInstance("HmacSHA256");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "every Java platform has HmacSHA256, but this one has not", e);
    }
    setKey(key);
  }

  private void setKey(byte[] key) {
    var wipeable = new WipeableKey(key);
    try {
      mac.init(wipeable);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HmacSHA256 takes any key, but refused this one", e);
    } finally {
      wipeable.destroy();
    }
  }

  /** The code of the parts, one after the other. */
  byte[] of(byte[]... parts) {
    for (byte[] part : parts) {
      mac.update(part);
    }
    return mac.doFinal();
  }

  /** Replaces a code by the code of it, without making garbage. */
  void iterate(byte[] code) {
    mac.update(code);
    try {
      mac.doFinal(code, 0);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the code has room for %d bytes".formatted(LENGTH), e);
    }
  }

  /** Overwrites the key that the implementation keeps. */
  @Override
  public void close() {
    setKey(new byte[LENGTH]);
  }

  /** A key that can be wiped, which {@link javax.crypto.spec.SecretKeySpec} cannot. */
  private static final class WipeableKey implements SecretKey {
    private static final long serialVersionUID = 1L;

    private final byte[] key;

    WipeableKey(byte[] key) {
      this.key = key.clone();
    }

    @Override
    public String getAlgorithm() {
      return "HmacSHA256";
    }

    @Override
    public String getFormat() {
      return "RAW";
    }

    @Override
    public byte[] getEncoded() {
      return key.clone();
    }

    @Override
    public void destroy() {
      Arrays.fill(key, (byte) 0);
    }
  }
}
