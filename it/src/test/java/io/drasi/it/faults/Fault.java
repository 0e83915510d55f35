package io.drasi.it.faults;

import java.util.Random;

/**
 * What is to happen, and where.
 *
 * @param occurrence at the how-manieth message of the place, from the moment on at which it is
 *     armed
 * @param spot where in or at that message
 * @param seed decides what is left open: the byte within the spot, and how it is changed
 */
record Fault(FaultKind kind, Place place, int occurrence, Spot spot, long seed) {
  private static final int HEADER_BYTES = 5;

  /** A place within a message. */
  enum Spot {
    /** The boundary before it. */
    BEFORE,
    /** Within its type and length. */
    HEADER,
    /** The tag of what it holds: of a CopyData, or of the output plugin's message in it. */
    TAG,
    /** Within its content. */
    BODY,
    /** The boundary after it. */
    AFTER
  }

  /** Whether the connection is of no use afterwards, and perhaps only silence tells so. */
  boolean isSilent() {
    // With another length, more may be waited for than ever comes.
    return kind.isSilent() || (kind == FaultKind.CORRUPTION && spot == Spot.HEADER);
  }

  /** How many bytes of a message of this length pass unharmed. */
  int offset(int length) {
    int header = Math.min(HEADER_BYTES, length);
    return switch (spot) {
      case BEFORE -> 0;
      case HEADER -> 1 + new Random(seed).nextInt(Math.max(1, header - 1));
      case TAG -> Math.min(length - 1, place.tagOffset());
      case BODY ->
          length <= header ? length - 1 : header + new Random(seed).nextInt(length - header);
      case AFTER -> length;
    };
  }

  /**
   * Changes the byte at the offset to another one: a type or a tag to one that no message has,
   * since one that another message has may be a change that nobody can notice.
   */
  void corrupt(byte[] message) {
    int at = Math.min(corruptible(message.length), message.length - 1);
    int change = 1 + new Random(seed).nextInt(127);
    boolean isType = spot == Spot.BEFORE || spot == Spot.TAG;
    message[at] ^= (byte) (isType ? change | 0x80 : change);
  }

  /**
   * Of the length of streamed data the lower half: more could be waited for as long as anything
   * comes at all, since a message may have a gigabyte.
   */
  private int corruptible(int length) {
    return spot == Spot.HEADER && place.hasTag()
        ? HEADER_BYTES - 1 - new Random(seed).nextInt(2)
        : offset(length);
  }

  @Override
  public String toString() {
    return "%s %s#%d %s seed=%d".formatted(kind, place, occurrence, spot, seed);
  }
}
