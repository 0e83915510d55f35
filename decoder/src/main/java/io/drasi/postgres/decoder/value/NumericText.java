package io.drasi.postgres.decoder.value;

import io.drasi.api.change.ElementValue;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/** The text format of {@code numeric}: exact, with its scale. */
final class NumericText {
  /** So many characters are at most 18 digits, which a {@code long} holds for certain. */
  private static final int COMPACT_BYTES = 18;

  private NumericText() {}

  static ElementValue decode(byte[] array, int from, int to) throws ProtocolException {
    if (DecimalText.isNumber(array, from, to, false)) {
      return new ElementValue.Decimal(number(array, from, to));
    }
    if (DecimalText.is("NaN", array, from, to)
        || DecimalText.is("Infinity", array, from, to)
        || DecimalText.is("-Infinity", array, from, to)) {
      return new ElementValue.Text(CharacterText.string("numeric", array, from, to));
    }
    throw Malformed.text("numeric", from, to);
  }

  private static BigDecimal number(byte[] array, int from, int to) {
    if (to - from <= COMPACT_BYTES) {
      return BigDecimal.valueOf(
          DecimalText.unscaled(array, from, to), DecimalText.scale(array, from, to));
    }
    return new BigDecimal(new String(array, from, to - from, StandardCharsets.ISO_8859_1));
  }
}
