package io.drasi.postgres.decoder.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableKeyConfigTest {

  @Test
  void parsesTheFlatForm() {
    assertThat(TableKeyConfig.parse("order_items(order_id, item_id)"))
        .isEqualTo(
            new TableKeyConfig(TableName.parse("order_items"), List.of("order_id", "item_id")));
    assertThat(TableKeyConfig.parse(" \"My Schema\".\"T\" ( \"a,b\" ,\"c)\"\"\" ) "))
        .isEqualTo(new TableKeyConfig(new TableName("My Schema", "T"), List.of("a,b", "c)\"")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "t", "t(", "t()", "t(a", "t(a,)", "t(a))", "t(a b)", "(a)", "t(a)x", "t(a, a)"
      })
  void refusesWhatIsNoKey(String text) {
    assertThatThrownBy(() -> TableKeyConfig.parse(text))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void needsAColumnAndNoneTwice() {
    TableName table = TableName.parse("t");
    assertThatThrownBy(() -> new TableKeyConfig(table, List.of()))
        .hasMessage("the key of public.t needs a column");
    assertThatThrownBy(() -> new TableKeyConfig(table, List.of("a", "b", "a")))
        .hasMessage("the key of public.t names a column twice: [a, b, a]");
  }
}
