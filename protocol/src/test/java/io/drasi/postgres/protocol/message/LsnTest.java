package io.drasi.postgres.protocol.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LsnTest {
  @ParameterizedTest
  @CsvSource({
    "0/0, 0, 0/0",
    "16/B374D848, 16B374D848, 16/B374D848",
    "16/b374d848, 16B374D848, 16/B374D848",
    "00000001/00000002, 100000002, 1/2",
    "FFFFFFFF/FFFFFFFF, FFFFFFFFFFFFFFFF, FFFFFFFF/FFFFFFFF",
  })
  void readsAndPrintsTheManualsNotation(String text, String hexValue, String printed) {
    Lsn lsn = Lsn.parse(text);

    assertThat(lsn.value()).isEqualTo(Long.parseUnsignedLong(hexValue, 16));
    assertThat(lsn).hasToString(printed);
    assertThat(Lsn.parse(printed)).isEqualTo(lsn);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "0",
        "0/",
        "/0",
        "0/0/0",
        "0//0",
        "x/0",
        "0/x",
        "-1/0",
        "+1/0",
        "0/-1",
        " 0/0",
        "0/0 ",
        "0 /0",
        "123456789/0",
        "0/123456789",
        "0x1/0",
        "１/0",
        "0/٣",
        "0\\0"
      })
  void refusesEverythingElse(String text) {
    assertThatThrownBy(() -> Lsn.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("an LSN is two hexadecimal numbers such as 16/B374D848, was \"" + text + "\"");
  }

  @Test
  void ordersUnsigned() {
    List<Lsn> inOrder =
        List.of(
            Lsn.NONE, Lsn.parse("0/1"), Lsn.parse("7FFFFFFF/FFFFFFFF"), Lsn.parse("80000000/0"));
    var shuffled = new ArrayList<>(inOrder);
    Collections.shuffle(shuffled, new Random(1));

    assertThat(shuffled.stream().sorted()).isEqualTo(inOrder);
    assertThat(Lsn.parse("80000000/0").isAfter(Lsn.parse("1/0"))).isTrue();
    assertThat(Lsn.parse("1/0").isAfter(Lsn.parse("1/0"))).isFalse();
    assertThat(Lsn.max(Lsn.parse("80000000/0"), Lsn.parse("1/0"))).hasToString("80000000/0");
    assertThat(Lsn.min(Lsn.parse("80000000/0"), Lsn.parse("1/0"))).hasToString("1/0");
  }

  @Test
  void takesZeroForNoPosition() {
    assertThat(Lsn.NONE.isPresent()).isFalse();
    assertThat(Lsn.parse("80000000/0").isPresent()).isTrue();
  }
}
