package io.drasi.postgres.protocol;

import static io.drasi.postgres.protocol.support.ServerMessages.complete;
import static io.drasi.postgres.protocol.support.ServerMessages.concat;
import static io.drasi.postgres.protocol.support.ServerMessages.copyData;
import static io.drasi.postgres.protocol.support.ServerMessages.copyDone;
import static io.drasi.postgres.protocol.support.ServerMessages.copyResponse;
import static io.drasi.postgres.protocol.support.ServerMessages.dataRow;
import static io.drasi.postgres.protocol.support.ServerMessages.error;
import static io.drasi.postgres.protocol.support.ServerMessages.hex;
import static io.drasi.postgres.protocol.support.ServerMessages.int32;
import static io.drasi.postgres.protocol.support.ServerMessages.message;
import static io.drasi.postgres.protocol.support.ServerMessages.notice;
import static io.drasi.postgres.protocol.support.ServerMessages.parameter;
import static io.drasi.postgres.protocol.support.ServerMessages.ready;
import static io.drasi.postgres.protocol.support.ServerMessages.rowDescription;
import static io.drasi.postgres.protocol.support.ServerMessages.string;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.drasi.postgres.protocol.message.FieldReader;
import io.drasi.postgres.protocol.message.ProtocolException;
import io.drasi.postgres.protocol.support.Peer;
import io.drasi.postgres.protocol.support.ScriptedServer;
import io.drasi.postgres.protocol.support.ScriptedServer.Script;
import io.drasi.postgres.protocol.support.ServerMessages;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SessionTest {
  private static final byte[] ONE = concat(rowDescription("a"), dataRow("1"), complete("SELECT 1"));

  private interface Use {
    void with(Session session) throws Exception;
  }

  /** A session with a server that does this after the start-up. */
  private static void session(Script script, Use use) throws Exception {
    try (var server = ScriptedServer.session(script);
        Session session =
            new Connector(List.of()).connect(server.config().build(), SessionMode.QUERY)) {
      use.with(session);
    }
  }

  private static String text(FieldReader content) throws ProtocolException {
    return content.readText(content.remaining(), "content");
  }

  @Test
  void asksByTheSimpleQueryProtocolAndSaysGoodbye() throws Exception {
    session(
        client -> {
          assertThat(client.receive()).hasToString("Q SELECT 'é', NULL|");
          client.send(rowDescription("x", "y"), dataRow("é", null), complete("SELECT 1"), ready());
          client.expectTerminate();
        },
        session ->
            assertThat(session.query("SELECT 'é', NULL"))
                .containsExactly(
                    new QueryResult(
                        List.of("x", "y"), List.of(Arrays.asList("é", null)), "SELECT 1")));
  }

  @Test
  void givesAResultForEachStatement() throws Exception {
    session(
        client -> {
          client.answer(complete("BEGIN"), rowDescription("a"), complete("SELECT 0"), ONE, ready());
          client.answer(message('I'), ready());
          client.expectTerminate();
        },
        session -> {
          assertThat(session.query("BEGIN; SELECT a FROM b; SELECT 1 AS a"))
              .containsExactly(
                  new QueryResult(List.of(), List.of(), "BEGIN"),
                  new QueryResult(List.of("a"), List.of(), "SELECT 0"),
                  new QueryResult(List.of("a"), List.of(List.of("1")), "SELECT 1"));
          assertThat(session.query("")).isEmpty();
        });
  }

  @Test
  void canBeUsedOnAfterAnError() throws Exception {
    session(
        client -> {
          client.answer(ONE, error("ERROR", "42P01", "no such table"), ready());
          client.answer(ONE, ready());
          client.expectTerminate();
        },
        session -> {
          assertThatThrownBy(() -> session.query("SELECT 1; SELECT * FROM secrets WHERE x = 'y'"))
              .isInstanceOf(ServerErrorException.class)
              .hasMessage("SELECT failed: no such table [SQLSTATE 42P01]");
          assertThat(session.query("SELECT 1 AS a").get(0).required(0, "a")).isEqualTo("1");
        });
  }

  @Test
  void tellsTheErrorThatEndedTheSession() throws Exception {
    session(
        client -> client.answer(error("FATAL", "57P01", "terminated by administrator")),
        session -> {
          ServerErrorException error =
              catchThrowableOfType(ServerErrorException.class, () -> session.query("SELECT 1"));
          assertThat(error.sqlState()).isEqualTo("57P01");
          assertThat(error.getSuppressed()).hasOnlyElementsOfType(ConnectionException.class);
          assertThatThrownBy(() -> session.query("SELECT 1"))
              .isInstanceOf(IllegalStateException.class);
        });
  }

  static Stream<Arguments> malformedAnswers() {
    return Stream.of(
        arguments(
            concat(rowDescription("a", "b"), dataRow("1")),
            "SELECT: a row of 1 values for 2 columns"),
        arguments(dataRow("1"), "SELECT: a row of 1 values for 0 columns"),
        arguments(copyResponse('G'), "SELECT: unexpected CopyResponse"),
        arguments(copyResponse('H'), "SELECT: unexpected CopyResponse"),
        arguments(copyResponse('W'), "SELECT: unexpected CopyResponse"),
        arguments(copyDone(), "SELECT: unexpected CopyDone"),
        arguments(copyData(new byte[1]), "server message: unknown message type 'd'"),
        arguments(ServerMessages.authenticationOk(), "SELECT: unexpected AuthenticationOk"),
        arguments(message('Z', new byte[] {'X'}), "ReadyForQuery.transactionStatus"));
  }

  @ParameterizedTest
  @MethodSource("malformedAnswers")
  void isOverWhenTheServerBreaksTheProtocol(byte[] answer, String message) throws Exception {
    session(
        client -> {
          client.answer(answer);
          client.expectEnd(); // without Terminate: the server's state is unknown
        },
        session -> {
          assertThatThrownBy(() -> session.query("SELECT 1"))
              .isInstanceOf(ProtocolException.class)
              .hasMessageStartingWith(message);
          assertThatThrownBy(() -> session.query("SELECT 1"))
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("open another");
        });
  }

  @Test
  void boundsWhatAQueryMayReturn() throws Exception {
    byte[] noColumns = dataRow();
    byte[] many = concat(Collections.nCopies(10_000, noColumns).toArray(byte[][]::new));
    session(
        client -> {
          client.query();
          client.send(rowDescription());
          assertThatThrownBy(
                  () -> {
                    while (true) {
                      client.send(many);
                    }
                  })
              .isInstanceOf(IOException.class);
        },
        session -> {
          assertThatThrownBy(() -> session.query("SELECT"))
              .isInstanceOf(ProtocolException.class)
              .hasMessage("SELECT returned more than a catalog look-up can");
          session.close();
        });
  }

  @Test
  void tellsOfNoticesAndSettingsWhereverTheyCome() throws Exception {
    List<String> notices = new ArrayList<>();
    session(
        client -> {
          client.answer(
              notice("one"),
              rowDescription("a"),
              parameter("TimeZone", "UTC"),
              message('A', int32(1), string("channel"), string("payload")),
              dataRow("1"),
              notice("two"),
              complete("SELECT 1"),
              ready());
          client.expectTerminate();
        },
        session -> {
          session.onNotice(report -> notices.add(report.message()));
          assertThat(session.query("SELECT 1").get(0).required(0, "a")).isEqualTo("1");
          assertThat(session.setting("TimeZone")).contains("UTC");
        });
    assertThat(notices).containsExactly("one", "two");
  }

  @Test
  void sendsNoZeroCharacter() throws Exception {
    session(
        Peer::expectTerminate,
        session ->
            assertThatThrownBy(() -> session.query("SELECT 1\0; DROP TABLE a"))
                .isInstanceOf(IllegalArgumentException.class));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "SELECT 's3cret' | SELECT",
        "\" update  t SET x = 's3cret'\" | UPDATE  T",
        "SELECT a1 | SELECT",
        "'s3cret' | the command",
        "1234 | the command",
      })
  void namesACommandByItsFirstWords(String sql, String name) throws Exception {
    session(
        client -> {
          client.answer(error("ERROR", "XX000", "no"), ready());
          client.expectTerminate();
        },
        session ->
            assertThatThrownBy(() -> session.query(sql))
                .hasMessage(name + " failed: no [SQLSTATE XX000]"));
  }

  @Test
  void endsAReadThatWaitsTooLong() throws Exception {
    session(
        client -> {
          client.query();
          client.awaitEnd();
        },
        session -> {
          session.setReadTimeout(Duration.ofNanos(1));
          assertThatThrownBy(() -> session.query("SELECT 1"))
              .isInstanceOf(ConnectionException.class)
              .hasMessage("the server was silent for too long")
              .hasCauseInstanceOf(SocketTimeoutException.class);
        });
  }

  @Test
  void closesAtOnceWhileAnotherThreadReads() throws Exception {
    session(
        client -> {
          client.query();
          client.expectEnd();
        },
        session -> {
          BlockedThread reader = BlockedThread.reading(() -> session.query("SELECT pg_sleep(60)"));

          session.close();

          assertThat(reader.failure()).isInstanceOf(ConnectionException.class);
        });
  }

  @Test
  void closesAtOnceWhileAnotherThreadWritesWhatNobodyReads() throws Exception {
    var closed = new CountDownLatch(1);
    session(
        client -> closed.await(),
        session -> {
          String endless = "x".repeat(64 * 1024 * 1024);
          BlockedThread writer = BlockedThread.writing(() -> session.query(endless));

          session.close();

          assertThat(writer.failure()).isInstanceOf(ConnectionException.class);
          closed.countDown();
        });
  }

  @Test
  void takesNoCommandOnceItIsClosed() throws Exception {
    session(
        Peer::expectTerminate,
        session -> {
          session.close();
          session.close();
          assertThatThrownBy(() -> session.query("SELECT 1"))
              .isInstanceOf(ConnectionException.class)
              .hasMessage("the session is closed");
        });
  }

  @Test
  void closesWithoutComplaintWhenTheServerHasGone() throws Exception {
    session(
        Peer::close,
        session -> {
          assertThatThrownBy(
                  () -> {
                    session.query("SELECT 1");
                  })
              .isInstanceOf(ConnectionException.class);
          session.close();
        });
  }

  @Test
  void copiesOutInTheOrderOfTheServer() throws Exception {
    List<String> rows = new ArrayList<>();
    session(
        client -> {
          assertThat(client.query()).isEqualTo("COPY t TO STDOUT");
          client.send(copyResponse('H'), copyData("a\n".getBytes(UTF_8)), notice("hello"));
          client.send(copyData(), copyData("b\n".getBytes(UTF_8)), copyDone());
          client.send(complete("COPY 2"), ready());
          client.answer(ONE, ready());
          client.expectTerminate();
        },
        session -> {
          assertThat(session.copyOut("COPY t TO STDOUT", row -> rows.add(text(row))))
              .isEqualTo("COPY 2");
          assertThat(session.query("SELECT 1")).hasSize(1);
        });
    assertThat(rows).containsExactly("a\n", "", "b\n");
  }

  @Test
  void canBeUsedOnAfterAnErrorInTheMiddleOfACopy() throws Exception {
    List<String> rows = new ArrayList<>();
    session(
        client -> {
          client.answer(copyResponse('H'), copyData("a\n".getBytes(UTF_8)));
          client.send(error("ERROR", "57014", "canceled"), ready());
          client.answer(error("ERROR", "42P01", "no such table"), ready());
          client.answer(ONE, ready());
          client.expectTerminate();
        },
        session -> {
          assertThatThrownBy(() -> session.copyOut("COPY t TO STDOUT", row -> rows.add(text(row))))
              .isInstanceOf(ServerErrorException.class)
              .hasMessageContaining("SQLSTATE 57014");
          assertThatThrownBy(() -> session.copyOut("COPY x TO STDOUT", row -> rows.add(text(row))))
              .isInstanceOf(ServerErrorException.class)
              .hasMessageContaining("SQLSTATE 42P01");
          assertThat(session.query("SELECT 1")).hasSize(1);
        });
    assertThat(rows).containsExactly("a\n");
  }

  @Test
  void tellsTheErrorThatEndedACopyAndTheSession() throws Exception {
    session(
        client -> client.answer(copyResponse('H'), error("FATAL", "57P01", "terminated")),
        session ->
            assertThatThrownBy(() -> session.copyOut("COPY t TO STDOUT", row -> {}))
                .isInstanceOf(ServerErrorException.class)
                .hasMessageContaining("SQLSTATE 57P01"));
  }

  @Test
  void saysThatNothingWasCopied() throws Exception {
    session(
        client -> {
          client.answer(ONE, ready());
          client.answer(message('I'), ready());
          client.answer(ONE, ready());
          client.expectTerminate();
        },
        session -> {
          assertThatThrownBy(() -> session.copyOut("SELECT 1", row -> {}))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessage("SELECT is not one COPY … TO STDOUT");
          assertThatThrownBy(() -> session.copyOut("", row -> {}))
              .isInstanceOf(IllegalArgumentException.class);
          assertThat(session.query("SELECT 1")).hasSize(1);
        });
  }

  @Test
  void takesCopyDataOnlyWithinACopy() throws Exception {
    List<String> rows = new ArrayList<>();
    session(
        client -> {
          client.answer(copyData("a".getBytes(UTF_8)), complete("COPY 1"), ready());
          client.expectEnd();
        },
        session ->
            assertThatThrownBy(() -> session.copyOut("COPY t TO STDOUT", row -> rows.add("x")))
                .isInstanceOf(ProtocolException.class));
    assertThat(rows).isEmpty();
  }

  @Test
  void isOverWhenTheConsumerOfACopyFails() throws Exception {
    session(
        client -> {
          client.answer(copyResponse('H'), copyData(new byte[1]), copyData(new byte[1]));
          client.awaitEnd();
        },
        session -> {
          assertThatThrownBy(
                  () ->
                      session.copyOut(
                          "COPY t TO STDOUT",
                          row -> {
                            throw new IOException("disk full");
                          }))
              .hasMessage("disk full");
          assertThatThrownBy(() -> session.query("SELECT 1"))
              .isInstanceOf(IllegalStateException.class);
        });
  }

  @Test
  void cancelsOnAConnectionOfItsOwn() throws Exception {
    var cancelled = new CountDownLatch(1);
    try (var server =
            ScriptedServer.start(
                client -> {
                  client.logIn("17.2");
                  client.query();
                  cancelled.await();
                  client.send(error("ERROR", "57014", "canceled"), ready());
                  client.expectTerminate();
                },
                client -> {
                  assertThat(client.firstMessage()).isEqualTo(hex("04D2162E 00001267 01020304"));
                  cancelled.countDown();
                });
        Session session =
            new Connector(List.of()).connect(server.config().build(), SessionMode.QUERY)) {
      BlockedThread reader = BlockedThread.reading(() -> session.query("SELECT pg_sleep(60)"));

      session.cancel();

      assertThat(reader.failure())
          .isInstanceOf(ServerErrorException.class)
          .hasMessageContaining("SQLSTATE 57014");
    }
  }

  @Test
  void waitsForACancelRequestNoLongerThanTheTimeout() throws Exception {
    try (var server =
        ScriptedServer.start(
            client -> {
              client.logIn("17.2");
              client.expectTerminate();
            },
            client -> {
              client.firstMessage();
              client.expectEnd();
            })) {
      ConnectionConfig config = server.config().withLoginTimeout(Duration.ofMillis(500)).build();
      try (Session session = new Connector(List.of()).connect(config, SessionMode.QUERY)) {
        assertThatThrownBy(session::cancel)
            .isInstanceOf(ConnectionException.class)
            .hasMessageContaining("took longer than 500 ms");
      }
    }
  }
}
