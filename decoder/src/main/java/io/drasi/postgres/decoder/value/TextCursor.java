package io.drasi.postgres.decoder.value;

import io.drasi.api.change.ElementValue;
import io.drasi.postgres.protocol.message.ProtocolException;

/** Goes through the text of a value that has others in it. Confined to one value. */
final class TextCursor {
  private final String type;
  private final byte[] array;
  private final int from;
  private final int to;
  private int at;

  TextCursor(String type, byte[] array, int from, int to) {
    this.type = type;
    this.array = array;
    this.from = from;
    this.to = to;
    this.at = from;
  }

  /** Whether this is the next character; it is passed over if so. */
  boolean skip(int character) {
    boolean found = isAt(character);
    if (found) {
      at++;
    }
    return found;
  }

  boolean isAt(int character) {
    return at < to && array[at] == character;
  }

  void require(int character) throws ProtocolException {
    if (!skip(character)) {
      throw malformed();
    }
  }

  void requireEnd() throws ProtocolException {
    if (at != to) {
      throw malformed();
    }
  }

  /** Decodes a value in quotes, and passes over it. */
  ElementValue quoted(ValueDecoder decoder) throws ProtocolException {
    require('"');
    int start = at;
    boolean escaped = false;
    while (at < to && (array[at] != '"' || isDoubled())) {
      boolean escape = array[at] == '\\' || array[at] == '"';
      escaped |= escape;
      at += escape ? 2 : 1;
    }
    int end = at;
    require('"'); // also where an escape stood at the end
    return escaped ? unescaped(decoder, start, end) : decoder.decode(array, start, end);
  }

  /** Whether the quote here stands for itself, since another follows. */
  private boolean isDoubled() {
    return at + 1 < to && array[at + 1] == '"';
  }

  private ElementValue unescaped(ValueDecoder decoder, int start, int end)
      throws ProtocolException {
    byte[] plain = new byte[end - start];
    int length = 0;
    for (int i = start; i < end; i++) {
      if (array[i] == '\\' || array[i] == '"') {
        i++;
      }
      plain[length++] = array[i];
    }
    return decoder.decode(plain, 0, length);
  }

  /** Decodes a value without quotes, up to one of these characters. */
  ElementValue unquoted(ValueDecoder decoder, int end, int otherEnd, boolean nullByName)
      throws ProtocolException {
    int start = at;
    while (at < to && array[at] != end && array[at] != otherEnd) {
      at++;
    }
    if (at == to) {
      throw malformed();
    }
    if (nullByName && DecimalText.is("NULL", array, start, at)) {
      return ElementValue.Null.NULL;
    }
    return decoder.decode(array, start, at);
  }

  ProtocolException malformed() {
    return Malformed.text(type, from, to);
  }
}
