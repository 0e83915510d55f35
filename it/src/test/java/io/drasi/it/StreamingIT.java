package io.drasi.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.drasi.api.change.Element;
import io.drasi.api.change.ElementReference;
import io.drasi.api.change.ElementValue;
import io.drasi.api.change.SourceChange;
import io.drasi.api.source.Acknowledgement;
import io.drasi.api.source.ManagedSource;
import io.drasi.api.source.SourceEvent;
import io.drasi.api.source.SourceEvent.Transaction;
import io.drasi.api.source.SourceException;
import io.drasi.api.source.SourcePosition;
import io.drasi.api.source.SourceState;
import io.drasi.api.source.Subscription;
import io.drasi.api.source.SubscriptionEndedException;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.it.support.Eventually;
import io.drasi.it.support.Servers;
import io.drasi.it.support.TestDatabase;
import java.math.BigDecimal;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation of the shop schema arrives as it should, on each server version. */
@ParameterizedClass
@MethodSource("io.drasi.it.support.Servers#versions")
class StreamingIT {
  @Parameter String version;

  private TestDatabase database;
  private ManagedSource source;
  private Subscription subscription;

  @BeforeEach
  void streamTheShop() throws Exception {
    database = TestDatabase.create(Servers.shared(version));
    database.run(
        "CREATE TABLE users (id bigint PRIMARY KEY, name text, email text, note text)",
        "CREATE TABLE orders (order_id int PRIMARY KEY, user_id bigint, total numeric(12,2))",
        "CREATE TABLE order_items (item_id int, order_id int, quantity int,"
            + " PRIMARY KEY (order_id, item_id))",
        "ALTER TABLE users ALTER note SET STORAGE EXTERNAL",
        "CREATE PUBLICATION drasi_publication FOR TABLE users, orders, order_items");
    source = database.source("shop").build();
    subscription = source.subscribe(SubscriptionRequest.of("query"));
    source.start();
    Eventually.awaitRunning(source);
  }

  @AfterEach
  void stop() throws Exception {
    source.close();
    database.close();
  }

  private Transaction next() throws InterruptedException {
    SourceEvent event =
        subscription
            .poll(Duration.ofSeconds(20))
            .orElseThrow(() -> new AssertionError("no event; " + source.status()));
    return (Transaction) event;
  }

  private static List<SourceChange> changes(Transaction transaction) {
    List<SourceChange> changes = new ArrayList<>();
    transaction.changes().forEach(changes::add);
    return changes;
  }

  private SourceChange only(String sql) throws Exception {
    database.run(sql);
    List<SourceChange> changes = changes(next());
    assertThat(changes).hasSize(1);
    return changes.get(0);
  }

  private static ElementReference reference(String elementId) {
    return new ElementReference("shop", elementId);
  }

  @Test
  void deliversAnInsertWithIdLabelValuesAndCommitTime() throws Exception {
    Instant before =
        Instant.parse(database.ask("SELECT to_json(now() AT TIME ZONE 'UTC')#>>'{}'") + "Z");
    database.run("INSERT INTO users VALUES (12345, 'Alice', NULL, '')");
    Transaction transaction = next();
    var insert = (SourceChange.Insert) changes(transaction).get(0);
    Element element = insert.element();
    assertThat(element.metadata().reference()).isEqualTo(reference("users:12345"));
    assertThat(element.metadata().labels()).containsExactly("users");
    assertThat(element.metadata().effectiveFrom())
        .isEqualTo(transaction.commitTime())
        .isBetween(before, before.plus(1, ChronoUnit.MINUTES));
    assertThat(element.properties())
        .containsExactly(
            Map.entry("id", new ElementValue.Integer(12345)),
            Map.entry("name", new ElementValue.Text("Alice")),
            Map.entry("email", ElementValue.Null.NULL),
            Map.entry("note", new ElementValue.Text("")));
    assertThat(insert.movedFrom()).isNull();
  }

