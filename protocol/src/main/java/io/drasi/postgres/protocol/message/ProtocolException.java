package io.drasi.postgres.protocol.message;

import java.io.IOException;

/**
 * The peer sent bytes that do not follow the protocol. The session that received them is useless.
 */
public class ProtocolException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * A violation of the protocol.
   *
   * @param message the rule and what was found; never a row's values
   */
  public ProtocolException(String message) {
    super(message);
  }

  /** A message or part of one with a tag that is none of the known ones. */
  public static ProtocolException unknownTag(String where, byte tag) {
    return new ProtocolException("%s: unknown message type %s".formatted(where, printable(tag)));
  }

  /** How a tag is named in messages: its character where it has one, and its number. */
  public static String printable(byte tag) {
    return tag > 32 && tag < 127 ? "'%c'".formatted(tag) : "0x%02X".formatted(tag);
  }
}
