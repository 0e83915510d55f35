package io.drasi.sink.jsonl.internal;

import static java.time.temporal.ChronoField.NANO_OF_SECOND;

import io.drasi.api.change.ElementValue;
import java.math.BigDecimal;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Values that JSON has no form for, as text: ISO 8601 for what has to do with time. */
final class IsoText {
  private static final long MICROS_PER_HOUR = TimeUnit.HOURS.toMicros(1);
  private static final long MICROS_PER_MINUTE = TimeUnit.MINUTES.toMicros(1);

  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("HH:mm:ss")
          .appendFraction(NANO_OF_SECOND, 0, 9, true)
          .toFormatter(Locale.ROOT);

  private static final DateTimeFormatter DATE_TIME =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .appendLiteral('T')
          .append(TIME)
          .toFormatter(Locale.ROOT);

  private IsoText() {}

  static String of(ElementValue value) {
    if (value instanceof ElementValue.Uuid uuid) {
      return uuid.value().toString();
    }
    if (value instanceof ElementValue.Date date) {
      return date.value().toString();
    }
    if (value instanceof ElementValue.Time time) {
      return TIME.format(time.value());
    }
    if (value instanceof ElementValue.LocalDateTime dateTime) {
      return DATE_TIME.format(dateTime.value());
    }
    if (value instanceof ElementValue.ZonedDateTime dateTime) {
      return DATE_TIME.format(dateTime.value().atOffset(ZoneOffset.UTC)) + "Z";
    }
    if (value instanceof ElementValue.Interval interval) {
      return interval(interval);
    }
    throw new IllegalArgumentException("no text for " + value.getClass().getSimpleName());
  }

  /** As PostgreSQL prints it with {@code intervalstyle = iso_8601}. */
  private static String interval(ElementValue.Interval interval) {
    var text = new StringBuilder("P");
    append(text, interval.months() / 12, 'Y');
    append(text, interval.months() % 12, 'M');
    append(text, interval.days(), 'D');
    long micros = interval.microseconds();
    if (micros != 0) {
      text.append('T');
      append(text, micros / MICROS_PER_HOUR, 'H');
      append(text, micros % MICROS_PER_HOUR / MICROS_PER_MINUTE, 'M');
      long seconds = micros % MICROS_PER_MINUTE;
      if (seconds != 0) {
        text.append(BigDecimal.valueOf(seconds, 6).stripTrailingZeros().toPlainString());
        text.append('S');
      }
    }
    return text.length() == 1 ? "PT0S" : text.toString();
  }

  private static void append(StringBuilder text, long amount, char unit) {
    if (amount != 0) {
      text.append(amount).append(unit);
    }
  }
}
