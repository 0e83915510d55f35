package io.drasi.postgres.decoder.value;

import io.drasi.api.change.ElementValue;
import io.drasi.postgres.protocol.message.ProtocolException;

/**
 * The text format of {@code interval} with {@code IntervalStyle = postgres}: {@code 1 year 2 mons
 * -3 days +04:05:06.000007}. A sign counts for its own part.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/datatype-datetime.html#DATATYPE-INTERVAL-OUTPUT">Manual,
 *     Interval Output</a>
 */
final class IntervalText {
  static final ElementValue INFINITY = new ElementValue.Text("infinity");
  static final ElementValue MINUS_INFINITY = new ElementValue.Text("-infinity");
  private static final int MONTHS_PER_YEAR = 12;
  private static final long MICROS_PER_SECOND = 1_000_000;

  private final byte[] array;
  private final int from;
  private final int to;
  private int at;
  private long months;
  private long days;
  private long micros;

  private IntervalText(byte[] array, int from, int to) {
    this.array = array;
    this.from = from;
    this.to = to;
    this.at = from;
  }

  static ElementValue decode(byte[] array, int from, int to) throws ProtocolException {
    if (DecimalText.is("infinity", array, from, to)) {
      return INFINITY;
    }
    if (DecimalText.is("-infinity", array, from, to)) {
      return MINUS_INFINITY;
    }
    return new IntervalText(array, from, to).parts();
  }

  /**
   * An interval; where each part is the largest or the least that there can be, it is infinite.
   * PostgreSQL 17 prints it so; earlier ones print the numbers, of the same bytes.
   */
  static ElementValue of(int months, int days, long micros) {
    if (months == Integer.MAX_VALUE && days == Integer.MAX_VALUE && micros == Long.MAX_VALUE) {
      return INFINITY;
    }
    if (months == Integer.MIN_VALUE && days == Integer.MIN_VALUE && micros == Long.MIN_VALUE) {
      return MINUS_INFINITY;
    }
    return new ElementValue.Interval(months, days, micros);
  }

  private ElementValue parts() throws ProtocolException {
    if (from == to) {
      throw malformed();
    }
    try {
      part();
      while (at < to) {
        require(' ');
        part();
      }
      return of(Math.toIntExact(months), Math.toIntExact(days), micros);
    } catch (ArithmeticException e) {
      throw malformed();
    }
  }

  /** A number and its unit, or the time. */
  private void part() throws ProtocolException {
    boolean negative = at < to && array[at] == '-';
    if (negative || (at < to && array[at] == '+')) {
      at++;
    }
    long number = number(negative);
    if (at < to && array[at] == ':') {
      time(number, negative);
      return;
    }
    require(' ');
    int unit = at;
    while (at < to && array[at] != ' ') {
      at++;
    }
    int end = array[at - 1] == 's' ? at - 1 : at;
    if (DecimalText.is("year", array, unit, end)) {
      months = Math.addExact(months, Math.multiplyExact(number, MONTHS_PER_YEAR));
    } else if (DecimalText.is("mon", array, unit, end)) {
      months = Math.addExact(months, number);
    } else if (DecimalText.is("day", array, unit, end)) {
      days = Math.addExact(days, number);
    } else {
      throw malformed();
    }
  }

  /** {@code HH:MM:SS.ffffff}, with as many digits for the hours as they need. */
  private void time(long hours, boolean negative) throws ProtocolException {
    require(':');
    long minutes = Math.addExact(Math.multiplyExact(hours, 60), number(negative));
    require(':');
    long seconds = Math.addExact(Math.multiplyExact(minutes, 60), number(negative));
    micros = Math.addExact(Math.multiplyExact(seconds, MICROS_PER_SECOND), fraction(negative));
    if (at < to) {
      throw malformed();
    }
  }

  private long fraction(boolean negative) throws ProtocolException {
    if (at == to || array[at] != '.') {
      return 0;
    }
    int start = ++at;
    long fraction = number(negative);
    for (int digits = at - start; digits < 6; digits++) {
      fraction *= 10;
    }
    if (at - start > 6) {
      throw malformed();
    }
    return fraction;
  }

  /** Digits as a number with this sign; below zero there is one more. */
  private long number(boolean negative) throws ProtocolException {
    int start = at;
    long number = 0;
    while (at < to && array[at] >= '0' && array[at] <= '9') {
      int digit = array[at++] - '0';
      number = Math.addExact(Math.multiplyExact(number, 10), negative ? -digit : digit);
    }
    if (at == start) {
      throw malformed();
    }
    return number;
  }

  private void require(char expected) throws ProtocolException {
    if (at == to || array[at] != expected) {
      throw malformed();
    }
    at++;
  }

  private ProtocolException malformed() {
    return Malformed.text("interval", from, to);
  }
}
