package io.drasi.postgres.decoder.value;

/** Decimal numbers as the server prints them. */
final class DecimalText {
  private DecimalText() {}

  /**
   * Whether this is {@code [-]digits[.digits]}, and where allowed {@code e[sign]digits} after it.
   */
  static boolean isNumber(byte[] array, int from, int to, boolean exponentAllowed) {
    int at = from < to && array[from] == '-' ? from + 1 : from;
    int end = endOfDigits(array, at, to);
    if (end == at) {
      return false;
    }
    if (end < to && array[end] == '.') {
      at = end + 1;
      end = endOfDigits(array, at, to);
      if (end == at) {
        return false;
      }
    }
    return end == to || (exponentAllowed && array[end] == 'e' && isExponent(array, end + 1, to));
  }

  /**
   * All digits as one whole number with the sign of the text, the point left out. For numbers
   * without exponent of at most 18 digits.
   */
  static long unscaled(byte[] array, int from, int to) {
    long value = 0;
    for (int i = from; i < to; i++) {
      byte b = array[i];
      if (b >= '0') {
        value = value * 10 + (b - '0');
      }
    }
    return array[from] == '-' ? -value : value;
  }

  /** How many digits stand after the point. */
  static int scale(byte[] array, int from, int to) {
    for (int i = from; i < to; i++) {
      if (array[i] == '.') {
        return to - i - 1;
      }
    }
    return 0;
  }

  /** Whether the bytes are these ASCII characters. */
  static boolean is(String expected, byte[] array, int from, int to) {
    if (to - from != expected.length()) {
      return false;
    }
    for (int i = 0; i < expected.length(); i++) {
      if (array[from + i] != expected.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isExponent(byte[] array, int from, int to) {
    int at = from < to && (array[from] == '-' || array[from] == '+') ? from + 1 : from;
    return at < to && endOfDigits(array, at, to) == to;
  }

  private static int endOfDigits(byte[] array, int from, int to) {
    int at = from;
    while (at < to && array[at] >= '0' && array[at] <= '9') {
      at++;
    }
    return at;
  }
}
