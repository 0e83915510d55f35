package io.drasi.source.postgres.internal.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.drasi.api.source.SourceException;
import io.drasi.postgres.protocol.ConnectionException;
import io.drasi.postgres.protocol.Connector;
import io.drasi.postgres.protocol.ServerErrorException;
import io.drasi.postgres.protocol.SslMode;
import io.drasi.source.postgres.PostgresSourceConfig;
import io.drasi.source.postgres.testing.Backend;
import io.drasi.source.postgres.testing.ScriptedServer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class SlotRemovalTest {
  private final ScriptedServer server = new ScriptedServer();
  private final AtomicInteger attempts = new AtomicInteger();
  private final SlotRemoval removal =
      new SlotRemoval(
          PostgresSourceConfig.builder("src")
              .withHost("127.0.0.1")
              .withPort(server.port())
              .withDatabase("shop")
              .withUser("drasi")
              .withSslMode(SslMode.DISABLE)
              .build(),
          new Connector(List.of()));

  @AfterEach
  void close() throws Exception {
    server.close();
  }

  /** The slot is in use the first times it is to be dropped. */
  private void answerInUse(int times) {
    server.answer(
        "DROP_REPLICATION_SLOT",
        () ->
            attempts.incrementAndGet() <= times
                ? Backend.error("55006", "replication slot is active for PID 4711")
                : Backend.complete("DROP_REPLICATION_SLOT"));
  }

  @Test
  void dropsTheSlot() throws Exception {
    removal.run();
    server.awaitCommand("DROP_REPLICATION_SLOT \"drasi_slot\"");
    assertThatCode(removal::run).as("there is none any more").doesNotThrowAnyException();
  }

  @Test
  void isDoneWhereThereIsNoSlot() {
    server.setSlot(null);
    answerInUse(0);
    removal.run();
    assertThat(attempts).hasValue(0);
  }

  @Test
  void waitsUntilTheServerHasNoticedThatTheSessionEnded() {
    answerInUse(2);
    removal.run();
    assertThat(attempts).hasValue(3);
  }

  @Test
  void anInterruptEndsTheWaitAndStaysSet() {
    answerInUse(Integer.MAX_VALUE);
    Thread.currentThread().interrupt();
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(removal::run)
        .withMessage("the slot drasi_slot was not dropped: interrupted while it was in use")
        .withCauseInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(attempts).hasValue(1);
  }

  @Test
  void tellsWhyTheServerRefusesAndWhatMendsIt() {
    server.answer("DROP_REPLICATION_SLOT", () -> Backend.error("42501", "permission denied"));
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(removal::run)
        .withMessageStartingWith("the slot drasi_slot was not dropped: ")
        .withMessageContaining("permission denied [SQLSTATE 42501]; grant that privilege")
        .withCauseInstanceOf(ServerErrorException.class);
  }

  @Test
  void tellsWhenTheServerCannotBeReached() throws Exception {
    server.close();
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(removal::run)
        .withMessageStartingWith("the slot drasi_slot was not dropped: ")
        .withCauseInstanceOf(ConnectionException.class);
  }
}
