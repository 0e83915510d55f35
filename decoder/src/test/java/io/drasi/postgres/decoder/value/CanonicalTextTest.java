package io.drasi.postgres.decoder.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drasi.api.change.ElementPropertyMap;
import io.drasi.api.change.ElementValue;
import io.drasi.api.change.PropertyNames;
import io.drasi.postgres.decoder.Recording;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CanonicalTextTest {
  private static final TypeCodecs TYPES = TypeCodecs.of(new Codecs(List.of()));

  @Test
  void printsAsTheServerDoes() throws Exception {
    List<String> lines = Recording.lines("printed.txt");
    assertThat(lines).hasSizeGreaterThan(300);
    for (String line : lines) {
      int space = line.indexOf(' ');
      int typeOid = Integer.parseInt(line.substring(0, space));
      byte[] text = line.substring(space + 1).getBytes(StandardCharsets.UTF_8);
      ElementValue value = TYPES.codec(typeOid).text().decode(text, 0, text.length);
      assertThat(typeOid + " " + CanonicalText.of(value)).isEqualTo(line);
    }
  }

  @ParameterizedTest
  @MethodSource("values")
  void prints(ElementValue value, String expected) {
    assertThat(CanonicalText.of(value)).isEqualTo(expected);
  }

  static Stream<Object[]> values() {
    return Stream.of(
        row(ElementValue.Bool.TRUE, "true"),
        row(ElementValue.Bool.FALSE, "false"),
        row(new ElementValue.Float(1.1f), "1.100000023841858"),
        row(new ElementValue.Text("a_b\\c"), "a_b\\c"),
        row(new ElementValue.Json("{\"a\" :  1}"), "{\"a\" :  1}"),
        row(new ElementValue.Uuid(new UUID(-1, 0xA)), "ffffffff-ffff-ffff-0000-00000000000a"),
        row(new ElementValue.Interval(14, -2, 3), "P14M-2DT0.000003S"),
        row(new ElementValue.Interval(0, 0, -1_500_000), "P0M0DT-1.5S"),
        row(new ElementValue.Interval(0, 0, Long.MIN_VALUE), "P0M0DT-9223372036854.775808S"),
        row(new ElementValue.List(List.of()), "{}"),
        row(
            new ElementValue.List(
                List.of(
                    new ElementValue.Text("a\",\\"),
                    ElementValue.Null.NULL,
                    new ElementValue.Text("NULL"),
                    new ElementValue.Integer(1))),
            "{\"a\\\",\\\\\",NULL,\"NULL\",\"1\"}"),
        row(
            new ElementValue.Object(
                ElementPropertyMap.of(
                    PropertyNames.of(List.of("x", "y")),
                    new ElementValue[] {new ElementValue.Integer(1), ElementValue.Null.NULL})),
            "{\"x\":\"1\",\"y\":NULL}"));
  }

  @Test
  void everyDoubleReadsBackAsItself() {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      double value = Double.longBitsToDouble(random.nextLong());
      String text = CanonicalText.of(new ElementValue.Float(value));
      assertThat(Double.valueOf(text)).isEqualTo(Double.valueOf(value));
    }
  }

  @Test
  void nullHasNone() {
    assertThatThrownBy(() -> CanonicalText.of(ElementValue.Null.NULL))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Object[] row(ElementValue value, String expected) {
    return new Object[] {value, expected};
  }
}
