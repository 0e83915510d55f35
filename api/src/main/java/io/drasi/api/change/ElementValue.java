package io.drasi.api.change;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.Objects;
import java.util.UUID;

/**
 * The value of a property. Nothing is lossy: a value that has no form here (an infinite timestamp,
 * a range, an unknown type) is {@link Text} as the database prints it.
 */
public sealed interface ElementValue {

  /** SQL NULL. Not to be confused with a property that is absent because it was not sent. */
  enum Null implements ElementValue {
    /** The only one. */
    NULL
  }

  /**
   * True or false.
   *
   * @param value the value
   */
  record Bool(boolean value) implements ElementValue {
    /** True. */
    public static final Bool TRUE = new Bool(true);

    /** False. */
    public static final Bool FALSE = new Bool(false);

    /** One of the two constants. */
    public static Bool of(boolean value) {
      return value ? TRUE : FALSE;
    }
  }

  /**
   * A whole number of up to 64 bits.
   *
   * @param value the value
   */
  record Integer(long value) implements ElementValue {}

  /**
   * A binary floating point number, NaN and the infinities included.
   *
   * @param value the value
   */
  record Float(double value) implements ElementValue {}

  /**
   * A decimal number, exact to the last digit; 1.0 and 1.00 differ.
   *
   * @param value the value
   */
  record Decimal(BigDecimal value) implements ElementValue {
    public Decimal {
      Objects.requireNonNull(value, "value");
    }
  }

  /**
   * Characters.
   *
   * @param value the value
   */
  record Text(String value) implements ElementValue {
    public Text {
      Objects.requireNonNull(value, "value");
    }
  }

  /**
   * A JSON document, exactly as the database wrote it, unparsed. A JSON writer embeds it as it
   * stands.
   *
   * @param text the document's text
   */
  record Json(String text) implements ElementValue {
    public Json {
      Objects.requireNonNull(text, "text");
    }
  }

  /** Bytes. Immutable: copied in and out. */
  final class Bytes implements ElementValue {
    private final byte[] value;

    private Bytes(byte[] value) {
      this.value = value;
    }

    /** A value that holds a copy of the bytes. */
    public static Bytes copyOf(byte[] bytes) {
      return new Bytes(bytes.clone());
    }

    /** A value that holds a copy of the buffer's remaining bytes; the buffer is not moved. */
    public static Bytes copyOf(ByteBuffer buffer) {
      byte[] copy = new byte[buffer.remaining()];
      buffer.duplicate().get(copy);
      return new Bytes(copy);
    }

    /** How many bytes. */
    public int length() {
      return value.length;
    }

    /** A copy of the bytes. */
    public byte[] toArray() {
      return value.clone();
    }

    /** A read-only view of the bytes, without a copy. */
    public ByteBuffer asByteBuffer() {
      return ByteBuffer.wrap(value).asReadOnlyBuffer();
    }

    @Override
    public boolean equals(java.lang.Object other) {
      return other instanceof Bytes that && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(value);
    }

    @Override
    public String toString() {
      return "Bytes[" + value.length + "]";
    }
  }

  /**
   * A UUID.
   *
   * @param value the value
   */
  record Uuid(UUID value) implements ElementValue {
    public Uuid {
      Objects.requireNonNull(value, "value");
    }
  }

  /**
   * A day of the proleptic Gregorian calendar.
   *
   * @param value the value
   */
  record Date(LocalDate value) implements ElementValue {
    public Date {
      Objects.requireNonNull(value, "value");
    }
  }

  /**
   * A time of day.
   *
   * @param value the value
   */
  record Time(LocalTime value) implements ElementValue {
    public Time {
      Objects.requireNonNull(value, "value");
    }
  }

  /**
   * A day and a time of day, without a time zone.
   *
   * @param value the value
   */
  record LocalDateTime(java.time.LocalDateTime value) implements ElementValue {
    public LocalDateTime {
      Objects.requireNonNull(value, "value");
    }
  }

  /**
   * A point on the time line. Databases that accept a zone with it store the instant alone.
   *
   * @param value the value
   */
  record ZonedDateTime(Instant value) implements ElementValue {
    public ZonedDateTime {
      Objects.requireNonNull(value, "value");
    }
  }

  /**
   * A span of time whose parts do not convert into each other: a month has no fixed number of days,
   * a day no fixed number of hours.
   *
   * @param months whole months, years included
   * @param days whole days
   * @param microseconds the rest
   */
  record Interval(int months, int days, long microseconds) implements ElementValue {}

  /**
   * Values in order.
   *
   * @param values the values; immutable
   */
  record List(java.util.List<ElementValue> values) implements ElementValue {
    public List {
      values = java.util.List.copyOf(values);
    }
  }

  /**
   * Values by name.
   *
   * @param properties the values
   */
  record Object(ElementPropertyMap properties) implements ElementValue {
    public Object {
      Objects.requireNonNull(properties, "properties");
    }
  }
}
