package io.drasi.it.faults;

import static io.drasi.it.support.Eventually.awaitRunning;
import static io.drasi.it.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.api.source.ManagedSource;
import io.drasi.api.source.Subscription;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.embedded.postgres.EmbeddedPostgres;
import io.drasi.it.support.Servers;
import io.drasi.it.support.TestDatabase;
import io.drasi.it.support.Transactions;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * After a stop and after the loss of a connection the next event is the next row, once. How long
 * that takes is written down.
 */
@Tag("faults")
class ResumeMomentsIT {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final int TRIES = 20;
  private static final List<Moments.Moment> MOMENTS = new ArrayList<>();

  private static EmbeddedPostgres server;

  private final List<Double> millis = new ArrayList<>();
  private TestDatabase database;
  private Connection connection;
  private ManagedSource source;
  private Subscription subscription;

  @BeforeAll
  static void startServer() {
    server = Servers.start(Servers.builder(Servers.newest()));
  }

  @AfterAll
  static void report() throws Exception {
    new Moments("resume", server.version(), MOMENTS).write();
    server.close();
  }

  @BeforeEach
  void stream() throws Exception {
    database = TestDatabase.create(server);
    database.run(
        "CREATE TABLE items (id int PRIMARY KEY)",
        "CREATE PUBLICATION drasi_publication FOR TABLE items");
    connection = database.connect();
    source = database.source("shop").build();
    subscription = source.subscribe(SubscriptionRequest.of("query"));
    source.start();
    awaitRunning(source);
    insert(0);
    assertNext(0);
  }

  @AfterEach
  void close() throws Exception {
    source.close();
    connection.close();
    database.close();
  }

  private void insert(int id) throws Exception {
    TestDatabase.run(connection, "INSERT INTO items VALUES (%d)".formatted(id));
  }

  private void assertNext(int id) throws Exception {
    assertThat(Transactions.inserted(Transactions.next(subscription)))
        .containsExactly("items:" + id);
  }

  @Test
  void fromTheStartToTheFirstEvent() throws Exception {
    for (int id = 1; id <= TRIES; id++) {
      source.stop();
      insert(id);
      long begun = System.nanoTime();
      source.start();
      assertNext(id);
      millis.add(Stopwatch.millis(System.nanoTime() - begun));
    }
    MOMENTS.add(new Moments.Moment("from start() to the first event after a stop", millis));
  }

  @Test
  void fromTheCutToTheFirstEvent() throws Exception {
    for (int id = 1; id <= TRIES; id++) {
      awaitRunning(source);
      long sessions = source.metrics().sessions();
      long begun = System.nanoTime();
      TestDatabase.run(
          connection,
          "SELECT pg_terminate_backend(active_pid, 10000) FROM pg_replication_slots"
              + " WHERE slot_name = '%s'".formatted(database.slot()));
      insert(id);
      assertNext(id);
      millis.add(Stopwatch.millis(System.nanoTime() - begun));
      eventually(
          "there was another session", LONG, () -> source.metrics().sessions() == sessions + 1);
    }
    MOMENTS.add(new Moments.Moment("from the loss of the connection to the next event", millis));
  }
}
