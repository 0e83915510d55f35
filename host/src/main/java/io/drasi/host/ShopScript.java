package io.drasi.host;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * What happens in the shop, a transaction at a time: people register, order, change their minds;
 * some transactions are rolled back. The same every time. Not thread-safe.
 */
final class ShopScript {
  private static final List<String> NAMES =
      List.of("Ada", "Barbara", "Edsger", "Frances", "Grace", "Katherine", "Niklaus", "Tony");
  private static final List<String> PRODUCTS =
      List.of("kettle", "lamp", "notebook", "pencil", "teapot", "umbrella");
  private static final int KEPT_ORDERS = 5;

  private final Random random = new Random(1986);
  private final Deque<Integer> orders = new ArrayDeque<>();
  private int step;
  private int users;
  private int lastOrder;

  /**
   * A transaction.
   *
   * @param sql its statements, from BEGIN to its end
   * @param committed whether it is committed, or rolled back
   */
  record Transaction(String sql, boolean committed) {
    static Transaction committed(String statements) {
      return new Transaction("BEGIN; %s COMMIT;".formatted(statements), true);
    }

    static Transaction rolledBack(String statements) {
      return new Transaction("BEGIN; %s ROLLBACK;".formatted(statements), false);
    }
  }

  /** The next transaction. */
  Transaction next() {
    return switch (step++ % 8) {
      case 0 -> Transaction.committed(register());
      case 1, 4 -> Transaction.committed(order());
      case 2 -> Transaction.committed(moveToNewAddress());
      case 3 -> Transaction.rolledBack(changeOfMind());
      case 5 -> Transaction.committed(changeQuantity());
      case 6 -> Transaction.committed(ship());
      default -> Transaction.committed(orders.size() > KEPT_ORDERS ? forgetOrder() : removeItem());
    };
  }

  private String register() {
    int id = ++users;
    String name = pick(NAMES);
    return """
        INSERT INTO users (id, name, email, profile) \
        VALUES (%d, '%s', '%s', '{"newsletter": %s, "likes": ["%s"]}');"""
        .formatted(id, name, address(name, id), random.nextBoolean(), pick(PRODUCTS));
  }

  private String order() {
    int order = ++lastOrder;
    orders.addLast(order);
    return """
        INSERT INTO orders (id, user_id, status, total) VALUES (%1$d, %2$d, 'new', %3$s); \
        INSERT INTO order_items VALUES (%1$d, 1, '%4$s', 1, %5$s), (%1$d, 2, '%6$s', 2, %7$s);"""
        .formatted(order, anyUser(), price(), pick(PRODUCTS), price(), pick(PRODUCTS), price());
  }

  private String moveToNewAddress() {
    int user = anyUser();
    return "UPDATE users SET email = '%s' WHERE id = %d;"
        .formatted(address("user", user * 100 + random.nextInt(100)), user);
  }

  /** What is rolled back would break the keys of what comes later, were it not. */
  private String changeOfMind() {
    return """
        INSERT INTO users (id, name) VALUES (%d, 'Nobody'); DELETE FROM order_items;"""
        .formatted(users + 1);
  }

  private String changeQuantity() {
    return "UPDATE order_items SET quantity = %d WHERE order_id = %d AND item_id = 1;"
        .formatted(2 + random.nextInt(8), orders.getLast());
  }

  private String ship() {
    return "UPDATE orders SET status = 'shipped' WHERE id = %d;".formatted(orders.getLast());
  }

  private String removeItem() {
    return "DELETE FROM order_items WHERE order_id = %d AND item_id = 2;"
        .formatted(orders.getLast());
  }

  private String forgetOrder() {
    return "DELETE FROM order_items WHERE order_id = %1$d; DELETE FROM orders WHERE id = %1$d;"
        .formatted(orders.removeFirst());
  }

  private int anyUser() {
    return 1 + random.nextInt(users);
  }

  private String price() {
    return String.format(Locale.ROOT, "%d.%02d", 1 + random.nextInt(99), random.nextInt(100));
  }

  private String pick(List<String> words) {
    return words.get(random.nextInt(words.size()));
  }

  private static String address(String name, int number) {
    return "%s.%d@example.com".formatted(name.toLowerCase(Locale.ROOT), number);
  }
}
