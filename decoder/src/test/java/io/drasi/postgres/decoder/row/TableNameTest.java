package io.drasi.postgres.decoder.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TableNameTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "users                     | public    | users",
        "Users                     | public    | Users",
        "sales.orders              | sales     | orders",
        "sales . orders            | sales     | orders",
        "\"My Schema\".\"Users\"   | My Schema | Users",
        "\"a.b\"                   | public    | a.b",
        "\"a\"\"b\".c              | a\"b      | c",
        "\"\"\"\"                  | public    | \"",
        "my-table                  | public    | my-table",
        "straße_1$                 | public    | straße_1$"
      })
  void parses(String text, String schema, String table) {
    TableName name = new TableName(schema, table);
    assertThat(TableName.parse(text)).isEqualTo(name);
    assertThat(TableName.parse(name.toString())).isEqualTo(name);
    assertThat(TableName.parse(name.toSql())).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        ".",
        "a.",
        ".b",
        "a.b.c",
        "a b",
        "\"a",
        "\"a\"b",
        "\"\"",
        "a.\"\"",
        "a,b",
        "a(b)",
        "a\"b\"",
        "\"a\"\"",
        "\"a\0b\""
      })
  void refusesWhatIsNoName(String text) {
    assertThatThrownBy(() -> TableName.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void saysWhereItIsWrong() {
    assertThatThrownBy(() -> TableName.parse("a.b.c"))
        .hasMessage(
            "nothing may follow at position 4 of \"a.b.c\";"
                + " names are written plain or in SQL quotes");
  }

  @Test
  void printsForPeopleAndForSql() {
    assertThat(new TableName("public", "users")).hasToString("public.users");
    assertThat(new TableName("My Schema", "a\"b")).hasToString("\"My Schema\".\"a\"\"b\"");
    assertThat(new TableName("public", "a\"b").toSql()).isEqualTo("\"public\".\"a\"\"b\"");
  }

  @ParameterizedTest
  @CsvSource({
    "public, users,  users,        users:,        public:users:",
    "public, Users,  Users,        Users:,        public:Users:",
    "sales,  orders, sales.orders, sales.orders:, sales:orders:",
    "a b,    c:d,    a b.c:d,      a b.c\\:d:,    a b:c\\:d:",
    "public, a.b,    a\\.b,        a\\.b:,        public:a\\.b:",
    "a,      b,      a.b,          a.b:,          a:b:"
  })
  void labelsAndPrefixes(
      String schema, String table, String label, String prefix, String qualified) {
    TableName name = new TableName(schema, table);
    assertThat(name.label()).isEqualTo(label);
    assertThat(ElementIdFormat.TABLE.prefix(name)).isEqualTo(prefix);
    assertThat(ElementIdFormat.QUALIFIED.prefix(name)).isEqualTo(qualified);
  }

  @Test
  void noTwoTablesShareALabelAndNoPrefixStartsAnother() {
    List<String> names = List.of("public", "a", "b", "a.b", "a\\", "a\\.b", "a:b", ":", ".", "\\");
    Map<String, TableName> labels = new HashMap<>();
    for (ElementIdFormat format : ElementIdFormat.values()) {
      Map<String, TableName> prefixes = new HashMap<>();
      for (String schema : names) {
        for (String table : names) {
          TableName name = new TableName(schema, table);
          TableName sameLabel = labels.put(name.label(), name);
          assertThat(sameLabel == null || sameLabel.equals(name)).as(name.label()).isTrue();
          prefixes.put(format.prefix(name), name);
        }
      }
      assertThat(prefixes).hasSize(names.size() * names.size());
      for (String prefix : prefixes.keySet()) {
        assertThat(prefixes.keySet().stream().filter(other -> other.startsWith(prefix)))
            .containsExactly(prefix);
      }
    }
  }
}
