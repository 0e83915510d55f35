package io.drasi.postgres.decoder.value;

import io.drasi.postgres.protocol.message.FieldReader;
import io.drasi.postgres.protocol.message.ProtocolException;

/** How long each dimension of an array is, and which index is its first. */
final class ArrayBounds {
  private final int[] lengths;
  private final int[] firsts;

  private ArrayBounds(int[] lengths, int[] firsts) {
    this.lengths = lengths;
    this.firsts = firsts;
  }

  /** Reads them from the binary format of an array of a type. */
  static ArrayBounds read(String type, FieldReader in) throws ProtocolException {
    int dimensions = in.readInt32("array.dimensions");
    in.skip(8, "array.flags and array.elementType");
    if (dimensions < 0 || dimensions > ArrayCodec.MOST_DIMENSIONS) {
      throw new ProtocolException("%s: %d dimensions".formatted(type, dimensions));
    }
    int[] lengths = new int[dimensions];
    int[] firsts = new int[dimensions];
    long elements = 1;
    for (int i = 0; i < dimensions; i++) {
      lengths[i] = in.readInt32("array.length");
      firsts[i] = in.readInt32("array.firstIndex");
      elements *= lengths[i];
      if (lengths[i] < 1 || elements > Integer.MAX_VALUE) {
        throw new ProtocolException("%s: a dimension of %d".formatted(type, lengths[i]));
      }
    }
    if (dimensions > 0 && elements * Integer.BYTES > in.remaining()) {
      throw new ProtocolException(
          "%s: %d elements, but %d bytes are left".formatted(type, elements, in.remaining()));
    }
    return new ArrayBounds(lengths, firsts);
  }

  int dimensions() {
    return lengths.length;
  }

  int length(int dimension) {
    return lengths[dimension];
  }

  /** Whether every first index is 1. */
  boolean areUsual() {
    for (int first : firsts) {
      if (first != 1) {
        return false;
      }
    }
    return true;
  }

  void print(StringBuilder out) {
    for (int i = 0; i < lengths.length; i++) {
      out.append('[').append(firsts[i]).append(':');
      out.append(firsts[i] + lengths[i] - 1).append(']');
    }
    out.append('=');
  }
}
