package io.drasi.source.postgres.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.postgres.protocol.ConnectionException;
import io.drasi.postgres.protocol.ServerErrorException;
import io.drasi.postgres.protocol.auth.AuthenticationException;
import io.drasi.postgres.protocol.message.ProtocolException;
import io.drasi.postgres.protocol.message.ServerReport;
import io.drasi.source.postgres.PostgresSourceConfig;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RemediesTest {

  private final Remedies remedies =
      new Remedies(
          PostgresSourceConfig.builder("src")
              .withDatabase("shop")
              .withUser("Drasi User")
              .withPassword("hunter2")
              .withSlotName("my_slot")
              .build());

  private static ServerErrorException error(String sqlState) {
    return new ServerErrorException("START_REPLICATION", report("ERROR", sqlState));
  }

  private static ServerReport report(String severity, String sqlState) {
    return new ServerReport(Map.of('V', severity, 'C', sqlState, 'M', "it is so"));
  }

  /** As PgBouncer 1.18 answered a start-up with replication=database: without the field V. */
  @Test
  void namesAPoolerInBetween() {
    var refused =
        ServerErrorException.atLogIn(
            "localhost:5432",
            new ServerReport(
                Map.of(
                    'S',
                    "FATAL",
                    'C',
                    "08P01",
                    'M',
                    "unsupported startup parameter: replication")));

    assertThat(remedies.failure(refused))
        .hasValueSatisfying(
            failure ->
                assertThat(failure)
                    .hasMessageContaining("such as a connection pooler")
                    .hasMessageEndingWith("set host and port to those of the server itself"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          28P01 | check the options user and password
          28000 | check that the role Drasi User may log in (ALTER ROLE "Drasi User" LOGIN;) and that pg_hba.conf has a line for it
          3D000 | check the option database
          42501 | grant that privilege to the role Drasi User
          42704 | the publication or the slot does not exist, or the publication was created after the changes that are being read
          55000 | check wal_level and the state of the slot in pg_replication_slots
          58P01 | a file that the server needs is gone: if it is write-ahead log, drop the slot my_slot, make a new source (or run the command again), and bootstrap the subscribers again
          """)
  void failsWithTheRemedyWhereOnlyTheOperatorCanHelp(String sqlState, String remedy) {
    ServerErrorException error = error(sqlState);
    String message =
        "START_REPLICATION failed: it is so [SQLSTATE %s]; %s".formatted(sqlState, remedy);
    assertThat(remedies.failure(error))
        .hasValueSatisfying(failure -> assertThat(failure).hasMessage(message).hasCause(error));
    assertThat(remedies.explain(error)).isEqualTo(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          28000 | check that the role Drasi User may log in (ALTER ROLE "Drasi User" LOGIN;) and that pg_hba.conf has a line for it
          42501 | the role Drasi User needs REPLICATION, and CONNECT on the database shop: as a superuser run ALTER ROLE "Drasi User" REPLICATION; GRANT CONNECT ON DATABASE shop TO "Drasi User";
          55000 | run ALTER DATABASE shop ALLOW_CONNECTIONS true;
          """)
  void tellsWhatIsRefusedAtTheLogInFromWhatIsRefusedOfACommand(String sqlState, String remedy) {
    ServerErrorException error = ServerErrorException.atLogIn("db:5432", report("FATAL", sqlState));
    String message =
        "connecting to db:5432 failed: it is so [SQLSTATE %s]; %s".formatted(sqlState, remedy);
    assertThat(remedies.failure(error))
        .hasValueSatisfying(failure -> assertThat(failure).hasMessage(message));
    assertThat(remedies.explain(error)).isEqualTo(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0A000", "22023", "22P02", "2B000", "3F000", "42601", "55P02", "F0000"})
  void failsWithoutARemedyWhereNoneIsKnown(String sqlState) {
    assertThat(remedies.failure(error(sqlState)))
        .hasValueSatisfying(
            failure ->
                assertThat(failure)
                    .hasMessage(
                        "START_REPLICATION failed: it is so [SQLSTATE %s]".formatted(sqlState)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          53300 | raise max_connections or max_wal_senders
          53400 | raise max_replication_slots, or drop a slot that nobody needs
          55006 | a connection that was cut frees its slot within about 30 s (wal_sender_timeout); if it stays so, another client uses the slot my_slot: give each source a slot of its own
          """)
  void triesAgainAndTellsTheRemedyWhereItMayPass(String sqlState, String remedy) {
    assertThat(remedies.failure(error(sqlState))).isEmpty();
    assertThat(remedies.explain(error(sqlState)))
        .endsWith("[SQLSTATE %s]; %s".formatted(sqlState, remedy));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "08006", "08P01", "25P02", "40001", "53000", "53100", "53200", "55P03", "57014", "57P01",
        "57P02", "57P03", "57P05", "58000", "58030", "XX000", "XX001"
      })
  void triesAgainWhatPassesByItself(String sqlState) {
    assertThat(remedies.failure(error(sqlState))).isEmpty();
    assertThat(remedies.explain(error(sqlState)))
        .isEqualTo("START_REPLICATION failed: it is so [SQLSTATE %s]", sqlState);
  }

  /** So a server answers what was changed on its way. */
  @Test
  void aMessageThatTheServerDoesNotUnderstandIsNoPooler() {
    var refused = new ServerErrorException("SHOW", report("FATAL", "08P01"));
    assertThat(remedies.failure(refused)).isEmpty();
    assertThat(remedies.explain(refused)).isEqualTo("SHOW failed: it is so [SQLSTATE 08P01]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "55", "-----", "not a state"})
  void aCodeThatIsNoneIsNoDefectOfOurs(String sqlState) {
    assertThat(remedies.explain(error(sqlState))).contains("it is so");
    assertThat(remedies.failure(error(sqlState)).isPresent()).isEqualTo(sqlState.equals("55"));
  }

  @Test
  void failsWhereWeRefuseToLogIn() {
    var refused = new AuthenticationException("the server asks for a password in clear");
    assertThat(remedies.failure(refused))
        .hasValueSatisfying(
            failure ->
                assertThat(failure)
                    .hasMessage("the server asks for a password in clear")
                    .hasCause(refused));
  }

  @Test
  void triesAgainWhereTheConnectionOrTheBytesWereAtFault() {
    for (IOException error :
        new IOException[] {
          new ConnectionException("no connection to db:5432: refused", null),
          new ProtocolException("unknown message type 'z'"),
          new IOException("closed")
        }) {
      assertThat(remedies.failure(error)).isEmpty();
      assertThat(remedies.explain(error)).isEqualTo(error.getMessage());
    }
  }
}
