package io.drasi.postgres.protocol;

import static io.drasi.postgres.protocol.support.ServerMessages.complete;
import static io.drasi.postgres.protocol.support.ServerMessages.oneRow;
import static io.drasi.postgres.protocol.support.ServerMessages.ready;
import static io.drasi.postgres.protocol.support.ServerMessages.rowDescription;
import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.postgres.protocol.support.ScriptedServer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ActivityTest {
  private static final String[] COLUMNS = {"state", "wait_event"};

  private static Activity ask(byte[]... answer) throws Exception {
    try (var server =
            ScriptedServer.session(
                client -> {
                  client.answer(answer);
                  client.expectTerminate();
                });
        Session session =
            new Connector(List.of()).connect(server.config().build(), SessionMode.QUERY)) {
      return Activity.of(4711, session);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "active, , AT_WORK",
    "active, WalSenderMain, AT_WORK",
    "active, ClientWrite, WAITS_FOR_CLIENT",
    "idle, ClientRead, IDLE",
    "idle in transaction, ClientRead, IDLE",
    "idle in transaction (aborted), ClientRead, IDLE",
    "disabled, , AT_WORK",
    "disabled, transactionid, AT_WORK",
    "disabled, ClientWrite, WAITS_FOR_CLIENT",
    "fastpath function call, , AT_WORK",
    ", , AT_WORK"
  })
  void countsNobodyAsIdleOfWhomItIsNotTold(
      @Nullable String state, @Nullable String waitEvent, Activity expected) throws Exception {
    assertThat(ask(oneRow(COLUMNS, state, waitEvent))).isEqualTo(expected);
  }

  @Test
  void aProcessThatIsGoneHasNothingToDo() throws Exception {
    assertThat(ask(rowDescription(COLUMNS), complete("SELECT 0"), ready()))
        .isEqualTo(Activity.IDLE);
  }
}
