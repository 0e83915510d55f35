package io.drasi.postgres.decoder.value;

import io.drasi.postgres.protocol.message.ProtocolException;

/**
 * The binary format of network addresses, printed as the server does.
 *
 * @see <a href="https://www.postgresql.org/docs/current/datatype-net-types.html">Manual, Network
 *     Address Types</a>
 */
final class NetworkBinary {
  private static final int HEADER_BYTES = 4;
  private static final int IPV4 = 2;
  private static final int IPV6 = 3;
  private static final int IPV4_BYTES = 4;
  private static final int IPV6_BYTES = 16;
  private static final int IPV6_WORDS = 8;

  private NetworkBinary() {}

  /** {@code inet} leaves out the length of the netmask where it is the whole address. */
  static BinaryDecoder.Printer inet(String type, boolean always) {
    return (array, from, to, out) -> {
      int bytes = addressBytes(type, array, from, to);
      int bits = array[from + 1] & 0xFF;
      int address = from + HEADER_BYTES;
      if (bits > bytes * 8) {
        throw Malformed.binary(type, from, to);
      }
      if (bytes == IPV4_BYTES) {
        printIpv4(array, address, out);
      } else {
        printIpv6(array, address, out);
      }
      if (always || bits != bytes * 8) {
        out.append('/').append(bits);
      }
    };
  }

  private static int addressBytes(String type, byte[] array, int from, int to)
      throws ProtocolException {
    if (to - from < HEADER_BYTES) {
      throw Malformed.binary(type, from, to);
    }
    int expected =
        switch (array[from]) {
          case IPV4 -> IPV4_BYTES;
          case IPV6 -> IPV6_BYTES;
          default -> throw Malformed.binary(type, from, to);
        };
    if (array[from + 3] != expected || to - from != HEADER_BYTES + expected) {
      throw Malformed.binary(type, from, to);
    }
    return expected;
  }

  private static void printIpv4(byte[] array, int at, StringBuilder out) {
    for (int i = 0; i < IPV4_BYTES; i++) {
      if (i > 0) {
        out.append('.');
      }
      out.append(array[at + i] & 0xFF);
    }
  }

  private static void printIpv6(byte[] array, int at, StringBuilder out) {
    int[] words = new int[IPV6_WORDS];
    for (int i = 0; i < IPV6_WORDS; i++) {
      words[i] = BigEndian.int16(array, at + 2 * i) & 0xFFFF;
    }
    int start = longestZeros(words);
    int end = start < 0 ? -1 : endOfZeros(words, start);
    int i = 0;
    while (i < IPV6_WORDS) {
      if (i == start) {
        out.append("::");
        i = end;
      } else if (i == 6 && start == 0 && holdsIpv4(words, end)) {
        printIpv4(array, at + 2 * i, out);
        return;
      } else {
        out.append(Integer.toHexString(words[i++]));
        if (i < IPV6_WORDS && i != start) {
          out.append(':');
        }
      }
    }
  }

  /** Where the first of the longest runs of two zero words or more starts, or -1. */
  private static int longestZeros(int[] words) {
    int best = -1;
    int bestLength = 1;
    int i = 0;
    while (i < words.length) {
      int end = endOfZeros(words, i);
      if (end - i > bestLength) {
        best = i;
        bestLength = end - i;
      }
      i = Math.max(end, i + 1);
    }
    return best;
  }

  private static int endOfZeros(int[] words, int start) {
    int end = start;
    while (end < words.length && words[end] == 0) {
      end++;
    }
    return end;
  }

  /** Whether what follows so many zero words at the start is an IPv4 address. */
  private static boolean holdsIpv4(int[] words, int zeros) {
    return zeros == 6 || (zeros == 7 && words[7] != 1) || (zeros == 5 && words[5] == 0xFFFF);
  }

  /** Hexadecimal bytes with colons between. */
  static BinaryDecoder.Printer mac(String type, int length) {
    return (array, from, to, out) -> {
      ScalarBinary.requireLength(length, type, from, to);
      for (int i = from; i < to; i++) {
        if (i > from) {
          out.append(':');
        }
        out.append(Character.forDigit((array[i] >> 4) & 0xF, 16));
        out.append(Character.forDigit(array[i] & 0xF, 16));
      }
    };
  }
}
