package com.example.bootstrap.csv.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.drasi.api.change.ElementValue;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CsvReaderTest {
  private static final int MAX_RECORD_BYTES = 20;

  @ParameterizedTest
  @MethodSource("wellFormed")
  void readsRecords(String csv, List<List<String>> records) throws Exception {
    assertThat(read(csv)).isEqualTo(records);
  }

  static Stream<Arguments> wellFormed() {
    return Stream.of(
        arguments("", List.of()),
        arguments("a", List.of(List.of("a"))),
        arguments("a,b\nc,d", List.of(List.of("a", "b"), List.of("c", "d"))),
        arguments("a,b\r\nc,d\r\n", List.of(List.of("a", "b"), List.of("c", "d"))),
        arguments(",\n", List.of(List.of("NULL", "NULL"))),
        arguments("\n", List.of(List.of("NULL"))),
        arguments("\"\",a", List.of(List.of("", "a"))),
        arguments("\"a,\"\"b\"\"\r\nc\"", List.of(List.of("a,\"b\"\r\nc"))),
        arguments(" a , b", List.of(List.of(" a ", " b"))),
        arguments("é,\"€😀\"", List.of(List.of("é", "€😀"))),
        arguments("x".repeat(19) + "\n", List.of(List.of("x".repeat(19)))));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void namesTheLineOnWhichAMalformedRecordBegins(String csv, int line, String reason) {
    assertThatThrownBy(() -> read(csv))
        .isInstanceOfSatisfying(
            MalformedCsvException.class,
            e -> {
              assertThat(e.line()).isEqualTo(line);
              assertThat(e).hasMessage(reason);
            });
  }

  static Stream<Arguments> malformed() {
    String tooLong = "is longer than 20 bytes; is a quote missing?";
    String afterQuote = "goes on after the quote that ends a field";
    String quote = "has a quote within a field that does not begin with one";
    String carriageReturn = "has a carriage return without a line feed; quote the field";
    return Stream.of(
        arguments("\uFEFF\"a\"", 1, "begins with a byte order mark; save the file without it"),
        arguments("a\n\"b\nc", 2, "has a quoted field without an end"),
        arguments("\"", 1, "has a quoted field without an end"),
        arguments("\"a\"\"", 1, "has a quoted field without an end"),
        arguments("\"a\nb\"\n\"c\"d", 3, afterQuote),
        arguments("\"a\" ,b", 1, afterQuote),
        arguments("a\"b", 1, quote),
        arguments(" \"a\"", 1, quote),
        arguments("a\rb", 1, carriageReturn),
        arguments("a\r", 1, carriageReturn),
        arguments("a\n\n" + "x".repeat(21), 3, tooLong),
        arguments(",".repeat(21), 1, tooLong),
        arguments("\"" + "\n".repeat(20) + "\"", 1, tooLong));
  }

  @Test
  void refusesWhatIsNotUtf8OnTheLineWhereItStands() {
    byte[] csv = {'a', '\n', (byte) 0xC3, '\n'};

    assertThatThrownBy(() -> read(csv))
        .isInstanceOfSatisfying(MalformedCsvException.class, e -> assertThat(e.line()).isEqualTo(2))
        .hasMessage("is not UTF-8");
  }

  private static List<List<String>> read(String csv) throws Exception {
    return read(csv.getBytes(UTF_8));
  }

  private static List<List<String>> read(byte[] csv) throws Exception {
    List<List<String>> records = new ArrayList<>();
    try (var reader = new CsvReader(new ByteArrayInputStream(csv), MAX_RECORD_BYTES)) {
      Optional<List<ElementValue>> read = reader.next();
      while (read.isPresent()) {
        records.add(read.get().stream().map(CsvReaderTest::shown).toList());
        read = reader.next();
      }
    }
    return records;
  }

  private static String shown(ElementValue value) {
    return value instanceof ElementValue.Text text ? text.value() : value.toString();
  }
}
