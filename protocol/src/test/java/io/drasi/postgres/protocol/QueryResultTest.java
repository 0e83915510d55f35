package io.drasi.postgres.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryResultTest {
  private final QueryResult result =
      new QueryResult(
          List.of("id", "name"),
          List.of(Arrays.asList("1", "Ada"), Arrays.asList("2", null)),
          "SELECT 2");

  @Test
  void givesValuesByRowAndColumn() {
    assertThat(result.value(0, "name")).contains("Ada");
    assertThat(result.value(1, "name")).isEmpty();
    assertThat(result.required(1, "id")).isEqualTo("2");
  }

  @ParameterizedTest
  @CsvSource({"0, other", "2, id", "-1, id", "0, ID"})
  void refusesRowsAndColumnsThatAreNotThere(int row, String column) {
    assertThatThrownBy(() -> result.value(row, column))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "no column %s in row %d; there are [id, name] in 2 rows".formatted(column, row));
  }

  @Test
  void refusesNullWhereAValueIsRequired() {
    assertThatThrownBy(() -> result.required(1, "name"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("name is NULL");
  }
}
