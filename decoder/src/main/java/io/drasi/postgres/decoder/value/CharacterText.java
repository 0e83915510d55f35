package io.drasi.postgres.decoder.value;

import io.drasi.api.change.ElementValue;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Characters: UTF-8, strictly. */
final class CharacterText {
  /** What the JDK puts in the place of bytes that are not UTF-8. */
  private static final char REPLACEMENT = '\uFFFD';

  private CharacterText() {}

  static ValueDecoder decoder(String type) {
    return (array, from, to) -> new ElementValue.Text(string(type, array, from, to));
  }

  static ValueDecoder jsonDecoder(String type) {
    return (array, from, to) -> new ElementValue.Json(string(type, array, from, to));
  }

  static String string(String type, byte[] array, int from, int to) throws ProtocolException {
    String text = new String(array, from, to - from, StandardCharsets.UTF_8);
    if (text.indexOf(REPLACEMENT) >= 0) {
      requireUtf8(type, array, from, to);
    }
    return text;
  }

  /**
   * The lenient decoding above is much the faster one; this tells a real U+FFFD from a bad byte.
   */
  private static void requireUtf8(String type, byte[] array, int from, int to)
      throws ProtocolException {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(array, from, to - from));
    } catch (CharacterCodingException e) {
      throw new ProtocolException(
          "value of type %s, %d bytes, is not valid UTF-8".formatted(type, to - from));
    }
  }
}
