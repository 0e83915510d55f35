package io.drasi.postgres.scram.internal;

import io.drasi.postgres.protocol.auth.AuthenticationException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Reads a server's message attribute by attribute, in the order in which RFC 5802 section 7 has
 * them. Used by one thread.
 */
final class AttributeReader {
  /**
   * The longest message taken. PostgreSQL's are below 200 bytes; the salt, which is the server's to
   * choose, has room here for 20 times a hash.
   */
  static final int MAX_MESSAGE_LENGTH_BYTES = 1024;

  private static final int QUOTED_LENGTH = 40;

  private final String message;
  private final String text;
  private int at;

  /**
   * A reader at the first attribute.
   *
   * @param message what the message is called in errors
   */
  AttributeReader(String message, byte[] bytes) throws AuthenticationException {
    this.message = message;
    if (bytes.length > MAX_MESSAGE_LENGTH_BYTES) {
      throw refusal(
          "must have at most %d bytes, has %d".formatted(MAX_MESSAGE_LENGTH_BYTES, bytes.length));
    }
    this.text = decode(bytes);
    if (text.indexOf('\0') >= 0) {
      throw refusal("must not hold U+0000, but does");
    }
  }

  private String decode(byte[] bytes) throws AuthenticationException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw refusal("must be UTF-8, but is not", e);
    }
  }

  /** Whether the next attribute has this name. */
  boolean isNext(char name) {
    return text.startsWith(name + "=", at);
  }

  /** The value of the next attribute, which must have this name. */
  String read(char name) throws AuthenticationException {
    if (at == text.length()) {
      throw refusal("must have the attribute %c, but ends before it".formatted(name));
    }
    if (!isNext(name)) {
      throw refusal(
          "must have the attribute %c at character %d, has %s"
              .formatted(name, at, quoted(text.substring(at, Math.min(at + 2, text.length())))));
    }
    return readValue(name);
  }

  /** The bytes that the next attribute, which must have this name, holds in base64. */
  byte[] readBase64(char name) throws AuthenticationException {
    String value = read(name);
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(value);
    } catch (IllegalArgumentException e) {
      throw notBase64(name, value);
    }
    // The decoder takes missing padding and stray bits, which are no canonical base64.
    if (!Base64.getEncoder().encodeToString(bytes).equals(value)) {
      throw notBase64(name, value);
    }
    return bytes;
  }

  private AuthenticationException notBase64(char name, String value) {
    return refusal(
        "must have base64 in the attribute %c, has %d other characters"
            .formatted(name, value.length()));
  }

  /**
   * Skips what extensions may stand at the end: well-formed attributes with none of these names.
   */
  void skipExtensions(String reservedNames) throws AuthenticationException {
    while (at < text.length()) {
      char name = text.charAt(at);
      boolean letter = (name >= 'A' && name <= 'Z') || (name >= 'a' && name <= 'z');
      if (!letter || !isNext(name)) {
        throw refusal("must have an attribute at character %d, has none".formatted(at));
      }
      if (reservedNames.indexOf(name) >= 0) {
        throw refusal("must have the attribute %c in its place, has it at the end".formatted(name));
      }
      readValue(name);
    }
  }

  private String readValue(char name) throws AuthenticationException {
    int start = at + 2;
    int comma = text.indexOf(',', start);
    int end = comma < 0 ? text.length() : comma;
    if (end == start) {
      throw refusal("must have a value in the attribute %c, has none".formatted(name));
    }
    if (end == text.length() - 1) {
      throw refusal("must end with an attribute, ends with a comma");
    }
    at = Math.min(end + 1, text.length());
    return text.substring(start, end);
  }

  /** An error in this message: the rule and what was found. */
  AuthenticationException refusal(String ruleAndValue) {
    return refusal(ruleAndValue, null);
  }

  private AuthenticationException refusal(String ruleAndValue, @Nullable Throwable cause) {
    return new AuthenticationException(
        "SCRAM: the %s message %s".formatted(message, ruleAndValue), cause);
  }

  /** A piece of a message as an error may show it: printable and short. */
  static String quoted(String piece) {
    boolean printable = piece.chars().allMatch(c -> c > 0x20 && c < 0x7F);
    return printable && piece.length() <= QUOTED_LENGTH
        ? "\"%s\"".formatted(piece)
        : "%d characters that are not shown".formatted(piece.length());
  }
}
