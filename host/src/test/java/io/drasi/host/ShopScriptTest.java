package io.drasi.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ShopScriptTest {
  private final List<ShopScript.Transaction> transactions = first(200);

  @Test
  void isTheSameEveryTime() {
    assertThat(first(200)).isEqualTo(transactions);
  }

  @Test
  void insertsUpdatesAndDeletesInEveryTable() {
    Stream<String> committed =
        transactions.stream()
            .filter(ShopScript.Transaction::committed)
            .map(ShopScript.Transaction::sql);

    assertThat(String.join("\n", committed.toList()))
        .contains("INSERT INTO users", "INSERT INTO orders", "INSERT INTO order_items")
        .contains("UPDATE users", "UPDATE orders", "UPDATE order_items")
        .contains("DELETE FROM orders", "DELETE FROM order_items");
  }

  @Test
  void rollsBackNowAndThen() {
    assertThat(transactions)
        .filteredOn(transaction -> !transaction.committed())
        .isNotEmpty()
        .allMatch(transaction -> transaction.sql().endsWith("ROLLBACK;"));
  }

  private static List<ShopScript.Transaction> first(int count) {
    var script = new ShopScript();
    return Stream.generate(script::next).limit(count).toList();
  }
}
