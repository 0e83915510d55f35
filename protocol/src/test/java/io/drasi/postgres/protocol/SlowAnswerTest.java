package io.drasi.postgres.protocol;

import static io.drasi.postgres.protocol.support.ServerMessages.complete;
import static io.drasi.postgres.protocol.support.ServerMessages.concat;
import static io.drasi.postgres.protocol.support.ServerMessages.copyData;
import static io.drasi.postgres.protocol.support.ServerMessages.copyDone;
import static io.drasi.postgres.protocol.support.ServerMessages.copyResponse;
import static io.drasi.postgres.protocol.support.ServerMessages.error;
import static io.drasi.postgres.protocol.support.ServerMessages.int32;
import static io.drasi.postgres.protocol.support.ServerMessages.notice;
import static io.drasi.postgres.protocol.support.ServerMessages.oneRow;
import static io.drasi.postgres.protocol.support.ServerMessages.parameter;
import static io.drasi.postgres.protocol.support.ServerMessages.ready;
import static io.drasi.postgres.protocol.support.ServerMessages.rowDescription;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drasi.postgres.protocol.message.FieldReader;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.postgres.protocol.message.ProtocolException;
import io.drasi.postgres.protocol.replication.ReplicationCommands;
import io.drasi.postgres.protocol.replication.SlotName;
import io.drasi.postgres.protocol.support.Peer;
import io.drasi.postgres.protocol.support.ScriptedServer;
import io.drasi.postgres.protocol.support.ScriptedServer.Script;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Servers whose answers do not come to their end. */
class SlowAnswerTest {
  private static final Duration LIMIT = Duration.ofMillis(150);
  private static final Duration PAUSE = Duration.ofMillis(10);
  private static final SlotName SLOT = new SlotName("drasi_slot");
  private static final String[] CREATED = {"slot_name", "consistent_point", "snapshot_name"};
  private static final byte[] SLOT_IS_CREATED = oneRow(CREATED, "drasi_slot", "0/15D2F58", null);

  private interface Use {
    void with(Session session) throws Exception;
  }

  private static void session(Script script, Use use) throws Exception {
    try (var server = ScriptedServer.session(script);
        Session session =
            new Connector(List.of()).connect(server.config().build(), SessionMode.QUERY)) {
      session.setAnswerTimeout(LIMIT);
      use.with(session);
    }
  }

  private static void expectTooSlow(String command, Script script, Use use) throws Exception {
    session(
        script,
        session ->
            assertThatThrownBy(() -> use.with(session))
                .isInstanceOf(ConnectionException.class)
                .hasMessage(
                    "the server's answer to %s took longer than 150 ms".formatted(command)));
  }

  /** Answers with a message that comes byte by byte. */
  private static Script trickling(char type) {
    return client -> {
      client.answer(new byte[] {(byte) type}, int32(100_000));
      trickle(client, new byte[] {'x'});
    };
  }

  private static void trickle(Peer client, byte[] bytes) throws IOException {
    while (!client.leavesWithin(PAUSE)) {
      send(client, bytes);
    }
  }

  private static void flood(Peer client, byte[] bytes) throws IOException {
    while (send(client, bytes)) {}
  }

  private static boolean send(Peer client, byte[] bytes) throws IOException {
    try {
      client.send(bytes);
      return true;
    } catch (SocketException e) { // it has left
      return false;
    }
  }

  @Test
  void waitsForARowThatTricklesNoLongerThanTheTimeout() throws Exception {
    expectTooSlow("SELECT", trickling('D'), session -> session.query("SELECT 1 AS a"));
  }

  @Test
  void waitsForSilenceWithinAnAnswerNoLongerThanTheTimeout() throws Exception {
    expectTooSlow(
        "SELECT",
        client -> {
          client.answer(rowDescription("a"));
          client.awaitEnd();
        },
        session -> session.query("SELECT 1 AS a"));
  }

  @Test
  void waitsForAnAnswerBehindNoticesNoLongerThanTheTimeout() throws Exception {
    expectTooSlow(
        "SELECT",
        client -> {
          client.query();
          flood(client, notice("nothing of interest"));
        },
        session -> session.query("SELECT 1 AS a"));
  }

