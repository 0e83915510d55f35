package io.drasi.postgres.decoder.value;

/** Hexadecimal digits as the server prints them: lower case. */
final class HexDigits {
  private HexDigits() {}

  /** The digit's value; negative when it is none, so that many can be or-ed and tested once. */
  static int value(byte digit) {
    if (digit >= '0' && digit <= '9') {
      return digit - '0';
    }
    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
  }
}
