package io.drasi.postgres.decoder.value;

import io.drasi.api.change.ElementValue;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.YearMonth;
import org.jspecify.annotations.Nullable;

/**
 * The text format of dates and times in the ISO style: {@code 2024-02-29 12:34:56.789+05:30}, the
 * year of at least four digits, {@code BC} at the end where it is. Years are proleptic: 1 BC is the
 * year 0.
 *
 * @see <a href="https://www.postgresql.org/docs/current/datatype-datetime.html">Manual, Date/Time
 *     Types</a>
 */
final class DateTimeText {
  private static final long NANOS_PER_SECOND = 1_000_000_000;
  private static final long NANOS_PER_DAY = 86_400 * NANOS_PER_SECOND;
  private static final int SECONDS_PER_DAY = 86_400;

  /** The server accepts and prints offsets below 16 hours. */
  private static final int MOST_OFFSET_HOURS = 15;

  private static final int MALFORMED = Integer.MIN_VALUE;

  private DateTimeText() {}

  static ElementValue decodeDate(byte[] array, int from, int to) throws ProtocolException {
    if (isInfinite(array, from, to)) {
      return asText("date", array, from, to);
    }
    boolean bc = isBc(array, from, to);
    LocalDate date = date(array, from, bc ? to - 3 : to, bc);
    if (date == null) {
      throw Malformed.text("date", from, to);
    }
    return new ElementValue.Date(date);
  }

  static ElementValue decodeTime(byte[] array, int from, int to) throws ProtocolException {
    long nanos = nanoOfDay(array, from, to);
    if (nanos == NANOS_PER_DAY) {
      return asText("time", array, from, to);
    }
    if (nanos < 0) {
      throw Malformed.text("time", from, to);
    }
    return new ElementValue.Time(LocalTime.ofNanoOfDay(nanos));
  }

  static ElementValue decodeTimestamp(byte[] array, int from, int to) throws ProtocolException {
    if (isInfinite(array, from, to)) {
      return asText("timestamp", array, from, to);
    }
    boolean bc = isBc(array, from, to);
    int space = indexOf(array, from, to, ' ');
    LocalDate date = date(array, from, space, bc);
    long nanos = nanoOfDay(array, space + 1, bc ? to - 3 : to);
    if (date == null || nanos < 0 || nanos == NANOS_PER_DAY) {
      throw Malformed.text("timestamp", from, to);
    }
    return new ElementValue.LocalDateTime(date.atTime(LocalTime.ofNanoOfDay(nanos)));
  }

  static ElementValue decodeTimestamptz(byte[] array, int from, int to) throws ProtocolException {
    if (isInfinite(array, from, to)) {
      return asText("timestamptz", array, from, to);
    }
    boolean bc = isBc(array, from, to);
    int end = bc ? to - 3 : to;
    int space = indexOf(array, from, end, ' ');
    int sign = Math.min(indexOf(array, space, end, '+'), indexOf(array, space, end, '-'));
    LocalDate date = date(array, from, space, bc);
    long nanos = nanoOfDay(array, space + 1, sign);
    int offset = offsetSeconds(array, sign, end);
    if (date == null || nanos < 0 || nanos == NANOS_PER_DAY || offset == MALFORMED) {
      throw Malformed.text("timestamptz", from, to);
    }
    long second = date.toEpochDay() * SECONDS_PER_DAY + nanos / NANOS_PER_SECOND - offset;
    return new ElementValue.ZonedDateTime(Instant.ofEpochSecond(second, nanos % NANOS_PER_SECOND));
  }

  private static boolean isInfinite(byte[] array, int from, int to) {
    return DecimalText.is("infinity", array, from, to)
        || DecimalText.is("-infinity", array, from, to);
  }

  private static boolean isBc(byte[] array, int from, int to) {
    return to - from > 3 && DecimalText.is(" BC", array, to - 3, to);
  }

  private static ElementValue asText(String type, byte[] array, int from, int to)
      throws ProtocolException {
    return new ElementValue.Text(CharacterText.string(type, array, from, to));
  }

  /** {@code YYYY-MM-DD}, with up to seven digits for the year; null when it is anything else. */
  private static @Nullable LocalDate date(byte[] array, int from, int to, boolean bc) {
    int dash = indexOf(array, from, to, '-');
    if (dash - from < 4 || dash - from > 7 || to - dash != 6 || array[dash + 3] != '-') {
      return null;
    }
    int year = digits(array, from, dash);
    int month = digits(array, dash + 1, dash + 3);
    int day = digits(array, dash + 4, dash + 6);
    if (year < 1 || month < 1 || month > 12 || day < 1) {
      return null;
    }
    int proleptic = bc ? 1 - year : year;
    if (day > 28 && day > YearMonth.of(proleptic, month).lengthOfMonth()) {
      return null;
    }
    return LocalDate.of(proleptic, month, day);
  }

  /** {@code HH:MM:SS}, perhaps a fraction of one to six digits; negative when anything else. */
  private static long nanoOfDay(byte[] array, int from, int to) {
    if (to - from < 8 || array[from + 2] != ':' || array[from + 5] != ':') {
      return -1;
    }
    int hour = digits(array, from, from + 2);
    int minute = digits(array, from + 3, from + 5);
    int second = digits(array, from + 6, from + 8);
    int nanos = nanos(array, from + 8, to);
    if ((hour | minute | second | nanos) < 0 || minute > 59 || second > 59) {
      return -1;
    }
    long ofDay = ((hour * 60L + minute) * 60 + second) * NANOS_PER_SECOND + nanos;
    return ofDay <= NANOS_PER_DAY ? ofDay : -1;
  }

  private static int nanos(byte[] array, int from, int to) {
    if (from == to) {
      return 0;
    }
    if (array[from] != '.' || to - from > 7) {
      return -1;
    }
    int fraction = digits(array, from + 1, to);
    for (int i = to - from - 1; i < 9; i++) {
      fraction *= 10;
    }
    return fraction;
  }

  /** {@code +HH}, {@code +HH:MM} or {@code +HH:MM:SS}, or the same with a minus. */
  private static int offsetSeconds(byte[] array, int from, int to) {
    int length = to - from;
    if (length != 3 && length != 6 && length != 9) {
      return MALFORMED;
    }
    int hours = digits(array, from + 1, from + 3);
    int minutes = length < 6 ? 0 : offsetPart(array, from + 3);
    int seconds = length < 9 ? 0 : offsetPart(array, from + 6);
    if ((hours | minutes | seconds) < 0 || hours > MOST_OFFSET_HOURS) {
      return MALFORMED;
    }
    int offset = (hours * 60 + minutes) * 60 + seconds;
    return array[from] == '-' ? -offset : offset;
  }

  private static int offsetPart(byte[] array, int from) {
    int value = array[from] == ':' ? digits(array, from + 1, from + 3) : -1;
    return value > 59 ? -1 : value;
  }

  /** The number so many digits stand for; negative when one of them is none, or there are none. */
  private static int digits(byte[] array, int from, int to) {
    if (from >= to) {
      return -1;
    }
    int value = 0;
    for (int i = from; i < to; i++) {
      int digit = array[i] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }

  /** Where a character first stands, or the end. */
  private static int indexOf(byte[] array, int from, int to, char wanted) {
    int at = from;
    while (at < to && array[at] != wanted) {
      at++;
    }
    return at;
  }
}
