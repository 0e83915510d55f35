package io.drasi.api.source;

import java.nio.ByteBuffer;

/** A position in a stream of its own. */
record Place(long number) implements SourcePosition {
  @Override
  public byte[] toBytes() {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }

  @Override
  public int compareTo(SourcePosition other) {
    return Long.compare(number, ((Place) other).number);
  }

  @Override
  public String toString() {
    return "place " + number;
  }
}
