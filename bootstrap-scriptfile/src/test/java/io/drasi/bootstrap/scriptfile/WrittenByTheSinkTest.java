package io.drasi.bootstrap.scriptfile;

import static io.drasi.bootstrap.scriptfile.ScriptFiles.elements;
import static io.drasi.bootstrap.scriptfile.ScriptFiles.everything;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.drasi.api.change.Element;
import io.drasi.api.change.ElementMetadata;
import io.drasi.api.change.ElementPropertyMap;
import io.drasi.api.change.ElementReference;
import io.drasi.api.change.ElementValue;
import io.drasi.api.change.SourceChange;
import io.drasi.api.source.SourceEvent;
import io.drasi.sink.jsonl.JsonLinesWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code sink-jsonl} writes of a value is read back so that it is written the same again. */
class WrittenByTheSinkTest {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNumberLength(Integer.MAX_VALUE).build())
          .build();

  @TempDir Path folder;

  private record Batch(List<SourceChange.Insert> changes) implements SourceEvent.BootstrapBatch {}

  static Stream<ElementValue> values() {
    ElementValue nested =
        new ElementValue.Object(
            ElementPropertyMap.copyOf(
                Map.of("a", new ElementValue.List(List.of(ElementValue.Null.NULL)))));
    return Stream.of(
        ElementValue.Null.NULL,
        ElementValue.Bool.TRUE,
        new ElementValue.Integer(Long.MIN_VALUE),
        new ElementValue.Integer(4294967295L),
        new ElementValue.Float(0.1),
        new ElementValue.Float(-0.0),
        new ElementValue.Float(Double.NaN),
        new ElementValue.Float(Double.NEGATIVE_INFINITY),
        new ElementValue.Decimal(new BigDecimal("0.00")),
        new ElementValue.Decimal(new BigDecimal("12345678901234567890123.4500")),
        new ElementValue.Decimal(new BigDecimal("9".repeat(20_000) + "." + "1".repeat(9_000))),
        new ElementValue.Text("ü\uD83D\uDE00\n\"\\ \u2028"),
        new ElementValue.Json("{\"a\" :  [1.0, {\"b\": null}]}"),
        new ElementValue.Json("{\"a\":1,\"a\":{\"b\":\"}\",\"b\":2}}"),
        new ElementValue.Json("[{\"a\":1, \"a\":1}]"),
        new ElementValue.Json("1e99999999999"),
        new ElementValue.Json("[-0.0, -1e-99999999999]"),
        ElementValue.Bytes.copyOf(new byte[] {0, -1, 16}),
        new ElementValue.Uuid(new UUID(1, 2)),
        new ElementValue.Date(LocalDate.of(-4712, 1, 1)),
        new ElementValue.Time(LocalTime.of(23, 59, 59, 999_999_000)),
        new ElementValue.LocalDateTime(LocalDateTime.of(294276, 12, 31, 23, 59)),
        new ElementValue.ZonedDateTime(Instant.parse("2024-02-29T12:00:00.000001Z")),
        new ElementValue.Interval(-14, 3, -1),
        new ElementValue.List(List.of(nested, new ElementValue.List(List.of()))),
        nested);
  }

  @ParameterizedTest
  @MethodSource("values")
  void isReadBack(ElementValue value) throws Exception {
    String properties = properties(written(value));
    Path file =
        new ScriptFiles(folder)
            .write(
                "a.jsonl",
                ScriptFiles.HEADER,
                "{\"kind\":\"Node\",\"id\":\"n\",\"labels\":[],\"properties\":%s}"
                    .formatted(properties));
    ElementValue read =
        requireNonNull(elements(everything(), file).get(0).properties().get("value"));
    assertThat(withoutSpaces(properties(written(read)))).isEqualTo(withoutSpaces(properties));
  }

  private static String written(ElementValue value) throws IOException {
    Map<String, ElementValue> properties = new LinkedHashMap<>();
    properties.put("value", value);
    var metadata = ElementMetadata.of(new ElementReference("s", "n"), List.of("n"), Instant.EPOCH);
    Element node = new Element.Node(metadata, ElementPropertyMap.copyOf(properties));
    var out = new ByteArrayOutputStream();
    try (var writer = new JsonLinesWriter(out)) {
      writer.write(new Batch(List.of(new SourceChange.Insert(node))));
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  /** The object with the properties. */
  private static String properties(String line) throws IOException {
    int start = line.indexOf("\"properties\":") + "\"properties\":".length();
    try (JsonParser parser = JSON.createParser(line.substring(start))) {
      parser.nextToken();
      parser.skipChildren();
      long end = parser.currentTokenLocation().getCharOffset() + 1;
      return line.substring(start, start + (int) end);
    }
  }

  /** Between tokens they mean nothing. */
  private static String withoutSpaces(String json) {
    return json.replace(" ", "");
  }
}
