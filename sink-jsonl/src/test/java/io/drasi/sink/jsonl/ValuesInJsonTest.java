package io.drasi.sink.jsonl;

import static io.drasi.sink.jsonl.Events.node;
import static io.drasi.sink.jsonl.Events.transaction;
import static io.drasi.sink.jsonl.Events.written;
import static io.drasi.sink.jsonl.Events.writtenValue;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.drasi.api.change.ElementPropertyMap;
import io.drasi.api.change.ElementValue;
import io.drasi.api.change.ElementValue.Bool;
import io.drasi.api.change.ElementValue.Bytes;
import io.drasi.api.change.ElementValue.Date;
import io.drasi.api.change.ElementValue.Decimal;
import io.drasi.api.change.ElementValue.Interval;
import io.drasi.api.change.ElementValue.Json;
import io.drasi.api.change.ElementValue.Text;
import io.drasi.api.change.ElementValue.Time;
import io.drasi.api.change.ElementValue.Uuid;
import io.drasi.api.change.ElementValue.ZonedDateTime;
import io.drasi.api.change.SourceChange;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesInJsonTest {

  @ParameterizedTest
  @MethodSource({"scalars", "decimals", "times", "intervals"})
  void writesEachValueExactly(ElementValue value, String json) throws IOException {
    assertThat(writtenValue(value)).isEqualTo(json);
  }

  static Stream<Arguments> scalars() {
    return Stream.of(
        arguments(ElementValue.Null.NULL, "null"),
        arguments(Bool.TRUE, "true"),
        arguments(Bool.FALSE, "false"),
        arguments(new ElementValue.Integer(0), "0"),
        arguments(new ElementValue.Integer(Long.MAX_VALUE), "9223372036854775807"),
        arguments(new ElementValue.Integer(Long.MIN_VALUE), "-9223372036854775808"),
        arguments(new ElementValue.Float(0.1), "0.1"),
        arguments(new ElementValue.Float(-0.0), "-0.0"),
        arguments(new ElementValue.Float(2e-3), "0.002"),
        arguments(new ElementValue.Float(1e22), "1.0E22"),
        arguments(new ElementValue.Float(Double.MIN_VALUE), "4.9E-324"),
        arguments(new ElementValue.Float(Double.NaN), "\"NaN\""),
        arguments(new ElementValue.Float(Double.POSITIVE_INFINITY), "\"Infinity\""),
        arguments(new ElementValue.Float(Double.NEGATIVE_INFINITY), "\"-Infinity\""),
        arguments(new Text(""), "\"\""),
        arguments(Bytes.copyOf(new byte[0]), "\"\""),
        arguments(Bytes.copyOf(new byte[] {-1, -2, -3, 0}), "\"//79AA==\""),
        arguments(Bytes.copyOf(new byte[100]), '"' + "A".repeat(134) + "==\""),
        arguments(
            new Uuid(UUID.fromString("123E4567-E89B-12D3-A456-426614174000")),
            "\"123e4567-e89b-12d3-a456-426614174000\""),
        arguments(new ElementValue.List(List.of()), "[]"),
        arguments(
            new ElementValue.List(
                List.of(
                    new ElementValue.List(List.of(new ElementValue.Integer(1))),
                    ElementValue.Null.NULL)),
            "[[1],null]"),
        arguments(new ElementValue.Object(ElementPropertyMap.empty()), "{}"),
        arguments(
            new ElementValue.Object(
                ElementPropertyMap.copyOf(Map.of("a \"b\"", new Decimal(new BigDecimal("1.50"))))),
            "{\"a \\\"b\\\"\":1.50}"));
  }

  static Stream<Arguments> decimals() {
    return Stream.of(
            "0",
            "1.00",
            "-0.10",
            "0.00000001",
            "12345678901234567890123456789.123456789012345678901234567890",
            "0." + "0".repeat(16382) + "1",
            "1E+400",
            "1.5E+1000000000",
            "-1.5E-1000000000")
        .map(number -> arguments(new Decimal(new BigDecimal(number)), number));
  }

  static Stream<Arguments> times() {
    return Stream.of(
        arguments(new Date(LocalDate.of(2024, 2, 29)), "\"2024-02-29\""),
        arguments(new Date(LocalDate.of(5_874_897, 12, 31)), "\"+5874897-12-31\""),
        arguments(new Date(LocalDate.of(0, 1, 1)), "\"0000-01-01\""),
        arguments(new Date(LocalDate.of(-4713, 11, 24)), "\"-4713-11-24\""),
        arguments(new Time(LocalTime.MIDNIGHT), "\"00:00:00\""),
        arguments(new Time(LocalTime.of(23, 59)), "\"23:59:00\""),
        arguments(new Time(LocalTime.of(1, 2, 3, 500_000_000)), "\"01:02:03.5\""),
        arguments(new Time(LocalTime.of(1, 2, 3, 1_000)), "\"01:02:03.000001\""),
        arguments(new Time(LocalTime.of(1, 2, 3, 1)), "\"01:02:03.000000001\""),
        arguments(local("2024-02-29T12:00"), "\"2024-02-29T12:00:00\""),
        arguments(local("2024-02-29T12:00:00.120"), "\"2024-02-29T12:00:00.12\""),
        arguments(local("+294276-12-31T23:59:59.999999"), "\"+294276-12-31T23:59:59.999999\""),
        arguments(
            new ZonedDateTime(Instant.parse("2024-02-29T12:00:00.100Z")),
            "\"2024-02-29T12:00:00.1Z\""),
        arguments(new ZonedDateTime(Instant.EPOCH), "\"1970-01-01T00:00:00Z\""),
        arguments(
            new ZonedDateTime(Instant.parse("-4713-11-24T00:00:00Z")), "\"-4713-11-24T00:00:00Z\""),
        arguments(
            new ZonedDateTime(Instant.parse("+10000-01-01T00:00:00Z")),
            "\"+10000-01-01T00:00:00Z\""));
  }

  static Stream<Arguments> intervals() {
    long time = ((4 * 60 + 5) * 60 + 6) * 1_000_000L + 7;
    return Stream.of(
        arguments(new Interval(14, 3, time), "\"P1Y2M3DT4H5M6.000007S\""),
        arguments(new Interval(-14, 3, -time), "\"P-1Y-2M3DT-4H-5M-6.000007S\""),
        arguments(new Interval(0, 0, 0), "\"PT0S\""),
        arguments(new Interval(0, 0, -500_000), "\"PT-0.5S\""),
        arguments(new Interval(0, 0, 10_000_000), "\"PT10S\""),
        arguments(new Interval(0, 400, 0), "\"P400D\""),
        arguments(new Interval(12, 0, 86_400_000_000L), "\"P1YT24H\""),
        arguments(
            new Interval(Integer.MIN_VALUE, Integer.MIN_VALUE, Long.MIN_VALUE),
            "\"P-178956970Y-8M-2147483648DT-2562047788H-54.775808S\""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":1.0,\"b\":[true,null,\"x\"],\"a\":2}",
        "{\"b\": 1e400, \"a\" :\t-0}",
        "\"\\ud800 and \\u0000\"",
        "12345678901234567890.10",
        "null",
        " [] "
      })
  void embedsDocumentsAsTheyStand(String document) throws IOException {
    assertThat(writtenValue(new Json(document))).isEqualTo(document);
  }

  @Test
  void embedsDocumentsOfAnySize() throws IOException {
    String deep = "[".repeat(50_000) + "]".repeat(50_000);
    String number = "9".repeat(100_000);
    String name = "{\"" + "n".repeat(100_000) + "\":0}";

    assertThat(writtenValue(new Json(deep))).isEqualTo(deep);
    assertThat(writtenValue(new Json(number))).isEqualTo(number);
    assertThat(writtenValue(new Json(name))).isEqualTo(name);
  }

  @Test
  void keepsDocumentsOnTheirLine() throws IOException {
    assertThat(writtenValue(new Json("{\r\n  \"a\": 1,\n  \"b\": \"\\n\"\r}\n")))
        .isEqualTo("{    \"a\": 1,   \"b\": \"\\n\" } ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "{\"a\":1}}",
        "1 2",
        "{}\n{}",
        "1,2",
        "NaN",
        "{'a':1}",
        "[1,]",
        "\"a\nb\"",
        "// comment",
        "{\"a\":01}",
        "\uFEFF{}"
      })
  void writesWhatIsNoDocumentAsAString(String text) throws IOException {
    String written = writtenValue(new Json(text));

    assertThat(written).startsWith("\"").doesNotContain("\n");
    try (JsonParser parser = new JsonFactory().createParser(written)) {
      assertThat(parser.nextTextValue()).isEqualTo(text);
      assertThat(parser.nextToken()).isNull();
    }
  }

  @Test
  void keepsTextsWithLineBreaksAndControlCharactersOnTheirLine() throws IOException {
    var everyControl = new StringBuilder();
    for (char c = 0; c <= 0x1F; c++) {
      everyControl.append(c);
    }
    String text = everyControl + "\u007F\u0085\u2028\u2029\"\\/";

    byte[] line = written(transaction(new SourceChange.Insert(node("v", new Text(text)))));

    assertThat(line).containsOnlyOnce((byte) '\n').doesNotContain((byte) '\r', (byte) 0);
    assertThat(readBack(line)).containsEntry("v", text);
  }

  @Test
  void writesUnicodeAsUtf8() throws IOException {
    String text = "Grüße, 世界 \uD83D\uDE00";

    byte[] line = written(transaction(new SourceChange.Insert(node(text, new Text(text)))));

    assertThat(new String(line, UTF_8)).contains('"' + text + "\":\"" + text + '"');
    assertThat(readBack(line)).containsEntry(text, text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\uD800", "a\uDC00b", "\uDE00\uD83D", "\uD83D\uD83D\uDE00", "x\uD83D"})
  void writesNoInvalidUtf8ForHalfASurrogatePair(String text) throws IOException {
    String expected =
        text.codePoints()
            .map(c -> c >= 0xD800 && c <= 0xDFFF ? 0xFFFD : c)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    var properties = new LinkedHashMap<String, ElementValue>();
    properties.put("text", new Text(text));
    properties.put("json", new Json('"' + text + '"'));
    properties.put(text, ElementValue.Null.NULL);

    byte[] line = written(transaction(new SourceChange.Insert(node(properties))));

    UTF_8.newDecoder().decode(ByteBuffer.wrap(line)); // throws when it is not UTF-8
    assertThat(readBack(line))
        .containsEntry("text", expected)
        .containsEntry("json", expected)
        .containsEntry(expected, "null");
  }

  @Test
  void doesNotCutPairsAtTheEdgeOfABuffer() throws IOException {
    for (int shift = 0; shift < 4; shift++) {
      String text = "x".repeat(shift) + "\uD83D\uDE00".repeat(40_000);
      byte[] line = written(transaction(new SourceChange.Insert(node("v", new Text(text)))));
      assertThat(readBack(line)).containsEntry("v", text);
    }
  }

  @Test
  void canBeReadBackWithoutLoss() throws IOException {
    var properties = new LinkedHashMap<String, ElementValue>();
    properties.put("decimal", new Decimal(new BigDecimal("1E+400")));
    properties.put("float", new ElementValue.Float(Math.PI));
    properties.put("integer", new ElementValue.Integer(Long.MIN_VALUE));

    Map<String, String> read =
        readBack(written(transaction(new SourceChange.Insert(node(properties)))));

    assertThat(new BigDecimal(read.get("decimal"))).isEqualTo(new BigDecimal("1E+400"));
    assertThat(Double.parseDouble(read.get("float"))).isEqualTo(Math.PI);
    assertThat(Long.parseLong(read.get("integer"))).isEqualTo(Long.MIN_VALUE);
  }

  private static ElementValue local(String dateTime) {
    return new ElementValue.LocalDateTime(LocalDateTime.parse(dateTime));
  }

  /** The scalar fields of the element's properties, as texts. */
  private static Map<String, String> readBack(byte[] line) throws IOException {
    var read = new LinkedHashMap<String, String>();
    try (JsonParser parser = new JsonFactory().createParser(line)) {
      while (!"properties".equals(parser.nextFieldName())) {
        assertThat(parser.currentToken()).isNotNull();
      }
      assertThat(parser.nextToken()).isEqualTo(JsonToken.START_OBJECT);
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        read.put(name, parser.getText());
      }
      while (parser.nextToken() != null) {
        assertThat(parser.currentToken()).isNotEqualTo(JsonToken.NOT_AVAILABLE);
      }
    }
    return read;
  }
}
