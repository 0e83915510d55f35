package io.drasi.postgres.protocol.message;

import static io.drasi.postgres.protocol.support.ServerMessages.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldReaderTest {
  private interface Read {
    Object from(FieldReader in) throws ProtocolException;
  }

  private static FieldReader reader(String hex) {
    return new FieldReader(hex(hex));
  }

  static Stream<Arguments> fields() {
    return Stream.of(
        field("FF", in -> in.readByte("f"), (byte) -1),
        field("FFFE", in -> in.readInt16("f"), (short) -2),
        field("80FF", in -> in.readInt16("f"), (short) -32513),
        field("FFFFFFFE", in -> in.readInt32("f"), -2),
        field("01020380", in -> in.readInt32("f"), 0x01020380),
        field("80FFFFFF FFFFFFFE", in -> in.readInt64("f"), 0x80FFFFFFFFFFFFFEL),
        field("00000000 80000000", in -> in.readInt64("f"), 0x80000000L),
        field("7FFF", in -> in.readCount("f"), 32767),
        field("00000016 B374D848", in -> in.readLsn("f"), Lsn.parse("16/B374D848")),
        field("6100", in -> in.readString("f"), "a"),
        field("00", in -> in.readString("f"), ""),
        field("C3A900", in -> in.readString("f"), "é"),
        field("E900", in -> in.readStringLeniently("f"), "\uFFFD"),
        field("61C3A9", in -> in.readText(3, "f"), "aé"),
        field("6162", in -> in.readBytes(2, "f"), new byte[] {'a', 'b'}));
  }

  private static Arguments field(String hex, Read read, Object expected) {
    return arguments(hex, read, expected);
  }

  @ParameterizedTest
  @MethodSource("fields")
  void readsEachFieldToItsEnd(String hex, Read read, Object expected) throws Exception {
    FieldReader in = reader(hex);

    assertThat(read.from(in)).isEqualTo(expected);

    assertThat(in.remaining()).isZero();
    in.finish("message");
  }

  @ParameterizedTest
  @MethodSource("fields")
  void rejectsEachFieldCutAtEveryByte(String hex, Read read, Object expected) {
    byte[] whole = hex(hex);
    for (int length = 0; length < whole.length; length++) {
      var cut = new FieldReader(whole, 0, length);
      assertThatThrownBy(() -> read.from(cut))
          .as("%s cut to %d bytes", expected, length)
          .isInstanceOf(ProtocolException.class)
          .hasMessageStartingWith("f ");
    }
  }

  @ParameterizedTest
  @MethodSource("fields")
  void readsWithinItsPartOfTheArray(String hex, Read read, Object expected) throws Exception {
    byte[] whole = hex("AAAA" + hex + "BB");

    assertThat(read.from(new FieldReader(whole, 2, whole.length - 1))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "0000000000000000, 2000-01-01T00:00:00Z",
    "0000000000000001, 2000-01-01T00:00:00.000001Z",
    "FFFFFFFFFFFFFFFF, 1999-12-31T23:59:59.999999Z",
    "7FFFFFFFFFFFFFFF, +294277-01-09T04:00:54.775807Z",
    "8000000000000000, -290278-12-22T19:59:05.224192Z",
  })
  void readsTimestampsToTheMicrosecond(String hex, Instant expected) throws Exception {
    assertThat(reader(hex).readTimestamp("f")).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"C300", "FF00", "C08000", "EDA08000", "F888808080 00", "61E282 00"})
  void rejectsTextThatIsNotUtf8(String hex) {
    assertThatThrownBy(() -> reader(hex).readString("Some.text"))
        .isInstanceOf(ProtocolException.class)
        .hasMessage("Some.text is not valid UTF-8");
    assertThatThrownBy(() -> reader(hex).readText(hex(hex).length - 1, "Some.text"))
        .isInstanceOf(ProtocolException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, Integer.MIN_VALUE, 4, Integer.MAX_VALUE})
  void rejectsLengthsBeyondTheMessage(int length) {
    assertThatThrownBy(() -> reader("616263").readText(length, "f"))
        .isInstanceOf(ProtocolException.class);
    assertThatThrownBy(() -> reader("616263").readBytes(length, "f"))
        .isInstanceOf(ProtocolException.class);
    assertThatThrownBy(() -> reader("616263").skip(length, "f"))
        .isInstanceOf(ProtocolException.class);
    assertThatThrownBy(() -> reader("%08X616263".formatted(length)).readLength("f"))
        .isInstanceOf(ProtocolException.class)
        .hasMessage("f must be from 0 to the 3 bytes left, was " + length);
  }

  @Test
  void rejectsNegativeCounts() {
    assertThatThrownBy(() -> reader("FFFF").readCount("f"))
        .isInstanceOf(ProtocolException.class)
        .hasMessage("f must not be negative, was -1");
  }

  @Test
  void rejectsWhatIsLeftOver() throws Exception {
    FieldReader in = reader("0102");
    in.skip(1, "f");

    assertThatThrownBy(() -> in.finish("Message"))
        .isInstanceOf(ProtocolException.class)
        .hasMessage("Message has 1 bytes too many");
  }

  @Test
  void startsOverWithAnotherMessage() throws Exception {
    FieldReader in = reader("0102");

    in.reset(hex("AA 03 BB"), 1, 2);

    assertThat(in.readByte("f")).isEqualTo((byte) 3);
    assertThat(in.remaining()).isZero();
  }
}
