package io.drasi.postgres.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlTest {
  @ParameterizedTest
  @CsvSource({
    "users, users",
    "_users_2, _users_2",
    "Users, \"Users\"",
    "2users, \"2users\"",
    "my-role, \"my-role\"",
    "'', \"\"",
    "user, \"user\"",
    "order, \"order\"",
    "orders, orders",
    "all, \"all\"",
    "with, \"with\""
  })
  void quotesForPeopleWhereItHasToBe(String name, String sql) {
    assertThat(Sql.readable(name)).isEqualTo(sql);
  }

  @Test
  void quotesIdentifiers() {
    assertThat(Sql.identifier("My Table")).isEqualTo("\"My Table\"");
    assertThat(Sql.identifier("a\"; DROP TABLE b; --")).isEqualTo("\"a\"\"; DROP TABLE b; --\"");
    assertThat(Sql.identifier("back\\slash")).isEqualTo("\"back\\slash\"");
  }

  @Test
  void quotesLiterals() {
    assertThat(Sql.literal("")).isEqualTo("''");
    assertThat(Sql.literal("O'Brien")).isEqualTo("'O''Brien'");
    assertThat(Sql.literal("' OR '1'='1")).isEqualTo("''' OR ''1''=''1'");
  }

  @Test
  void escapesBackslashesWhateverTheServersSetting() {
    assertThat(Sql.literal("a\\b")).isEqualTo(" E'a\\\\b'");
    assertThat(Sql.literal("\\'; --")).isEqualTo(" E'\\\\''; --'");
  }
}
