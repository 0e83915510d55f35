package io.drasi.postgres.decoder.value;

import io.drasi.postgres.protocol.message.ProtocolException;

/** What a decoder throws: the type, the format and the length, never the value. */
final class Malformed {
  private Malformed() {}

  static ProtocolException text(String type, int from, int to) {
    return in("text", type, from, to);
  }

  static ProtocolException binary(String type, int from, int to) {
    return in("binary", type, from, to);
  }

  private static ProtocolException in(String format, String type, int from, int to) {
    return new ProtocolException(
        "malformed value of type %s, %s format, %d bytes".formatted(type, format, to - from));
  }
}
