package io.drasi.postgres.decoder.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drasi.api.change.ElementValue;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TextFormatTest {
  private static final TypeCodecs TYPES = TypeCodecs.of(new Codecs(List.of()));
  private static final int BOOL = 16;
  private static final int BYTEA = 17;
  private static final int INT8 = 20;
  private static final int INT2 = 21;
  private static final int INT4 = 23;
  private static final int TEXT = 25;
  private static final int JSON = 114;
  private static final int FLOAT4 = 700;
  private static final int FLOAT8 = 701;
  private static final int DATE = 1082;
  private static final int TIME = 1083;
  private static final int TIMESTAMP = 1114;
  private static final int TIMESTAMPTZ = 1184;
  private static final int INTERVAL = 1186;
  private static final int NUMERIC = 1700;
  private static final int UUID_TYPE = 2950;
  private static final int JSONB = 3802;

  @ParameterizedTest
  @MethodSource("values")
  void decodes(int typeOid, String text, ElementValue expected) throws Exception {
    assertThat(decode(typeOid, text)).isEqualTo(expected);
  }

  static Stream<Object[]> values() {
    return Stream.of(
            Stream.of(
                row(BOOL, "t", ElementValue.Bool.TRUE),
                row(BOOL, "f", ElementValue.Bool.FALSE),
                row(INT2, "-32768", integer(-32768)),
                row(INT2, "32767", integer(32767)),
                row(INT4, "0", integer(0)),
                row(INT4, "-2147483648", integer(Integer.MIN_VALUE)),
                row(INT4, "2147483647", integer(Integer.MAX_VALUE)),
                row(INT8, "-9223372036854775808", integer(Long.MIN_VALUE)),
                row(INT8, "9223372036854775807", integer(Long.MAX_VALUE)),
                row(FLOAT4, "1.1", floating(1.1f)),
                row(FLOAT4, "3.4028235e+38", floating(Float.MAX_VALUE)),
                row(FLOAT4, "1e-45", floating(Float.MIN_VALUE)),
                row(FLOAT4, "16777217", floating(16777216)),
                row(FLOAT4, "NaN", floating(Double.NaN)),
                row(FLOAT4, "-Infinity", floating(Double.NEGATIVE_INFINITY)),
                row(FLOAT8, "0.1", floating(0.1)),
                row(FLOAT8, "-0", floating(-0.0)),
                row(FLOAT8, "-12.50", floating(-12.5)),
                row(FLOAT8, "1e+15", floating(1e15)),
                row(FLOAT8, "5e-324", floating(Double.MIN_VALUE)),
                row(FLOAT8, "1.7976931348623157e+308", floating(Double.MAX_VALUE)),
                row(FLOAT8, "NaN", floating(Double.NaN)),
                row(FLOAT8, "Infinity", floating(Double.POSITIVE_INFINITY)),
                row(FLOAT8, "-Infinity", floating(Double.NEGATIVE_INFINITY)),
                row(NUMERIC, "0", decimal("0")),
                row(NUMERIC, "0.00", decimal("0.00")),
                row(NUMERIC, "-1.50", decimal("-1.50")),
                row(NUMERIC, "-0.000000000000001", decimal("-0.000000000000001")),
                row(NUMERIC, "999999999999999999", decimal("999999999999999999")),
                row(NUMERIC, "12345678901234567890.1230", decimal("12345678901234567890.1230")),
                row(NUMERIC, "1" + "0".repeat(1000), decimal("1" + "0".repeat(1000))),
                row(NUMERIC, "NaN", text("NaN")),
                row(NUMERIC, "Infinity", text("Infinity")),
                row(NUMERIC, "-Infinity", text("-Infinity"))),
            Stream.of(
                row(TEXT, "", text("")),
                row(TEXT, "Zoë 東京 🐘 \uFFFD", text("Zoë 東京 🐘 \uFFFD")),
                row(1043, "v", text("v")),
                row(1042, "c   ", text("c   ")),
                row(869, "::1", text("::1")),
                row(1007, "{}", list()),
                row(1007, "{1,NULL}", list(integer(1), ElementValue.Null.NULL)),
                row(1007, "{{1},{2}}", list(list(integer(1)), list(integer(2)))),
                row(1007, "[0:1]={1,2}", text("[0:1]={1,2}")),
                row(
                    1009,
                    "{\"\",\"NULL\",NULL}",
                    list(text(""), text("NULL"), ElementValue.Null.NULL)),
                row(
                    1009,
                    "{\"a\\\"b\\\\c\",\"d,{}\",x y}",
                    list(text("a\"b\\c"), text("d,{}"), text("x y"))),
                row(
                    1020,
                    "{(1,2),(3,4);(5,6),(7,8)}",
                    list(text("(1,2),(3,4)"), text("(5,6),(7,8)"))),
                row(30, "1 4294967295", list(integer(1), integer(4294967295L))),
                row(30, "", list()),
                row(INTERVAL, "00:00:00", interval(0, 0, 0)),
                row(INTERVAL, "1 mon", interval(1, 0, 0)),
                row(
                    INTERVAL,
                    "-1 years -2 mons +3 days -04:05:06.5",
                    interval(-14, 3, -14_706_500_000L)),
                row(
                    INTERVAL,
                    "-178956970 years -8 mons -2147483647 days -2562047788:00:54.775808",
                    interval(Integer.MIN_VALUE, -Integer.MAX_VALUE, Long.MIN_VALUE)),
                row(INTERVAL, "infinity", text("infinity")),
                row(
                    INTERVAL,
                    "178956970 years 7 mons 2147483647 days 2562047788:00:54.775807",
                    text("infinity")),
                row(26, "4294967295", integer(4294967295L)),
                row(5069, "18446744073709551615", text("18446744073709551615")),
                row(5069, "7", integer(7)),
                row(18, "\\377", text("\\377")),
                row(790, "$1,234.56", text("$1,234.56")),
                row(3904, "[1,5)", text("[1,5)")),
                row(-1, "user type", text("user type")),
                row(JSON, "{\"a\" :  1}", new ElementValue.Json("{\"a\" :  1}")),
                row(JSONB, "null", new ElementValue.Json("null")),
                row(BYTEA, "\\x", bytes()),
                row(BYTEA, "\\x00ff7f80", bytes(0, 255, 127, 128)),
                row(
                    UUID_TYPE,
                    "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
                    uuid("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11")),
                row(
                    UUID_TYPE,
                    "ffffffff-ffff-ffff-ffff-ffffffffffff",
                    uuid("ffffffff-ffff-ffff-ffff-ffffffffffff")),
                row(
                    UUID_TYPE,
                    "00000000-0000-0000-0000-000000000000",
                    uuid("00000000-0000-0000-0000-000000000000"))),
            Stream.of(
                row(DATE, "2024-02-29", date(2024, 2, 29)),
                row(DATE, "0001-01-01", date(1, 1, 1)),
                row(DATE, "0001-12-31 BC", date(0, 12, 31)),
                row(DATE, "0005-02-29 BC", date(-4, 2, 29)),
                row(DATE, "4713-01-01 BC", date(-4712, 1, 1)),
                row(DATE, "10000-01-01", date(10000, 1, 1)),
                row(DATE, "5874897-12-31", date(5874897, 12, 31)),
                row(DATE, "infinity", text("infinity")),
                row(DATE, "-infinity", text("-infinity")),
                row(TIME, "00:00:00", new ElementValue.Time(LocalTime.MIDNIGHT)),
                row(TIME, "12:34:56.5", time("12:34:56.500")),
                row(TIME, "23:59:59.999999", time("23:59:59.999999")),
                row(TIME, "24:00:00", text("24:00:00")),
                row(TIMESTAMP, "2024-02-29 12:34:56", local("2024-02-29T12:34:56")),
                row(TIMESTAMP, "2024-02-29 12:34:56.1", local("2024-02-29T12:34:56.1")),
                row(TIMESTAMP, "2024-02-29 12:34:56.12", local("2024-02-29T12:34:56.12")),
                row(TIMESTAMP, "2024-02-29 12:34:56.123", local("2024-02-29T12:34:56.123")),
                row(TIMESTAMP, "2024-02-29 12:34:56.1234", local("2024-02-29T12:34:56.1234")),
                row(TIMESTAMP, "2024-02-29 12:34:56.000001", local("2024-02-29T12:34:56.000001")),
                row(TIMESTAMP, "0044-03-15 01:02:03 BC", local("-0043-03-15T01:02:03")),
                row(TIMESTAMP, "294276-12-31 23:59:59", local("+294276-12-31T23:59:59")),
                row(TIMESTAMP, "infinity", text("infinity")),
                row(TIMESTAMPTZ, "2024-02-29 12:00:00+00", instant("2024-02-29T12:00:00Z")),
                row(TIMESTAMPTZ, "2024-02-29 17:30:00+05:30", instant("2024-02-29T12:00:00Z")),
                row(TIMESTAMPTZ, "2024-02-29 09:00:00.5-03", instant("2024-02-29T12:00:00.5Z")),
                row(TIMESTAMPTZ, "1900-01-01 00:19:32+00:19:32", instant("1900-01-01T00:00:00Z")),
                row(
                    TIMESTAMPTZ,
                    "0044-03-15 00:00:00+00:19:32 BC",
                    instant("-0043-03-14T23:40:28Z")),
                row(
                    TIMESTAMPTZ,
                    "1969-12-31 23:59:59.999999+00",
                    instant("1969-12-31T23:59:59.999999Z")),
                row(
                    TIMESTAMPTZ,
                    "294276-12-31 23:59:59.999999+00",
                    instant("+294276-12-31T23:59:59.999999Z")),
                row(TIMESTAMPTZ, "-infinity", text("-infinity"))))
        .flatMap(rows -> rows);
  }

  @ParameterizedTest
  @MethodSource("malformedValues")
  void refusesWhatTheServerDoesNotPrint(int typeOid, String type, List<String> values) {
    for (String value : values) {
      assertThatThrownBy(() -> decode(typeOid, value))
          .as("%s \"%s\"", type, value)
          .isInstanceOf(ProtocolException.class)
          .hasMessageContaining("type " + type)
          .extracting(Throwable::getMessage)
          .satisfies(
              message -> assertThat(value.length() < 4 || !message.contains(value)).isTrue());
    }
  }

  static Stream<Object[]> malformedValues() {
    return Stream.of(
        malformed(1007, "int4[]", "", "{", "}", "{1", "1", "{1}}", "{\"1}", "{\"1\\"),
        malformed(1007, "int4", "{,}", "{1,}", "{1,}x", "{a}", "{\"\"}", "{ 1}", "{null}"),
        malformed(
            1186, "interval", "", " ", "1", "1 ", "1 week", "1 day 2", "x", "1 day ", "01:02"),
        malformed(1186, "interval", "01:02:03.1234567", "01:02:03 ", "2147483648 days", "- 1 day"),
        malformed(5069, "xid8", "", "-1", "x", "18446744073709551616"),
        malformed(16, "bool", "", "true", "T", "1", "tt"),
        malformed(
            17, "bytea", "", "\\", "\\X00", "\\x0", "\\x0g", "\\xg0", "\\xAA", "\\000abc", "abc"),
        malformed(
            20,
            "int8",
            "",
            "-",
            "+1",
            "1 ",
            "1.0",
            "1e3",
            "9223372036854775808",
            "-9223372036854775809",
            "9999999999999999999",
            "10000000000000000000",
            "0x10",
            "١"),
        malformed(21, "int2", "", "32768", "-32769", "a"),
        malformed(23, "int4", "", "2147483648", "-2147483649", "--1"),
        malformed(
            700, "float4", "", "1f", "nan", "inf", "3.5e38", "1e", "1e+", ".5", "5.", "0x1p3", "-"),
        malformed(
            701,
            "float8",
            "",
            "1d",
            "NAN",
            "+1",
            "-NaN",
            "1.8e308",
            "1..2",
            "1e5.5",
            "infinity",
            "1E5"),
        malformed(
            1700, "numeric", "", "1e5", "+1", ".5", "5.", "1.2.3", "nan", "infinity", "--1", "-"),
        malformed(
            1082,
            "date",
            "",
            "2024-02-30",
            "2023-02-29",
            "1900-02-29",
            "0000-01-01",
            "0000-01-01 BC",
            "2024-13-01",
            "2024-00-10",
            "2024-01-00",
            "24-01-01",
            "2024-1-01",
            "2024/01/01",
            "01-02-2024",
            "2024-01-01 AD",
            "-2024-01-01",
            "2024-01-01BC",
            "BC",
            "Infinity",
            "12345678-01-01",
            "2024-01-0a"),
        malformed(
            1083,
            "time",
            "",
            "24:00:00.000001",
            "24:00:01",
            "25:00:00",
            "12:60:00",
            "12:00:60",
            "1:00:00",
            "12:00",
            "12:00:00.",
            "12:00:00.1234567",
            "12:00:00+00",
            "12-00-00",
            "ab:00:00"),
        malformed(
            1114,
            "timestamp",
            "",
            "2024-02-29",
            "2024-02-29T12:00:00",
            "2024-02-29 24:00:00",
            "2024-02-30 12:00:00",
            "2024-02-29 12:00:00+00",
            "2024-02-29 12:00:00.BC",
            "2024-02-29 12:00",
            "2024-02-29  BC"),
        malformed(
            1184,
            "timestamptz",
            "",
            "2024-02-29 12:00:00",
            "2024-02-29 12:00:00Z",
            "2024-02-29 12:00:00+0",
            "2024-02-29 12:00:00+16",
            "2024-02-29 12:00:00+05:60",
            "2024-02-29 12:00:00+05:30:60",
            "2024-02-29 12:00:00+0530",
            "2024-02-29 12:00:00 +00",
            "2024-02-29 24:00:00+00",
            "2024-02-29+00",
            "2024-02-29 12:00:00+00:00:00:00",
            "2024-02-30 12:00:00+00"),
        malformed(
            2950,
            "uuid",
            "",
            "a0eebc999c0b4ef8bb6d6bb9bd380a11",
            "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11",
            "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1g",
            "a0eebc99-9c0b-4ef8-bb6d_6bb9bd380a11",
            "g0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
            "{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1"));
  }

  @Test
  void printsAByteBeyondAsciiAsNewerServersDo() throws Exception {
    byte[] bytes = {(byte) 0x80};
    assertThat(TYPES.codec(18).text().decode(bytes, 0, 1)).isEqualTo(text("\\200"));
  }

  @Test
  void saysHowToGetTheHexFormat() {
    assertThatThrownBy(() -> decode(BYTEA, "abc")).hasMessageContaining("bytea_output = hex");
  }

  @Test
  void refusesTextThatIsNotUtf8() {
    byte[][] malformed = {
      {(byte) 0xFF}, {'a', (byte) 0xC3}, {(byte) 0xED, (byte) 0xA0, (byte) 0x80}, {(byte) 0xC0, 0}
    };
    for (byte[] bytes : malformed) {
      for (int typeOid : new int[] {TEXT, JSON, JSONB, 1043, 0}) {
        assertThatThrownBy(() -> TYPES.codec(typeOid).text().decode(bytes, 0, bytes.length))
            .isInstanceOf(ProtocolException.class)
            .hasMessageContaining("UTF-8");
      }
    }
  }

  @Test
  void readsFloatsAsTheJdkDoes() throws Exception {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      long unscaled = random.nextLong() >> random.nextInt(64);
      String text = BigDecimal.valueOf(unscaled, random.nextInt(18)).toPlainString();
      assertThat(decode(FLOAT8, text)).isEqualTo(floating(Double.parseDouble(text)));
      assertThat(decode(FLOAT4, text)).isEqualTo(floating(Float.parseFloat(text)));
      assertThat(decode(NUMERIC, text)).isEqualTo(decimal(text));
    }
  }

  @Test
  void readsIntegersAsTheJdkDoes() throws Exception {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      long value = random.nextLong() >> random.nextInt(64);
      assertThat(decode(INT8, Long.toString(value))).isEqualTo(integer(value));
    }
  }

  /** In the middle of other digits, so that reading past either end shows. */
  private static ElementValue decode(int typeOid, String text) throws ProtocolException {
    byte[] array = ("19" + text + "91").getBytes(StandardCharsets.UTF_8);
    return TYPES.codec(typeOid).text().decode(array, 2, array.length - 2);
  }

  private static Object[] row(int typeOid, String text, ElementValue expected) {
    return new Object[] {typeOid, text, expected};
  }

  private static Object[] malformed(int typeOid, String type, String... values) {
    return new Object[] {typeOid, type, List.of(values)};
  }

  private static ElementValue integer(long value) {
    return new ElementValue.Integer(value);
  }

  private static ElementValue floating(double value) {
    return new ElementValue.Float(value);
  }

  private static ElementValue decimal(String value) {
    return new ElementValue.Decimal(new BigDecimal(value));
  }

  private static ElementValue text(String value) {
    return new ElementValue.Text(value);
  }

  private static ElementValue list(ElementValue... values) {
    return new ElementValue.List(List.of(values));
  }

  private static ElementValue interval(int months, int days, long micros) {
    return new ElementValue.Interval(months, days, micros);
  }

  private static ElementValue bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return ElementValue.Bytes.copyOf(bytes);
  }

  private static ElementValue uuid(String value) {
    return new ElementValue.Uuid(UUID.fromString(value));
  }

  private static ElementValue date(int year, int month, int day) {
    return new ElementValue.Date(LocalDate.of(year, month, day));
  }

  private static ElementValue time(String value) {
    return new ElementValue.Time(LocalTime.parse(value));
  }

  private static ElementValue local(String value) {
    return new ElementValue.LocalDateTime(LocalDateTime.parse(value));
  }

  private static ElementValue instant(String value) {
    return new ElementValue.ZonedDateTime(Instant.parse(value));
  }
}
