package io.drasi.postgres.decoder.value;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Prints a number with the fewest digits that read back as the same one, in the notation of the
 * server. {@link Double#toString} is not used: before JDK 19 it gave more digits than are needed,
 * so an id would depend on the JDK.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-FLOAT">Manual,
 *     Floating-Point Types</a>
 */
final class CanonicalFloat {
  /** From this power of ten on, up to {@link Type#firstLargeExponent}, there is no exponent. */
  private static final int LEAST_EXPONENT = -4;

  /** What the numbers of the two types differ in. */
  private enum Type {
    FLOAT4(6, 9, 6, Float.MIN_NORMAL) {
      @Override
      double read(BigDecimal number) {
        return number.floatValue();
      }

      @Override
      double next(double value, double direction) {
        return Math.nextAfter((float) value, direction);
      }
    },

    FLOAT8(15, 17, 15, Double.MIN_NORMAL) {
      @Override
      double read(BigDecimal number) {
        return number.doubleValue();
      }

      @Override
      double next(double value, double direction) {
        return Math.nextAfter(value, direction);
      }
    };

    /** Every decimal number of so many digits that is a normal number reads back as itself. */
    final int safeDigits;

    /** So many digits tell any two numbers apart. */
    final int mostDigits;

    final int firstLargeExponent;
    final double minNormal;

    Type(int safeDigits, int mostDigits, int firstLargeExponent, double minNormal) {
      this.safeDigits = safeDigits;
      this.mostDigits = mostDigits;
      this.firstLargeExponent = firstLargeExponent;
      this.minNormal = minNormal;
    }

    abstract double read(BigDecimal number);

    abstract double next(double value, double direction);
  }

  private CanonicalFloat() {}

  static void append(StringBuilder out, double value) {
    append(out, value, Type.FLOAT8);
  }

  static void append(StringBuilder out, float value) {
    append(out, value, Type.FLOAT4);
  }

  private static void append(StringBuilder out, double value, Type type) {
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
    BigDecimal shortest = shortest(Math.abs(value), type);
    int exponent = shortest.precision() - shortest.scale() - 1;
    if (exponent >= LEAST_EXPONENT && exponent < type.firstLargeExponent) {
      out.append(shortest.toPlainString());
    } else {
      appendScientific(out, shortest.unscaledValue().toString(), exponent);
    }
  }

  private static BigDecimal shortest(double value, Type type) {
    BigDecimal exact = new BigDecimal(value);
    // Subnormal numbers have fewer digits, so there the search starts at one.
    int digits = value < type.minNormal ? 1 : type.safeDigits;
    while (digits < type.mostDigits) {
      BigDecimal rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
      if (type.read(rounded) == value && !isMidpoint(rounded, exact, value, type)) {
        return rounded.stripTrailingZeros();
      }
      digits++;
    }
    return exact
        .round(new MathContext(type.mostDigits, RoundingMode.HALF_EVEN))
        .stripTrailingZeros();
  }

  /**
   * Whether a number is as far from the next one of the type as from this one. It reads back only
   * with the right tie-breaking rule, and the server does not count on that.
   */
  private static boolean isMidpoint(BigDecimal number, BigDecimal exact, double value, Type type) {
    double neighbor =
        type.next(
            value,
            number.compareTo(exact) > 0 ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY);
    if (Double.isInfinite(neighbor)) {
      return false;
    }
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
