package io.drasi.postgres.decoder.value;

import io.drasi.api.change.ElementValue;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;

/** The binary format of dates and times: days and microseconds since 2000-01-01. */
final class DateTimeBinary {
  private static final long EPOCH_DAY = LocalDate.of(2000, 1, 1).toEpochDay();
  private static final long EPOCH_SECOND = EPOCH_DAY * 86_400;
  private static final long MICROS_PER_SECOND = 1_000_000;
  private static final long MICROS_PER_DAY = 86_400 * MICROS_PER_SECOND;
  private static final int NANOS_PER_MICRO = 1_000;
  private static final ElementValue INFINITY = new ElementValue.Text("infinity");
  private static final ElementValue MINUS_INFINITY = new ElementValue.Text("-infinity");
  private static final ElementValue END_OF_DAY = new ElementValue.Text("24:00:00");

  private DateTimeBinary() {}

  static ElementValue date(byte[] array, int from, int to) throws ProtocolException {
    ScalarBinary.requireLength(4, "date", from, to);
    int days = BigEndian.int32(array, from);
    if (days == Integer.MAX_VALUE || days == Integer.MIN_VALUE) {
      return days > 0 ? INFINITY : MINUS_INFINITY;
    }
    return new ElementValue.Date(LocalDate.ofEpochDay(EPOCH_DAY + days));
  }

  static ElementValue time(byte[] array, int from, int to) throws ProtocolException {
    ScalarBinary.requireLength(8, "time", from, to);
    long micros = micros("time", array, from, to);
    return micros == MICROS_PER_DAY
        ? END_OF_DAY
        : new ElementValue.Time(LocalTime.ofNanoOfDay(micros * NANOS_PER_MICRO));
  }

  private static long micros(String type, byte[] array, int from, int to) throws ProtocolException {
    long micros = BigEndian.int64(array, from);
    if (micros < 0 || micros > MICROS_PER_DAY) {
      throw Malformed.binary(type, from, to);
    }
    return micros;
  }

  static ElementValue timestamp(byte[] array, int from, int to) throws ProtocolException {
    ScalarBinary.requireLength(8, "timestamp", from, to);
    long micros = BigEndian.int64(array, from);
    if (isInfinite(micros)) {
      return micros > 0 ? INFINITY : MINUS_INFINITY;
    }
    return new ElementValue.LocalDateTime(
        LocalDateTime.ofEpochSecond(second(micros), nano(micros), ZoneOffset.UTC));
  }

  static ElementValue timestamptz(byte[] array, int from, int to) throws ProtocolException {
    ScalarBinary.requireLength(8, "timestamptz", from, to);
    long micros = BigEndian.int64(array, from);
    if (isInfinite(micros)) {
      return micros > 0 ? INFINITY : MINUS_INFINITY;
    }
    return new ElementValue.ZonedDateTime(Instant.ofEpochSecond(second(micros), nano(micros)));
  }

  private static boolean isInfinite(long micros) {
    return micros == Long.MAX_VALUE || micros == Long.MIN_VALUE;
  }

  private static long second(long micros) {
    return EPOCH_SECOND + Math.floorDiv(micros, MICROS_PER_SECOND);
  }

  private static int nano(long micros) {
    return (int) Math.floorMod(micros, MICROS_PER_SECOND) * NANOS_PER_MICRO;
  }

  /** A time and, in seconds, how far its zone is west of Greenwich. */
  static void printTimetz(byte[] array, int from, int to, StringBuilder out)
      throws ProtocolException {
    ScalarBinary.requireLength(12, "timetz", from, to);
    long micros = micros("timetz", array, from, to);
    long seconds = micros / MICROS_PER_SECOND;
    CanonicalText.appendTime(
        out, seconds / 3600, seconds / 60 % 60, seconds % 60, micros % MICROS_PER_SECOND);
    int west = BigEndian.int32(array, from + 8);
    int offset = Math.abs(west);
    out.append(west <= 0 ? '+' : '-');
    CanonicalText.appendPadded(out, offset / 3600, 2);
    if (offset % 3600 != 0) {
      CanonicalText.appendPadded(out.append(':'), offset / 60 % 60, 2);
    }
    if (offset % 60 != 0) {
      CanonicalText.appendPadded(out.append(':'), offset % 60, 2);
    }
  }
}
