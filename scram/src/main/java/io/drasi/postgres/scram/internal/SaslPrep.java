package io.drasi.postgres.scram.internal;

import static io.drasi.postgres.scram.internal.StringPrepTables.LEFT_TO_RIGHT;
import static io.drasi.postgres.scram.internal.StringPrepTables.MAPPED_TO_NOTHING;
import static io.drasi.postgres.scram.internal.StringPrepTables.NON_ASCII_SPACES;
import static io.drasi.postgres.scram.internal.StringPrepTables.RIGHT_TO_LEFT;
import static io.drasi.postgres.scram.internal.StringPrepTables.UNASSIGNED;

import io.drasi.postgres.protocol.auth.AuthenticationException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Optional;

/**
 * SASLprep (RFC 4013) for stored strings, as PostgreSQL applies it to passwords on both sides.
 *
 * <p>PostgreSQL departs from the RFC in one thing, and so does this: what is prohibited, unassigned
 * or of mixed direction is looked for after mapping but <em>before</em> normalization. The two
 * orders differ for a few hundred characters, such as the Hebrew presentation forms with points;
 * what the server made of the password is what lets a user in.
 *
 * <p>{@link Normalizer} knows a newer Unicode than the 3.2 that the RFC names. Since code points
 * that 3.2 does not assign are refused first, only assigned ones are normalized, and their
 * normalization has been stable since.
 */
final class SaslPrep {
  /** By UAX #15 no UTF-16 unit grows to more under NFKC. */
  private static final int NFKC_EXPANSION = 18;

  private SaslPrep() {}

  /**
   * The bytes that stand for a password: prepared, or as it is where the profile refuses it, as
   * libpq and the server do.
   *
   * @return UTF-8, for the caller to wipe
   * @throws AuthenticationException when the password has no UTF-8 form
   */
  static byte[] passwordBytes(char[] password) throws AuthenticationException {
    char[] prepared = prepare(password).orElseGet(password::clone);
    try {
      return utf8(prepared);
    } finally {
      Arrays.fill(prepared, '\0');
    }
  }

  /**
   * Prepares a text.
   *
   * @return the prepared text, for the caller to wipe, or empty where the profile refuses it
   */
  static Optional<char[]> prepare(char[] text) {
    int[] mapped = map(text);
    try {
      boolean acceptable = mapped.length > 0 && allPermitted(mapped) && hasOneDirection(mapped);
      return acceptable ? Optional.of(normalize(mapped)) : Optional.empty();
    } finally {
      Arrays.fill(mapped, 0);
    }
  }

  /** Step 1, RFC 4013 section 2.1. U+200B is in both tables: PostgreSQL makes it a space. */
  private static int[] map(char[] text) {
    int[] mapped = new int[text.length];
    int length = 0;
    for (int at = 0; at < text.length; ) {
      int codePoint = Character.codePointAt(text, at);
      at += Character.charCount(codePoint);
      if (NON_ASCII_SPACES.contains(codePoint)) {
        mapped[length++] = ' ';
      } else if (!MAPPED_TO_NOTHING.contains(codePoint)) {
        mapped[length++] = codePoint;
      }
    }
    int[] result = Arrays.copyOf(mapped, length);
    Arrays.fill(mapped, 0);
    return result;
  }

  /** Step 3, RFC 4013 sections 2.3 and 2.5. No space of C.1.2 is left after step 1. */
  private static boolean allPermitted(int[] codePoints) {
    for (int codePoint : codePoints) {
      if (StringPrepTables.isProhibited(codePoint) || UNASSIGNED.contains(codePoint)) {
        return false;
      }
    }
    return true;
  }

  /** Step 4, RFC 3454 section 6: right-to-left text begins and ends so, and has nothing else. */
  private static boolean hasOneDirection(int[] codePoints) {
    boolean rightToLeft = false;
    boolean leftToRight = false;
    for (int codePoint : codePoints) {
      rightToLeft |= RIGHT_TO_LEFT.contains(codePoint);
      leftToRight |= LEFT_TO_RIGHT.contains(codePoint);
    }
    if (!rightToLeft) {
      return true;
    }
    return !leftToRight
        && RIGHT_TO_LEFT.contains(codePoints[0])
        && RIGHT_TO_LEFT.contains(codePoints[codePoints.length - 1]);
  }

  /**
   * Step 2, RFC 4013 section 2.2. {@link Normalizer} makes Strings, which cannot be wiped: it gets
   * one ASCII character and what follows it up to the next one at a time, and never ASCII alone.
   * That changes nothing, since no ASCII character combines with what stands before it.
   */
  private static char[] normalize(int[] codePoints) {
    var normalized = CharBuffer.allocate(2 * NFKC_EXPANSION * codePoints.length);
    for (int start = 0; start < codePoints.length; ) {
      int end = start + 1;
      while (end < codePoints.length && codePoints[end] >= 0x80) {
        end++;
      }
      if (end == start + 1 && codePoints[start] < 0x80) {
        normalized.put((char) codePoints[start]);
      } else {
        var piece = new String(codePoints, start, end - start);
        normalized.put(Normalizer.normalize(piece, Normalizer.Form.NFKC));
      }
      start = end;
    }
    char[] result = Arrays.copyOf(normalized.array(), normalized.position());
    Arrays.fill(normalized.array(), '\0');
    return result;
  }

  private static byte[] utf8(char[] text) throws AuthenticationException {
    var encoded = ByteBuffer.allocate(3 * text.length);
    var result = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text), encoded, true);
    byte[] bytes = Arrays.copyOf(encoded.array(), encoded.position());
    Arrays.fill(encoded.array(), (byte) 0);
    if (result.isError()) {
      Arrays.fill(bytes, (byte) 0);
      throw new AuthenticationException(
          "the password must be Unicode text, but holds half of a surrogate pair");
    }
    return bytes;
  }
}
