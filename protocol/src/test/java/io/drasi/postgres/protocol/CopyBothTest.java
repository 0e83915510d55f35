package io.drasi.postgres.protocol;

import static io.drasi.postgres.protocol.support.ServerMessages.complete;
import static io.drasi.postgres.protocol.support.ServerMessages.copyData;
import static io.drasi.postgres.protocol.support.ServerMessages.copyDone;
import static io.drasi.postgres.protocol.support.ServerMessages.copyResponse;
import static io.drasi.postgres.protocol.support.ServerMessages.dataRow;
import static io.drasi.postgres.protocol.support.ServerMessages.error;
import static io.drasi.postgres.protocol.support.ServerMessages.notice;
import static io.drasi.postgres.protocol.support.ServerMessages.parameter;
import static io.drasi.postgres.protocol.support.ServerMessages.ready;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.drasi.postgres.protocol.message.FieldReader;
import io.drasi.postgres.protocol.message.ProtocolException;
import io.drasi.postgres.protocol.support.Peer.Received;
import io.drasi.postgres.protocol.support.ScriptedServer;
import io.drasi.postgres.protocol.support.ScriptedServer.Script;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class CopyBothTest {
  private static final String COMMAND = "START_REPLICATION SLOT \"s\" LOGICAL 0/0";

  private interface Use {
    void with(Session session, CopyBoth stream) throws Exception;
  }

  private static void stream(Script script, Use use) throws Exception {
    session(
        client -> {
          client.answer(copyResponse('W'));
          script.run(client);
        },
        session -> use.with(session, session.copyBoth(COMMAND)));
  }

  private interface SessionUse {
    void with(Session session) throws Exception;
  }

  private static void session(Script script, SessionUse use) throws Exception {
    try (var server = ScriptedServer.session(script);
        Session session =
            new Connector(List.of()).connect(server.config().build(), SessionMode.REPLICATION)) {
      use.with(session);
    }
  }

  private static String text(FieldReader content) throws ProtocolException {
    return content.readText(content.remaining(), "content");
  }

  private static byte[] data(String text) {
    return copyData(text.getBytes(UTF_8));
  }

  @Test
  void handsOutDataAndNothingElse() throws Exception {
    List<String> notices = new ArrayList<>();
    stream(
        client -> {
          client.send(data("one"), notice("hello"), parameter("TimeZone", "UTC"), copyData());
          client.send(data("two"));
          client.expectEnd();
        },
        (session, stream) -> {
          session.onNotice(report -> notices.add(report.message()));
          assertThat(text(stream.receive())).isEqualTo("one");
          assertThat(text(stream.receive())).isEmpty();
          assertThat(text(stream.receive())).isEqualTo("two");
          assertThat(session.setting("TimeZone")).contains("UTC");
        });
    assertThat(notices).containsExactly("hello");
  }

  @Test
  void tellsTheErrorThatEndsTheStream() throws Exception {
    stream(
        client -> {
          client.send(data("one"), error("ERROR", "58P01", "segment is gone"));
          client.awaitEnd();
        },
        (session, stream) -> {
          assertThat(text(stream.receive())).isEqualTo("one");
          ServerErrorException error =
              catchThrowableOfType(ServerErrorException.class, stream::receive);
          assertThat(error)
              .hasMessage("START_REPLICATION SLOT failed: segment is gone [SQLSTATE 58P01]");
        });
  }

  @Test
  void endsWithCopyDone() throws Exception {
    stream(
        client -> {
          client.send(copyDone());
          client.awaitEnd();
        },
        (session, stream) ->
            assertThatThrownBy(stream::receive)
                .isInstanceOf(ConnectionException.class)
                .hasMessage("the server ended the stream"));
  }

  /** A walsender that shuts down sends CommandComplete and nothing before it. */
  @Test
  void endsWithCommandComplete() throws Exception {
    stream(
        client -> {
          client.send(complete("COPY 0"));
          client.awaitEnd();
        },
        (session, stream) ->
            assertThatThrownBy(stream::receive)
                .isInstanceOf(ConnectionException.class)
                .hasMessage("the server ended the stream"));
  }

  @Test
  void endsWithTheConnection() throws Exception {
    stream(
        client -> client.send(data("one")),
        (session, stream) -> {
          assertThat(text(stream.receive())).isEqualTo("one");
          assertThatThrownBy(stream::receive)
              .isInstanceOf(ConnectionException.class)
              .hasMessage("the server closed the connection");
        });
  }

  @Test
  void refusesWhatDoesNotBelongInAStream() throws Exception {
    stream(
        client -> {
          client.send(dataRow("1"));
          client.awaitEnd();
        },
        (session, stream) ->
            assertThatThrownBy(stream::receive)
                .isInstanceOf(ProtocolException.class)
                .hasMessage("START_REPLICATION SLOT: unknown message type 'D'"));
  }

  @Test
  void canBeUsedOnWhenTheStreamIsRefused() throws Exception {
    session(
        client -> {
          client.answer(error("ERROR", "42704", "no such slot"), ready());
          client.answer(complete("SELECT 0"), ready());
          client.expectTerminate();
        },
        session -> {
          assertThatThrownBy(() -> session.copyBoth(COMMAND))
              .isInstanceOf(ServerErrorException.class)
              .hasMessageContaining("SQLSTATE 42704");
          assertThat(session.query("SELECT 1")).hasSize(1);
        });
  }

  @Test
  void saysThatACommandStartedNoStream() throws Exception {
    session(
        client -> {
          client.answer(complete("SELECT 0"), ready());
          client.expectTerminate();
        },
        session ->
            assertThatThrownBy(() -> session.copyBoth("SELECT 1"))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("SELECT started no stream"));
  }

  @Test
  void takesNoCommandWhileItStreams() throws Exception {
    stream(
        client -> client.expectEnd(), // closed without Terminate: the server is in the stream
        (session, stream) -> {
          assertThatThrownBy(() -> session.query("SELECT 1"))
              .isInstanceOf(IllegalStateException.class);
          session.close();
        });
  }

  @Test
  void sendsWhileAnotherThreadReceives() throws Exception {
    var sent = new CountDownLatch(1);
    stream(
        client -> {
          sent.await();
          assertThat(client.receive()).isEqualTo(new Received('d', "7200ff"));
          assertThat(client.receive()).isEqualTo(new Received('c', ""));
          client.expectTerminate();
        },
        (session, stream) -> {
          BlockedThread reader = BlockedThread.reading(stream::receive);

          stream.send(new byte[] {'r', 0, -1});
          stream.end();
          sent.countDown();

          session.close();
          assertThat(reader.failure()).isInstanceOf(ConnectionException.class);
        });
  }

  @Test
  void keepsMessagesOfSeveralThreadsWhole() throws Exception {
    int count = 200;
    stream(
        client -> {
          for (int i = 0; i < 2 * count; i++) {
            Received message = client.receive();
            assertThat(message.text()).matches("a{1000}|b{1000}");
          }
          client.expectEnd();
        },
        (session, stream) -> {
          var other = new Thread(() -> sendMany(stream, "a", count));
          other.start();
          sendMany(stream, "b", count);
          other.join();
          assertThat(other.isAlive()).isFalse();
        });
  }

  private static void sendMany(CopyBoth stream, String letter, int count) {
    try {
      for (int i = 0; i < count; i++) {
        stream.send(letter.repeat(1000).getBytes(UTF_8));
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void closesAtOnceWhileAnotherThreadReceives() throws Exception {
    stream(
        client -> client.expectEnd(),
        (session, stream) -> {
          BlockedThread reader = BlockedThread.reading(stream::receive);

          session.close();

          assertThat(reader.failure()).isInstanceOf(ConnectionException.class);
          assertThatThrownBy(() -> stream.send(new byte[1]))
              .isInstanceOf(ConnectionException.class);
        });
  }
}
