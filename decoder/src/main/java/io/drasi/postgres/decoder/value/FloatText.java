package io.drasi.postgres.decoder.value;

import io.drasi.api.change.ElementValue;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.nio.charset.StandardCharsets;

/** The text format of {@code float4} and {@code float8}. */
final class FloatText {
  private static final ElementValue.Float NAN = new ElementValue.Float(Double.NaN);
  private static final ElementValue.Float INFINITY =
      new ElementValue.Float(Double.POSITIVE_INFINITY);
  private static final ElementValue.Float MINUS_INFINITY =
      new ElementValue.Float(Double.NEGATIVE_INFINITY);

  /**
   * A quotient of two numbers that a double holds exactly is rounded once, correctly: 15 digits and
   * these powers of ten are such numbers, which saves the general conversion for most values.
   */
  private static final double[] POWERS_OF_TEN = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
  };

  private static final int EXACT_BYTES = 15;

  private FloatText() {}

  static ElementValue decodeFloat8(byte[] array, int from, int to) throws ProtocolException {
    if (!DecimalText.isNumber(array, from, to, true)) {
      return special("float8", array, from, to);
    }
    if (to - from <= EXACT_BYTES && !hasExponent(array, from, to)) {
      double value =
          Math.abs(DecimalText.unscaled(array, from, to))
              / POWERS_OF_TEN[DecimalText.scale(array, from, to)];
      return new ElementValue.Float(array[from] == '-' ? -value : value);
    }
    double value = Double.parseDouble(string(array, from, to));
    return finite("float8", value, from, to);
  }

  /** Rounded to a float first: that is the number the server has; widening it is exact. */
  static ElementValue decodeFloat4(byte[] array, int from, int to) throws ProtocolException {
    if (!DecimalText.isNumber(array, from, to, true)) {
      return special("float4", array, from, to);
    }
    return finite("float4", Float.parseFloat(string(array, from, to)), from, to);
  }

  private static ElementValue special(String type, byte[] array, int from, int to)
      throws ProtocolException {
    if (DecimalText.is("NaN", array, from, to)) {
      return NAN;
    }
    if (DecimalText.is("Infinity", array, from, to)) {
      return INFINITY;
    }
    if (DecimalText.is("-Infinity", array, from, to)) {
      return MINUS_INFINITY;
    }
    throw Malformed.text(type, from, to);
  }

  private static ElementValue finite(String type, double value, int from, int to)
      throws ProtocolException {
    if (Double.isInfinite(value)) {
      throw Malformed.text(type, from, to);
    }
    return new ElementValue.Float(value);
  }

  private static boolean hasExponent(byte[] array, int from, int to) {
    for (int i = from; i < to; i++) {
      if (array[i] == 'e') {
        return true;
      }
    }
    return false;
  }

  private static String string(byte[] array, int from, int to) {
    return new String(array, from, to - from, StandardCharsets.ISO_8859_1);
  }
}
