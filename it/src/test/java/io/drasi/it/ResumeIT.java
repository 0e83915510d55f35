package io.drasi.it;

import static io.drasi.it.support.Eventually.awaitRunning;
import static io.drasi.it.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.drasi.api.source.Acknowledgement;
import io.drasi.api.source.PositionUnavailableException;
import io.drasi.api.source.SourcePosition;
import io.drasi.api.source.SubscriptionRequest;
import io.drasi.embedded.postgres.EmbeddedPostgres;
import io.drasi.it.support.Servers;
import io.drasi.it.support.ShopWriter;
import io.drasi.it.support.TestDatabase;
import io.drasi.it.support.Transactions;
import io.drasi.postgres.decoder.position.PostgresPosition;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Who wants to resume where the server cannot is told so, with the earliest position there is; the
 * others go on. What a promoted server has of an older timeline is in {@code PromotionIT}.
 */
@ParameterizedClass
@MethodSource("io.drasi.it.support.Servers#versions")
class ResumeIT {
  @Parameter String version;

  private TestDatabase database;

  @BeforeEach
  void createDatabase() throws Exception {
    database = TestDatabase.create(Servers.shared(version));
    ShopWriter.createSchema(database);
  }

  @AfterEach
  void dropDatabase() throws Exception {
    database.close();
  }

  private static void write(TestDatabase database, int id) throws Exception {
    database.run("INSERT INTO items VALUES (%d, 'one', 1)".formatted(id));
  }

  /**
   * A subscriber takes two transactions, and acknowledges both.
   *
   * @return the position of the first
   */
  private static SourcePosition streamTwo(TestDatabase database) throws Exception {
    SourcePosition first = takeTwo(database);
    String active = "SELECT active FROM pg_replication_slots WHERE slot_name = '%s'";
    eventually(
        "the server has heard the last of it",
        Duration.ofSeconds(20),
        () -> database.ask(active.formatted(database.slot())).equals("f"));
    return first;
  }

  private static SourcePosition takeTwo(TestDatabase database) throws Exception {
    var request =
        SubscriptionRequest.builder("before").withAcknowledgement(Acknowledgement.MANUAL).build();
    try (var source = database.source("before").build();
        var subscription = source.subscribe(request)) {
      source.start();
      awaitRunning(source);
      write(database, 1);
      write(database, 2);
      SourcePosition first = Transactions.next(subscription).position();
      SourcePosition second = Transactions.next(subscription).position();
      subscription.acknowledge(second);
      eventually(
          "the slot has confirmed both",
          Duration.ofSeconds(20),
          () -> PostgresPosition.parse(slot(database)).compareTo(second) >= 0);
      return first;
    }
  }

  /** What the slot has confirmed, as a position. */
  private static String slot(TestDatabase database) throws Exception {
    return database.ask(
        "SELECT system_identifier || '-1-' || confirmed_flush_lsn"
            + " FROM pg_control_system(), pg_replication_slots WHERE slot_name = '%s'"
                .formatted(database.slot()));
  }

  private static SubscriptionRequest resuming(String id, SourcePosition from) {
    return SubscriptionRequest.builder(id).withResumeFrom(from).build();
  }

  /** Both when the source has not connected yet and when it has. */
  private void requireRefused(SourcePosition wanted, String reason) throws Exception {
    String slot = slot(database);
    try (var source = database.source("after").build();
        var early = source.subscribe(resuming("early", wanted));
        var other = source.subscribe(SubscriptionRequest.of("other"))) {
      source.start();
      assertThatExceptionOfType(PositionUnavailableException.class)
          .isThrownBy(early::take)
          .withMessage(
              "cannot resume from %s: %s; the earliest position is %s: bootstrap again",
              wanted, reason, slot)
          .satisfies(e -> assertThat(e.requested()).isEqualTo(wanted))
          .satisfies(e -> assertThat(e.earliest()).isEqualTo(source.parsePosition(slot)));
      awaitRunning(source);
      assertThatExceptionOfType(PositionUnavailableException.class)
          .isThrownBy(() -> source.subscribe(resuming("late", wanted)))
          .withMessageStartingWith("cannot resume from %s: ", wanted);
      write(database, 3);
      assertThat(Transactions.inserted(Transactions.next(other))).containsExactly("items:3");
    }
  }

  @Test
  void aPositionThatTheSlotHasPassedIsRefusedWithTheEarliestOneThereIs() throws Exception {
    SourcePosition first = streamTwo(database);
    String confirmed = slot(database).replaceAll(".*-", "");
    requireRefused(first, "the slot keeps only what comes after " + confirmed);
  }

  @Test
  void whoResumesFromTheEarliestPositionGetsWhatFollows() throws Exception {
    streamTwo(database);
    try (var source = database.source("after").build();
        var back = source.subscribe(resuming("back", source.parsePosition(slot(database))))) {
      source.start();
      write(database, 3);
      assertThat(Transactions.inserted(Transactions.next(back))).containsExactly("items:3");
    }
  }

  @Test
  void aPositionOfAnotherSystemIsRefused() throws Exception {
    streamTwo(database);
    try (EmbeddedPostgres server = Servers.start(Servers.builder(version));
        TestDatabase other = TestDatabase.create(server)) {
      ShopWriter.createSchema(other);
      String identifier = "SELECT system_identifier FROM pg_control_system()";
      requireRefused(
          streamTwo(other),
          "the server's system identifier is %s, and the position's is %s"
              .formatted(database.ask(identifier), other.ask(identifier)));
    }
  }
}
