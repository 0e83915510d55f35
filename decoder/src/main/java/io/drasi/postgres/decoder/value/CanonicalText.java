package io.drasi.postgres.decoder.value;

import io.drasi.api.change.ElementPropertyMap;
import io.drasi.api.change.ElementValue;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Map;

/**
 * Prints values as they stand in element ids. The same value always prints the same, whichever
 * format it was sent in and whichever JDK runs; two different values of one type never do.
 *
 * <ul>
 *   <li>Bool: {@code true} or {@code false}, as a cast to text gives it.
 *   <li>Integer: decimal digits. Decimal: plain digits with their scale, {@code 1.50}.
 *   <li>Float: the shortest digits that read back as the same double, in the server's notation:
 *       {@code 0.1}, {@code 1e+15}, {@code -0}, {@code NaN}, {@code -Infinity}. A {@code float4} is
 *       printed as the double it widens to: 1.1 is {@code 1.100000023841858}.
 *   <li>Text, Json: as they are. Uuid: lower case. Bytes: hex format, {@code \x00ff}.
 *   <li>Date, Time, LocalDateTime, ZonedDateTime: the server's ISO style, time zone UTC: {@code
 *       2024-02-29 12:34:56.789+00}, {@code 0044-03-15 BC}.
 *   <li>Interval: ISO 8601 with its three parts, always all of them: {@code P14M2DT0.000003S}.
 *   <li>List: <code>{"a","b",NULL}</code>, Object: <code>{"name":"a"}</code>, with {@code "} and
 *       {@code \} escaped by {@code \}. Null within them: {@code NULL}.
 * </ul>
 */
public final class CanonicalText {
  private static final long NANOS_PER_MICRO = 1_000;
  private static final long MICROS_PER_SECOND = 1_000_000;

  private CanonicalText() {}

  /**
   * The canonical text of a value.
   *
   * @throws IllegalArgumentException for {@link ElementValue.Null}, which has none
   */
  public static String of(ElementValue value) {
    if (value instanceof ElementValue.Integer integer) {
      return Long.toString(integer.value());
    }
    if (value instanceof ElementValue.Text text) {
      return text.value();
    }
    if (value instanceof ElementValue.Uuid uuid) {
      return uuid.value().toString();
    }
    if (value instanceof ElementValue.Json json) {
      return json.text();
    }
    StringBuilder out = new StringBuilder();
    append(out, value);
    return out.toString();
  }

  private static void append(StringBuilder out, ElementValue value) {
    if (value instanceof ElementValue.Bool bool) {
      out.append(bool.value());
    } else if (value instanceof ElementValue.Decimal decimal) {
      out.append(decimal.value().toPlainString());
    } else if (value instanceof ElementValue.Float number) {
      CanonicalFloat.append(out, number.value());
    } else if (value instanceof ElementValue.Bytes bytes) {
      appendHex(out, bytes.asByteBuffer());
    } else if (value instanceof ElementValue.Interval interval) {
      appendInterval(out, interval);
    } else if (value instanceof ElementValue.List list) {
      appendList(out, list);
    } else if (value instanceof ElementValue.Object object) {
      appendObject(out, object.properties());
    } else {
      appendDateTime(out, value);
    }
  }

  private static void appendDateTime(StringBuilder out, ElementValue value) {
    if (value instanceof ElementValue.Date date) {
      appendDate(out, date.value());
      appendEra(out, date.value());
    } else if (value instanceof ElementValue.Time time) {
      appendTime(out, time.value());
    } else if (value instanceof ElementValue.LocalDateTime dateTime) {
      appendDateAndTime(out, dateTime.value());
      appendEra(out, dateTime.value().toLocalDate());
    } else if (value instanceof ElementValue.ZonedDateTime zoned) {
      Instant instant = zoned.value();
      LocalDateTime utc =
          LocalDateTime.ofEpochSecond(instant.getEpochSecond(), instant.getNano(), ZoneOffset.UTC);
      appendDateAndTime(out, utc);
      out.append("+00");
      appendEra(out, utc.toLocalDate());
    } else {
      throw new IllegalArgumentException("SQL NULL has no canonical text");
    }
  }

  private static void appendDateAndTime(StringBuilder out, LocalDateTime dateTime) {
    appendDate(out, dateTime.toLocalDate());
    out.append(' ');
    appendTime(out, dateTime.toLocalTime());
  }

  private static void appendDate(StringBuilder out, LocalDate date) {
    int year = date.getYear() > 0 ? date.getYear() : 1 - date.getYear();
    appendPadded(out, year, 4);
    out.append('-');
    appendPadded(out, date.getMonthValue(), 2);
    out.append('-');
    appendPadded(out, date.getDayOfMonth(), 2);
  }

  private static void appendEra(StringBuilder out, LocalDate date) {
    if (date.getYear() <= 0) {
      out.append(" BC");
    }
  }

  private static void appendTime(StringBuilder out, LocalTime time) {
    appendTime(
        out, time.getHour(), time.getMinute(), time.getSecond(), time.getNano() / NANOS_PER_MICRO);
  }

  /** Hours may be more than a day has. */
  static void appendTime(StringBuilder out, long hours, long minutes, long seconds, long micros) {
    appendPadded(out, hours, 2);
    out.append(':');
    appendPadded(out, minutes, 2);
    out.append(':');
    appendPadded(out, seconds, 2);
    appendFraction(out, micros);
  }

  /** A point and up to six digits, without zeros at the end; nothing for 0. */
  private static void appendFraction(StringBuilder out, long micros) {
    if (micros == 0) {
      return;
    }
    out.append('.');
    appendPadded(out, micros, 6);
    while (out.charAt(out.length() - 1) == '0') {
      out.setLength(out.length() - 1);
    }
  }

  static void appendPadded(StringBuilder out, long number, int width) {
    String digits = Long.toString(number);
    out.append("0".repeat(Math.max(0, width - digits.length()))).append(digits);
  }

  private static void appendInterval(StringBuilder out, ElementValue.Interval interval) {
    long micros = interval.microseconds();
    out.append('P').append(interval.months()).append('M');
    out.append(interval.days()).append("DT");
    if (micros < 0) {
      out.append('-');
    }
    out.append(Math.abs(micros / MICROS_PER_SECOND));
    appendFraction(out, Math.abs(micros % MICROS_PER_SECOND));
    out.append('S');
  }

  private static void appendHex(StringBuilder out, ByteBuffer bytes) {
    out.append("\\x");
    while (bytes.hasRemaining()) {
      byte b = bytes.get();
      out.append(Character.forDigit((b >> 4) & 0xF, 16)).append(Character.forDigit(b & 0xF, 16));
    }
  }

  private static void appendList(StringBuilder out, ElementValue.List list) {
    out.append('{');
    String separator = "";
    for (ElementValue value : list.values()) {
      out.append(separator);
      appendNested(out, value);
      separator = ",";
    }
    out.append('}');
  }

  private static void appendObject(StringBuilder out, ElementPropertyMap properties) {
    out.append('{');
    String separator = "";
    for (Map.Entry<String, ElementValue> property : properties.entrySet()) {
      out.append(separator);
      appendQuoted(out, property.getKey());
      out.append(':');
      appendNested(out, property.getValue());
      separator = ",";
    }
    out.append('}');
  }

  private static void appendNested(StringBuilder out, ElementValue value) {
    if (value == ElementValue.Null.NULL) {
      out.append("NULL");
    } else {
      appendQuoted(out, of(value));
    }
  }

  private static void appendQuoted(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\');
      }
      out.append(c);
    }
    out.append('"');
  }
}