  @Test
  void deliversAnUpdateUnderTheSameId() throws Exception {
    database.run("INSERT INTO orders VALUES (7, 1, 10.50)");
    next();
    var update = (SourceChange.Update) only("UPDATE orders SET total = 11.00 WHERE order_id = 7");
    assertThat(update.element().metadata().reference()).isEqualTo(reference("orders:7"));
    assertThat(update.element().properties())
        .containsEntry("total", new ElementValue.Decimal(new BigDecimal("11.00")))
        .containsEntry("user_id", new ElementValue.Integer(1));
    assertThat(update.before()).isNull();
  }

  @Test
  void joinsTheKeyInItsOwnOrderNotInThatOfTheColumns() throws Exception {
    var insert = (SourceChange.Insert) only("INSERT INTO order_items VALUES (5, 1001, 2)");
    assertThat(insert.element().metadata().reference()).isEqualTo(reference("order_items:1001_5"));
  }

  @Test
  void deliversTransactionsWholeAndInCommitOrder() throws Exception {
    try (Connection first = database.connect();
        Connection second = database.connect()) {
      first.setAutoCommit(false);
      second.setAutoCommit(false);
      TestDatabase.run(first, "INSERT INTO users VALUES (1, 'began first', NULL, NULL)");
      TestDatabase.run(second, "INSERT INTO users VALUES (2, 'began second', NULL, NULL)");
      TestDatabase.run(second, "INSERT INTO orders VALUES (1, 2, 1), (2, 2, 2)");
      TestDatabase.run(first, "UPDATE users SET name = 'changed' WHERE id = 1");
      second.commit();
      first.commit();
    }
    Transaction committedFirst = next();
    Transaction committedSecond = next();
    assertThat(ids(committedFirst)).containsExactly("users:2", "orders:1", "orders:2");
    assertThat(ids(committedSecond)).containsExactly("users:1", "users:1");
    assertThat(committedFirst.position()).isLessThan(committedSecond.position());
    assertThat(committedFirst.commitTime()).isBeforeOrEqualTo(committedSecond.commitTime());
  }

  private static List<String> ids(Transaction transaction) {
    return changes(transaction).stream()
        .map(
            change ->
                change instanceof SourceChange.Insert insert
                    ? insert.element().metadata()
                    : ((SourceChange.Update) change).element().metadata())
        .map(metadata -> metadata.reference().elementId())
        .toList();
  }

  @Test
  void deliversNothingOfWhatWasRolledBack() throws Exception {
    try (Connection connection = database.connect()) {
      connection.setAutoCommit(false);
      TestDatabase.run(connection, "INSERT INTO users VALUES (1, 'never', NULL, NULL)");
      connection.rollback();
      TestDatabase.run(connection, "INSERT INTO users VALUES (2, 'kept', NULL, NULL)");
      TestDatabase.run(connection, "SAVEPOINT s");
      TestDatabase.run(connection, "INSERT INTO users VALUES (3, 'undone', NULL, NULL)");
      TestDatabase.run(connection, "ROLLBACK TO s");
      TestDatabase.run(connection, "INSERT INTO users VALUES (4, 'kept too', NULL, NULL)");
      connection.commit();
    }
    assertThat(ids(next())).containsExactly("users:2", "users:4");
  }

  @Test
  void deliversAKeyChangeAsDeleteAndInsert() throws Exception {
    database.run("INSERT INTO users VALUES (1, 'Alice', 'a@example.com', NULL)");
    next();
    database.run("UPDATE users SET id = 2 WHERE id = 1");
    List<SourceChange> changes = changes(next());
    assertThat(changes).hasSize(2);
    var delete = (SourceChange.Delete) changes.get(0);
    var insert = (SourceChange.Insert) changes.get(1);
    assertThat(delete.metadata().reference()).isEqualTo(reference("users:1"));
    assertThat(insert.element().metadata().reference()).isEqualTo(reference("users:2"));
    assertThat(insert.movedFrom()).isEqualTo(reference("users:1"));
    assertThat(insert.element().properties()).containsEntry("name", new ElementValue.Text("Alice"));
  }

