package io.drasi.postgres.decoder.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drasi.api.change.ElementValue;
import io.drasi.api.change.PropertyNames;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.postgres.protocol.message.ProtocolException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ElementIdsTest {
  private static final TableName TABLE = TableName.parse("t");
  private static final TransactionContext TRANSACTION =
      new TransactionContext("7000000000000000001", Lsn.parse("0/15230F0"), Instant.EPOCH);

  @ParameterizedTest
  @MethodSource("singleKeys")
  void singleKeysStandPlain(ElementValue value, String expected) throws Exception {
    assertThat(id(ids(1, 0), value)).isEqualTo(expected);
  }

  static Stream<Object[]> singleKeys() {
    return Stream.of(
        row(new ElementValue.Integer(-12345), "t:-12345"),
        row(text("a_b"), "t:a_b"),
        row(text("a\\b"), "t:a\\b"),
        row(text("a:b"), "t:a:b"),
        row(text(""), "t:"),
        row(ElementValue.Null.NULL, "t:\\N"),
        row(text("\\N"), "t:\\\\N"),
        row(text("\\\\N"), "t:\\\\\\N"),
        row(ElementValue.Bytes.copyOf(new byte[] {1}), "t:\\\\x01"),
        row(ElementValue.Bool.TRUE, "t:true"),
        row(new ElementValue.Decimal(new BigDecimal("1E+3")), "t:1000"),
        row(new ElementValue.Uuid(new UUID(0, 1)), "t:00000000-0000-0000-0000-000000000001"),
        row(
            new ElementValue.ZonedDateTime(Instant.parse("2024-02-29T12:00:00.5Z")),
            "t:2024-02-29 12:00:00.5+00"));
  }

  @Test
  void partsOfCompositeKeysStandInKeyOrderAndAreEscaped() throws Exception {
    ElementIds ids = ids(3, 2, 0);
    assertThat(id(ids, text("a_b"), text("not in the key"), new ElementValue.Integer(7)))
        .isEqualTo("t:7_a\\_b");
    assertThat(id(ids, text("c\\d"), ElementValue.Null.NULL, ElementValue.Null.NULL))
        .isEqualTo("t:\\N_c\\\\d");
    assertThat(id(ids, text("\\N"), text(""), text(""))).isEqualTo("t:_\\\\N");
  }

  @Test
  void twoKeysNeverShareAnId() throws Exception {
    List<ElementValue> parts = new ArrayList<>(List.of(ElementValue.Null.NULL));
    addTexts(parts, "", 4);
    for (int columns = 1; columns <= 2; columns++) {
      ElementIds ids = columns == 1 ? ids(1, 0) : ids(2, 0, 1);
      Map<String, List<ElementValue>> keys = new HashMap<>();
      for (ElementValue first : parts) {
        for (ElementValue second : columns == 1 ? List.of(text("")) : parts) {
          List<ElementValue> key = columns == 1 ? List.of(first) : List.of(first, second);
          String id = id(ids, key.toArray(ElementValue[]::new));
          assertThat(keys.put(id, key)).as(id).isNull();
        }
      }
    }
  }

  /** Every text of up to so many of the characters that have a meaning in an id. */
  private static void addTexts(List<ElementValue> texts, String text, int more) {
    texts.add(text(text));
    if (more > 0) {
      for (char c : "_\\N".toCharArray()) {
        addTexts(texts, text + c, more - 1);
      }
    }
  }

  @Test
  void wholeRowsAreNamedByTheirValues() throws Exception {
    ElementIds ids = wholeRow("a", "b");
    String id = id(ids, new ElementValue.Integer(1), text("x"));
    assertThat(id)
        .isEqualTo("t:" + uuidOf(id))
        .isEqualTo(id(ids, new ElementValue.Integer(1), text("x")));
    assertThat(uuidOf(id).version()).isEqualTo(5);
    assertThat(uuidOf(id).variant()).isEqualTo(2);
    assertThat(id(ids, new ElementValue.Integer(2), text("x"))).isNotEqualTo(id);
    assertThat(id(ids, text("x"), new ElementValue.Integer(1))).isNotEqualTo(id);
  }

  @Test
  void uuidsStayWhatTheyAre() throws Exception {
    assertThat(id(wholeRow("a", "b"), new ElementValue.Integer(1), text("x")))
        .isEqualTo("t:50d5033a-f69a-5f98-8c1d-07e3798edcd9");
    assertThat(id(position(), text("x"))).isEqualTo("t:eb90e32b-c565-5ed8-ba16-6b68c21e8fe5");
  }

  @Test
  void namesOfWholeRowsDoNotDependOnColumnOrderOrOnNulls() throws Exception {
    String id = id(wholeRow("a", "b"), text("1"), text("2"));
    assertThat(id(wholeRow("b", "a"), text("2"), text("1"))).isEqualTo(id);
    assertThat(id(wholeRow("a", "b", "added"), text("1"), text("2"), ElementValue.Null.NULL))
        .isEqualTo(id);
  }

  @Test
  void namesOfWholeRowsKeepNamesAndValuesApart() throws Exception {
    assertThat(id(wholeRow("a", "b"), text("1"), ElementValue.Null.NULL))
        .isNotEqualTo(id(wholeRow("a", "b"), ElementValue.Null.NULL, text("1")));
    assertThat(id(wholeRow("ab"), text("c"))).isNotEqualTo(id(wholeRow("a"), text("bc")));
    assertThat(id(wholeRow("a", "b"), text(""), text("x")))
        .isNotEqualTo(id(wholeRow("a", "b"), text("x"), text("")));
  }

  @Test
  void rowsWithoutKeyAreNamedByTheirPlace() throws Exception {
    ElementIds ids = position();
    ElementValue[] row = {text("x")};
    String id = ids.id(row, "stream", TRANSACTION, 1);
    assertThat(ids.id(row, "stream", TRANSACTION, 1)).isEqualTo(id);
    assertThat(ids.id(row, "stream", TRANSACTION, 2)).isNotEqualTo(id);
    assertThat(ids.id(row, "snapshot", TRANSACTION, 1)).isNotEqualTo(id);
    assertThat(
            ids.id(
                row, "stream", new TransactionContext("8", TRANSACTION.endLsn(), Instant.EPOCH), 1))
        .isNotEqualTo(id);
    assertThat(
            ids.id(
                row,
                "stream",
                new TransactionContext(TRANSACTION.systemIdentifier(), new Lsn(1), Instant.EPOCH),
                1))
        .isNotEqualTo(id);
  }

  @Test
  void refusesRowsWhoseKeyWasNotSent() {
    @Nullable ElementValue[] row = {text("a"), null};
    assertThatThrownBy(() -> id(ids(2, 0, 1), row))
        .isInstanceOf(ProtocolException.class)
        .hasMessage("public.t: column c1 tells rows apart, but was not sent");
    assertThatThrownBy(() -> id(ids(2, 1), row)).isInstanceOf(ProtocolException.class);
    assertThatThrownBy(() -> id(wholeRow("a", "b"), row)).isInstanceOf(ProtocolException.class);
  }

  private static ElementIds ids(int columns, Integer... key) {
    List<String> names = Stream.iterate(0, i -> i + 1).limit(columns).map(i -> "c" + i).toList();
    return new ElementIds(TABLE, "t:", PropertyNames.of(names), List.of(key), false);
  }

  private static ElementIds wholeRow(String... names) {
    return new ElementIds(TABLE, "t:", PropertyNames.of(List.of(names)), List.of(), true);
  }

  private static ElementIds position() {
    return new ElementIds(TABLE, "t:", PropertyNames.of(List.of("a")), List.of(), false);
  }

  private static String id(ElementIds ids, @Nullable ElementValue... row) throws ProtocolException {
    return ids.id(row, "stream", TRANSACTION, 1);
  }

  private static UUID uuidOf(String id) {
    return UUID.fromString(id.substring(id.indexOf(':') + 1));
  }

  private static ElementValue text(String value) {
    return new ElementValue.Text(value);
  }

  private static Object[] row(ElementValue value, String expected) {
    return new Object[] {value, expected};
  }
}