  @Test
  void waitsForAReplicationCommandThatTricklesNoLongerThanTheTimeout() throws Exception {
    expectTooSlow(
        "IDENTIFY_SYSTEM",
        trickling('T'),
        session -> new ReplicationCommands(session).identifySystem());
    expectTooSlow(
        "START_REPLICATION SLOT",
        trickling('W'),
        session -> new ReplicationCommands(session).start(SLOT, Lsn.parse("0/1"), Map.of()));
  }

  @Test
  void waitsForASlotAsLongAsItTakes() throws Exception {
    session(
        client -> {
          client.query();
          client.send(notice("logical decoding found initial starting point"));
          assertThat(client.leavesWithin(LIMIT.multipliedBy(2))).isFalse();
          client.send(SLOT_IS_CREATED);
          client.expectTerminate();
        },
        session ->
            assertThat(
                    new ReplicationCommands(session)
                        .createSlot(SLOT, "pgoutput", false)
                        .consistentPoint())
                .isEqualTo(Lsn.parse("0/15D2F58")));
  }

  @Test
  void waitsForASlotWhoseAnswerTricklesNoLongerThanTheTimeout() throws Exception {
    expectTooSlow(
        "CREATE_REPLICATION_SLOT",
        trickling('T'),
        session -> new ReplicationCommands(session).createSlot(SLOT, "pgoutput", false));
    expectTooSlow(
        "CREATE_REPLICATION_SLOT",
        trickling('N'),
        session -> new ReplicationCommands(session).createSlot(SLOT, "pgoutput", false));
  }

  @Test
  void waitsForASlotBehindSomeNoticesOnly() throws Exception {
    session(
        client -> {
          client.query();
          flood(client, notice("still waiting"));
        },
        session ->
            assertThatThrownBy(
                    () -> new ReplicationCommands(session).createSlot(SLOT, "pgoutput", false))
                .isInstanceOf(ProtocolException.class)
                .hasMessageEndingWith("more than 1000 notices, and no answer"));
  }

  @Test
  void waitsForRowsOfACopyAsLongAsItTakes() throws Exception {
    List<String> rows = new ArrayList<>();
    session(
        client -> {
          client.query();
          client.send(copyResponse('H'), copyData("1\n".getBytes(UTF_8)));
          assertThat(client.leavesWithin(LIMIT.multipliedBy(2))).isFalse();
          client.send(copyData("2\n".getBytes(UTF_8)), copyDone(), complete("COPY 2"), ready());
          client.expectTerminate();
        },
        session -> session.copyOut("COPY t TO STDOUT", row -> rows.add(text(row))));
    assertThat(rows).containsExactly("1\n", "2\n");
  }

  private static String text(FieldReader row) throws ProtocolException {
    return row.readText(row.remaining(), "row");
  }

  @Test
  void waitsForTheEndOfACopyNoLongerThanTheTimeout() throws Exception {
    expectTooSlow(
        "COPY T",
        client -> {
          client.answer(copyResponse('H'), copyDone());
          client.awaitEnd();
        },
        session -> session.copyOut("COPY t TO STDOUT", row -> {}));
    expectTooSlow(
        "COPY T",
        client -> {
          client.answer(copyResponse('H'), error("ERROR", "57014", "canceled"));
          client.awaitEnd();
        },
        session -> session.copyOut("COPY t TO STDOUT", row -> {}));
  }

  @Test
  void keepsNoMoreSettingsThanThereAre() throws Exception {
    session(
        client -> {
          client.query();
          for (int i = 0; send(client, parameter("setting" + i, "x".repeat(1000))); i++) {}
        },
        session ->
            assertThatThrownBy(() -> session.query("SELECT 1 AS a"))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("the server reports more than 262144 characters of settings"));
  }

  @Test
  void refusesARowThatNoCatalogHas() throws Exception {
    session(
        client -> {
          client.answer(rowDescription("a"), concat(new byte[] {'D'}, int32(100_000_000)));
          client.awaitEnd();
        },
        session ->
            assertThatThrownBy(() -> session.query("SELECT 1 AS a"))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("the length of message 'D' must be from 4 to 67108868, was 100000000"));
  }
}
