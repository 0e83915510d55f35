package io.drasi.postgres.protocol.replication;

import static io.drasi.postgres.protocol.support.ServerMessages.copyData;
import static io.drasi.postgres.protocol.support.ServerMessages.copyResponse;
import static io.drasi.postgres.protocol.support.ServerMessages.hex;
import static io.drasi.postgres.protocol.support.ServerMessages.notice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drasi.postgres.protocol.Connector;
import io.drasi.postgres.protocol.Session;
import io.drasi.postgres.protocol.SessionMode;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.postgres.protocol.message.ProtocolException;
import io.drasi.postgres.protocol.replication.ReplicationMessage.Keepalive;
import io.drasi.postgres.protocol.replication.ReplicationMessage.XLogData;
import io.drasi.postgres.protocol.support.Peer.Received;
import io.drasi.postgres.protocol.support.ScriptedServer;
import io.drasi.postgres.protocol.support.ScriptedServer.Script;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplicationStreamTest {
  private static final String KEEPALIVE = "6B 0000000100000003 00000000000F4242 01";
  private static final String XLOG_HEADER = "77 0000000100000002 0000000100000003 00000000000F4242";

  private interface Use {
    void with(ReplicationStream stream) throws Exception;
  }

  private static void stream(Script script, Use use) throws Exception {
    try (var server =
            ScriptedServer.session(
                client -> {
                  client.answer(copyResponse('W'));
                  script.run(client);
                });
        Session session =
            new Connector(List.of()).connect(server.config().build(), SessionMode.REPLICATION)) {
      use.with(new ReplicationCommands(session).start(new SlotName("s"), Lsn.NONE, Map.of()));
    }
  }

  @Test
  void readsDataAndKeepalivesInOrder() throws Exception {
    stream(
        client -> {
          client.send(copyData(hex(XLOG_HEADER + "4200")), notice("hello"));
          client.send(copyData(hex(KEEPALIVE)), copyData(hex(XLOG_HEADER)));
          client.expectEnd();
        },
        stream -> {
          var data = (XLogData) stream.receive();
          assertThat(data.walStart()).isEqualTo(Lsn.parse("1/2"));
          assertThat(data.payload().readBytes(2, "payload")).isEqualTo(hex("4200"));
          assertThat(data.payload().remaining()).isZero();
          assertThat(stream.receive())
              .isEqualTo(
                  new Keepalive(
                      Lsn.parse("1/3"), Instant.parse("2000-01-01T00:00:01.000002Z"), true));
          assertThat(((XLogData) stream.receive()).payload().remaining()).isZero();
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "78",
        "72 00",
        "6B",
        "6B 0000000100000003 00000000000F4242",
        "6B 0000000100000003 00000000000F4242 01 00",
        "77 0000000100000002 0000000100000003 000000000F4242"
      })
  void refusesMalformedMessages(String content) throws Exception {
    stream(
        client -> {
          client.send(copyData(hex(content)));
          client.awaitEnd();
        },
        stream -> assertThatThrownBy(stream::receive).isInstanceOf(ProtocolException.class));
  }

  @Test
  void reportsAndEnds() throws Exception {
    var status =
        new StandbyStatus(
            Lsn.parse("1/2"),
            Lsn.parse("1/1"),
            Lsn.NONE,
            Instant.parse("2000-01-01T00:00:00Z"),
            true);
    stream(
        client -> {
          assertThat(client.receive())
              .isEqualTo(
                  new Received(
                      'd',
                      "720000000100000002000000010000000100000000000000000000000000000000" + "01"));
          assertThat(client.receive()).isEqualTo(new Received('c', ""));
          client.expectTerminate();
        },
        stream -> {
          stream.report(status);
          stream.end();
          assertThat(status.replyRequested()).isTrue();
        });
  }
}