  @Test
  void deliversADeleteUnderTheDefaultIdentityByItsKeyAlone() throws Exception {
    database.run("INSERT INTO users VALUES (1, 'Alice', NULL, NULL)");
    next();
    var delete = (SourceChange.Delete) only("DELETE FROM users WHERE id = 1");
    assertThat(delete.metadata().reference()).isEqualTo(reference("users:1"));
    assertThat(delete.metadata().labels()).containsExactly("users");
    assertThat(delete.before()).isNull();
  }

  @Test
  void deliversTheOldRowUnderTheFullIdentity() throws Exception {
    database.run(
        "ALTER TABLE users REPLICA IDENTITY FULL",
        "INSERT INTO users VALUES (1, 'Alice', NULL, NULL)");
    next();
    var update = (SourceChange.Update) only("UPDATE users SET name = 'Bob' WHERE id = 1");
    assertThat(update.before()).isNotNull();
    assertThat(update.before().properties())
        .containsEntry("name", new ElementValue.Text("Alice"))
        .containsEntry("email", ElementValue.Null.NULL);
    var delete = (SourceChange.Delete) only("DELETE FROM users WHERE id = 1");
    assertThat(delete.metadata().reference()).isEqualTo(reference("users:1"));
    assertThat(delete.before()).isNotNull();
    assertThat(delete.before().properties()).containsEntry("name", new ElementValue.Text("Bob"));
  }

  @Test
  void deliversTruncateWithItsLabelsInOrder() throws Exception {
    Servers.assumeSince(11, version, "TRUNCATE is told of");
    database.run("INSERT INTO orders VALUES (1, 1, 1)");
    next();
    database.run("TRUNCATE orders, order_items RESTART IDENTITY CASCADE");
    var truncate = (SourceChange.Truncate) changes(next()).get(0);
    assertThat(truncate.labels()).containsExactlyInAnyOrder("orders", "order_items");
    assertThat(truncate.cascade()).isTrue();
    assertThat(truncate.restartIdentity()).isTrue();
  }

  @Test
  void tellsNullFromWhatWasNotSent() throws Exception {
    database.run(
        "INSERT INTO users SELECT 1, 'Alice', NULL, string_agg(md5(i::text), '')"
            + " FROM generate_series(1, 2000) i");
    next();
    var update = (SourceChange.Update) only("UPDATE users SET name = 'Bob' WHERE id = 1");
    assertThat(update.element().properties())
        .as("a large value that did not change is not sent")
        .doesNotContainKey("note")
        .containsEntry("email", ElementValue.Null.NULL)
        .containsEntry("name", new ElementValue.Text("Bob"));
  }

  @Test
  void reportsProgressThatTheServerRecords() throws Exception {
    database.run("INSERT INTO orders VALUES (1, 1, 1)");
    Transaction transaction = next();
    assertThat(subscription.poll(Duration.ofMillis(100))).as("asking acknowledges").isEmpty();
    String lsn = transaction.position().toString().replaceAll(".*-", "");
    Eventually.eventually(
        "the slot confirms " + lsn,
        Duration.ofSeconds(20),
        () ->
            database
                .ask(
                    "SELECT confirmed_flush_lsn >= '%s' FROM pg_replication_slots WHERE slot_name = '%s'"
                        .formatted(lsn, database.slot()))
                .equals("t"));
  }

  @Test
  void keepsTheOrderOfAKeyWhoseColumnIsRenamed() throws Exception {
    assertThat(only("INSERT INTO order_items VALUES (5, 1001, 2)"))
        .isInstanceOf(SourceChange.Insert.class);
    database.run("ALTER TABLE order_items RENAME order_id TO number");
    var update = (SourceChange.Update) only("UPDATE order_items SET quantity = 3");
    assertThat(update.element().metadata().reference()).isEqualTo(reference("order_items:1001_5"));
  }

