package io.drasi.postgres.decoder.row;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * Builds a UUID from parts, the same one for the same parts. Every part counts with its length, so
 * that different parts never read the same.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9562#section-5.5">RFC 9562, UUID version 5</a>
 */
final class NameBasedUuid {
  /** The name space of the project; changing it renames elements. */
  private static final UUID NAME_SPACE = UUID.fromString("6f1d0a3c-5d0b-4c53-9a5e-0d8c4be0c7a2");

  private final MessageDigest digest = sha1();

  NameBasedUuid() {
    ByteBuffer nameSpace = ByteBuffer.allocate(2 * Long.BYTES);
    nameSpace.putLong(NAME_SPACE.getMostSignificantBits());
    nameSpace.putLong(NAME_SPACE.getLeastSignificantBits());
    digest.update(nameSpace.array());
  }

  NameBasedUuid add(String part) {
    byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
    digest.update(bytes);
    return this;
  }

  UUID build() {
    ByteBuffer hash = ByteBuffer.wrap(digest.digest());
    long most = (hash.getLong() & 0xFFFF_FFFF_FFFF_0FFFL) | 0x5000L;
    long least = (hash.getLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
    return new UUID(most, least);
  }

  private static MessageDigest sha1() {
    try {
      return MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }
}
