package io.drasi.postgres.decoder.value;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Prints a double with the fewest digits that read back as the same double, in the notation of the
 * server. {@link Double#toString} is not used: before JDK 19 it gave more digits than are needed,
 * so an id would depend on the JDK.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-FLOAT">Manual,
 *     Floating-Point Types</a>
 */
final class CanonicalFloat {
  /** Every decimal number of so many digits that is a normal double reads back as itself. */
  private static final int SAFE_DIGITS = 15;

  /** So many digits tell any two doubles apart. */
  private static final int MOST_DIGITS = 17;

  /** From this power of ten on, up to the next constant, the server prints no exponent. */
  private static final int LEAST_EXPONENT = -4;

  private static final int FIRST_LARGE_EXPONENT = 15;

  private CanonicalFloat() {}

  static void append(StringBuilder out, double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      out.append(value); // NaN, Infinity, -Infinity: as the server has it
      return;
    }
    if (Double.doubleToRawLongBits(value) < 0) {
      out.append('-');
    }
    if (value == 0) {
      out.append('0');
      return;
    }
    BigDecimal shortest = shortest(Math.abs(value));
    int exponent = shortest.precision() - shortest.scale() - 1;
    if (exponent >= LEAST_EXPONENT && exponent < FIRST_LARGE_EXPONENT) {
      out.append(shortest.toPlainString());
    } else {
      appendScientific(out, shortest.unscaledValue().toString(), exponent);
    }
  }

  private static BigDecimal shortest(double value) {
    BigDecimal exact = new BigDecimal(value);
    // Subnormal doubles have fewer digits, so there the search starts at one.
    int digits = value < Double.MIN_NORMAL ? 1 : SAFE_DIGITS;
    while (digits < MOST_DIGITS) {
      BigDecimal rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
      if (rounded.doubleValue() == value && !isMidpoint(rounded, exact, value)) {
        return rounded.stripTrailingZeros();
      }
      digits++;
    }
    return exact.round(new MathContext(MOST_DIGITS, RoundingMode.HALF_EVEN)).stripTrailingZeros();
  }

  /**
   * Whether a number is as far from the next double as from this one. It reads back only with the
   * right tie-breaking rule, and the server does not count on that.
   */
  private static boolean isMidpoint(BigDecimal number, BigDecimal exact, double value) {
    double neighbor = number.compareTo(exact) > 0 ? Math.nextUp(value) : Math.nextDown(value);
    BigDecimal twice = exact.add(new BigDecimal(neighbor));
    return number.add(number).compareTo(twice) == 0;
  }

  private static void appendScientific(StringBuilder out, String digits, int exponent) {
    out.append(digits.charAt(0));
    if (digits.length() > 1) {
      out.append('.').append(digits, 1, digits.length());
    }
    out.append(exponent < 0 ? "e-" : "e+");
    int magnitude = Math.abs(exponent);
    if (magnitude < 10) {
      out.append('0');
    }
    out.append(magnitude);
  }
}