  @Test
  void refusesASlotThatWasMovedWhileNobodyWasSubscribed() throws Exception {
    database.run("INSERT INTO orders VALUES (1, 1, 1)");
    next();
    subscription.close();
    Eventually.eventually(
        "the slot is free",
        Duration.ofSeconds(30),
        () ->
            database
                .ask(
                    "SELECT active FROM pg_replication_slots WHERE slot_name = '%s'"
                        .formatted(database.slot()))
                .equals("f"));
    String move =
        Servers.isAtLeast(11, version)
            ? "SELECT pg_replication_slot_advance('%s', pg_current_wal_lsn())"
            : "SELECT count(*) FROM pg_logical_slot_get_binary_changes('%s', NULL, NULL,"
                + " 'proto_version', '1', 'publication_names', 'drasi_publication')";
    database.run("INSERT INTO orders VALUES (2, 1, 1)", move.formatted(database.slot()));
    source.subscribe(SubscriptionRequest.of("query"));
    Eventually.eventually(
        "the gap is told; " + source.status(),
        Duration.ofSeconds(20),
        () -> source.status().state() == SourceState.FAILED);
    assertThat(source.status().error().orElseThrow().getMessage())
        .contains("something else has used the slot");
  }

  @Test
  void aSubscriberThatReturnsGetsAtOnceWhatItHasNotAcknowledged() throws Exception {
    SubscriptionRequest request =
        SubscriptionRequest.builder("returning")
            .withAcknowledgement(Acknowledgement.MANUAL)
            .build();
    Subscription returning = source.subscribe(request);
    database.run("INSERT INTO orders VALUES (1, 1, 1)");
    Transaction transaction = (Transaction) returning.poll(Duration.ofSeconds(20)).orElseThrow();
    next();
    returning.close();
    assertThat(source.subscribe(request).poll(Duration.ofSeconds(5)))
        .as("sooner than the server's next sign of life")
        .get()
        .extracting(event -> ((Transaction) event).position())
        .isEqualTo(transaction.position());
  }

  @Test
  void whatTheLastSubscriberAcknowledgedIsConfirmedWhenItHasGone() throws Exception {
    subscription.close();
    subscription =
        source.subscribe(
            SubscriptionRequest.builder("by hand")
                .withAcknowledgement(Acknowledgement.MANUAL)
                .build());
    database.run("INSERT INTO users VALUES (1, 'Alice')");
    SourcePosition position = next().position();
    subscription.acknowledge(position);
    subscription.close();
    String lsn = position.toString().replaceAll(".*-", "");
    Eventually.eventually(
        "the slot confirms " + lsn,
        Duration.ofSeconds(10),
        () ->
            database
                .ask(
                    "SELECT confirmed_flush_lsn >= '%s' FROM pg_replication_slots WHERE slot_name = '%s'"
                        .formatted(lsn, database.slot()))
                .equals("t"));
  }

  @Test
  void deprovisionDropsTheSlotAndTheSourceMayBeginAnew() throws Exception {
    database.run("INSERT INTO orders VALUES (1, 1, 1)");
    next();
    source.deprovision();
    assertThat(
            database.ask(
                "SELECT count(*) FROM pg_replication_slots WHERE slot_name = '%s'"
                    .formatted(database.slot())))
        .isEqualTo("0");
    assertThatExceptionOfType(SubscriptionEndedException.class)
        .isThrownBy(() -> subscription.take())
        .withMessageContaining("was removed from its database");
    subscription = source.subscribe(SubscriptionRequest.of("query"));
    source.start();
    Eventually.awaitRunning(source);
    assertThat(only("INSERT INTO orders VALUES (2, 1, 1)")).isInstanceOf(SourceChange.Insert.class);
  }

  @Test
  void deprovisionFailsWhileAnotherClientUsesTheSlot() throws Exception {
    try (ManagedSource other = database.source("other").build()) {
      assertThatExceptionOfType(SourceException.class)
          .isThrownBy(other::deprovision)
          .withMessageStartingWith("the slot %s was not dropped".formatted(database.slot()))
          .withMessageContaining("55006");
    }
    assertThat(only("INSERT INTO orders VALUES (2, 1, 1)"))
        .as("the other client goes on")
        .isInstanceOf(SourceChange.Insert.class);
  }
}
