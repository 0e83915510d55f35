package io.drasi.postgres.protocol.replication;

import static io.drasi.postgres.protocol.support.ServerMessages.complete;
import static io.drasi.postgres.protocol.support.ServerMessages.concat;
import static io.drasi.postgres.protocol.support.ServerMessages.copyResponse;
import static io.drasi.postgres.protocol.support.ServerMessages.dataRow;
import static io.drasi.postgres.protocol.support.ServerMessages.oneRow;
import static io.drasi.postgres.protocol.support.ServerMessages.ready;
import static io.drasi.postgres.protocol.support.ServerMessages.rowDescription;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.drasi.postgres.protocol.Connector;
import io.drasi.postgres.protocol.Session;
import io.drasi.postgres.protocol.SessionMode;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.postgres.protocol.message.ProtocolException;
import io.drasi.postgres.protocol.support.ScriptedServer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ReplicationCommandsTest {
  private static final SlotName SLOT = new SlotName("drasi_slot");
  private static final String[] SLOT_COLUMNS_10 = {
    "slot_name",
    "plugin",
    "slot_type",
    "datoid",
    "database",
    "temporary",
    "active",
    "active_pid",
    "xmin",
    "catalog_xmin",
    "restart_lsn",
    "confirmed_flush_lsn",
    "is_logical"
  };
  private static final String[] SLOT_COLUMNS_17 = {
    "slot_name",
    "plugin",
    "slot_type",
    "datoid",
    "database",
    "temporary",
    "active",
    "active_pid",
    "xmin",
    "catalog_xmin",
    "restart_lsn",
    "confirmed_flush_lsn",
    "wal_status",
    "safe_wal_size",
    "two_phase",
    "inactive_since",
    "conflicting",
    "invalidation_reason",
    "failover",
    "synced",
    "is_logical"
  };

  private interface Command<T> {
    T run(ReplicationCommands commands) throws Exception;
  }

  private final AtomicReference<String> sent = new AtomicReference<>("");

  /** Runs a command against a server of this version that gives this answer. */
  private <T> T run(String version, byte[] answer, Command<T> command) throws Exception {
    try (var server =
            ScriptedServer.start(
                client -> {
                  client.logIn(version);
                  sent.set(client.query());
                  client.send(answer);
                  client.awaitEnd();
                });
        Session session =
            new Connector(List.of()).connect(server.config().build(), SessionMode.REPLICATION)) {
      return command.run(new ReplicationCommands(session));
    }
  }

  private static byte[] row(String columns, @Nullable String... values) {
    return oneRow(columns.split(" "), values);
  }

  @Test
  void identifiesTheSystem() throws Exception {
    SystemIdentity identity =
        run(
            "17.2",
            row("systemid timeline xlogpos dbname", "7443221121", "3", "16/B374D848", "shop"),
            ReplicationCommands::identifySystem);

    assertThat(sent.get()).isEqualTo("IDENTIFY_SYSTEM");
    assertThat(identity).isEqualTo(new SystemIdentity("7443221121", 3, Lsn.parse("16/B374D848")));
  }

  @ParameterizedTest
  @CsvSource({"3, TIMELINE_HISTORY 3", "-1, TIMELINE_HISTORY 4294967295"})
  void readsATimelinesHistoryAsItStands(int timeline, String command) throws Exception {
    String content = "1\t0/3000148\tno recovery target specified\n\n2\t0/4000000\t\u00e9\n";

    String history =
        run(
            "17.2",
            row("filename content", "00000003.history", content),
            commands -> commands.timelineHistory(timeline));

    assertThat(sent.get()).isEqualTo(command);
    assertThat(history).isEqualTo(content);
  }

  @ParameterizedTest
  @CsvSource({
    "10.23, NOEXPORT_SNAPSHOT",
    "14.24, NOEXPORT_SNAPSHOT",
    "15.19, (SNAPSHOT 'nothing')",
    "18.6, (SNAPSHOT 'nothing')",
  })
  void createsASlotInTheServersSyntax(String version, String options) throws Exception {
    CreatedSlot slot =
        run(
            version,
            row(
                "slot_name consistent_point snapshot_name output_plugin",
                "drasi_slot",
                "0/15230F0",
                null,
                "pgoutput"),
            commands -> commands.createSlot(SLOT, "pgoutput", false));

    assertThat(sent.get())
        .isEqualTo("CREATE_REPLICATION_SLOT \"drasi_slot\" LOGICAL \"pgoutput\" " + options);
    assertThat(slot).isEqualTo(new CreatedSlot(Lsn.parse("0/15230F0"), Optional.empty()));
  }

  @Test
  void createsASlotForStandbysToo() throws Exception {
    run(
        "17.2",
        row("consistent_point snapshot_name", "0/15230F0", null),
        commands -> commands.createSlot(SLOT, "pgoutput", true));
    assertThat(sent.get()).endsWith(" LOGICAL \"pgoutput\" (SNAPSHOT 'nothing', FAILOVER)");
  }

  @Test
  void altersASlotForStandbys() throws Exception {
    run(
        "17.2",
        concat(complete("ALTER_REPLICATION_SLOT"), ready()),
        commands -> {
          commands.alterSlot(SLOT, true);
          return "altered";
        });
    assertThat(sent.get()).isEqualTo("ALTER_REPLICATION_SLOT \"drasi_slot\" (FAILOVER true)");
  }

  @ParameterizedTest
  @CsvSource({"14.24, EXPORT_SNAPSHOT", "15.19, (SNAPSHOT 'export')"})
  void createsATemporarySlotThatExportsItsSnapshot(String version, String options)
      throws Exception {
    CreatedSlot slot =
        run(
            version,
            row("consistent_point snapshot_name", "0/15230F0", "00000003-00000002-1"),
            commands -> commands.createTemporarySlotWithSnapshot(SLOT, "pgoutput"));

    assertThat(sent.get())
        .isEqualTo(
            "CREATE_REPLICATION_SLOT \"drasi_slot\" TEMPORARY LOGICAL \"pgoutput\" " + options);
    assertThat(slot.snapshotName()).contains("00000003-00000002-1");
  }

  @Test
  void dropsASlotWhenNobodyUsesIt() throws Exception {
    run(
        "17.2",
        concat(complete("DROP_REPLICATION_SLOT"), ready()),
        commands -> {
          commands.dropSlot(SLOT);
          return "dropped";
        });

    assertThat(sent.get()).isEqualTo("DROP_REPLICATION_SLOT \"drasi_slot\"");
  }

  @Test
  void readsASlotOfAServerWithoutTheNewerColumns() throws Exception {
    Optional<SlotState> state =
        run(
            "10.23",
            oneRow(
                SLOT_COLUMNS_10,
                "drasi_slot",
                "pgoutput",
                "logical",
                "16384",
                "shop",
                "t",
                "t",
                "4711",
                null,
                "600",
                "0/15",
                "0/16",
                "t"),
            commands -> commands.slot(SLOT));

    assertThat(sent.get())
        .isEqualTo(
            "SELECT s.*, s.slot_type = 'logical' AS is_logical"
                + " FROM pg_catalog.pg_replication_slots s WHERE slot_name = 'drasi_slot'");
    assertThat(state)
        .contains(
            new SlotState(
                true,
                Optional.of("pgoutput"),
                Optional.of("shop"),
                true,
                Optional.of(4711),
                Optional.of(Lsn.parse("0/16")),
                Optional.of(Lsn.parse("0/15")),
                Optional.empty(),
                Optional.empty(),
                false,
                false,
                false));
  }

  @Test
  void readsASlotThatTheServerGaveUp() throws Exception {
    Optional<SlotState> state =
        run(
            "17.2",
            oneRow(
                SLOT_COLUMNS_17,
                "drasi_slot",
                "pgoutput",
                "logical",
                "16384",
                "shop",
                "f",
                "f",
                null,
                null,
                "600",
                null,
                "0/16",
                "lost",
                null,
                "t",
                null,
                "f",
                "wal_removed",
                "f",
                "t",
                "t"),
            commands -> commands.slot(SLOT));

    assertThat(state)
        .contains(
            new SlotState(
                true,
                Optional.of("pgoutput"),
                Optional.of("shop"),
                false,
                Optional.empty(),
                Optional.of(Lsn.parse("0/16")),
                Optional.empty(),
                Optional.of("lost"),
                Optional.of("wal_removed"),
                false,
                true,
                true));
  }

  @Test
  void readsAPhysicalSlot() throws Exception {
    Optional<SlotState> state =
        run(
            "10.23",
            oneRow(
                SLOT_COLUMNS_10,
                "drasi_slot",
                null,
                "physical",
                null,
                null,
                "f",
                "f",
                null,
                null,
                null,
                null,
                null,
                "f"),
            commands -> commands.slot(SLOT));

    assertThat(state)
        .hasValueSatisfying(
            slot -> {
              assertThat(slot.logical()).isFalse();
              assertThat(slot.plugin()).isEmpty();
              assertThat(slot.confirmedFlush()).isEmpty();
            });
  }

  @Test
  void saysThatThereIsNoSuchSlot() throws Exception {
    byte[] none = concat(rowDescription(SLOT_COLUMNS_17), complete("SELECT 0"), ready());

    Optional<SlotState> state = run("17.2", none, commands -> commands.slot(SLOT));

    assertThat(state).isEmpty();
  }

  @Test
  void startsWithQuotedOptionsInOrder() throws Exception {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("proto_version", "1");
    options.put("publication_names", "\"Drasi's \"\"pub\"\"\",\"back\\slash\"");
    options.put("messages", "");

    run("17.2", copyResponse('W'), c -> c.start(SLOT, Lsn.parse("16/B374D848"), options));

    assertThat(sent.get())
        .isEqualTo(
            "START_REPLICATION SLOT \"drasi_slot\" LOGICAL 16/B374D848 (\"proto_version\" '1',"
                + " \"publication_names\" '\"Drasi''s \"\"pub\"\"\",\"back\\slash\"',"
                + " \"messages\" '')");
  }

  @Test
  void startsWithoutAListWhereThereAreNoOptions() throws Exception {
    run("17.2", copyResponse('W'), commands -> commands.start(SLOT, Lsn.NONE, Map.of()));

    assertThat(sent.get()).isEqualTo("START_REPLICATION SLOT \"drasi_slot\" LOGICAL 0/0");
  }

  @Test
  void showsASettingUnderTheServersNameForIt() throws Exception {
    String value = run("17.2", row("TimeZone", "UTC"), commands -> commands.show("timezone"));

    assertThat(value).isEqualTo("UTC");
    assertThat(sent.get()).isEqualTo("SHOW \"timezone\"");
  }

  static Stream<Arguments> malformed() {
    Command<?> identify = ReplicationCommands::identifySystem;
    Command<?> create = commands -> commands.createSlot(SLOT, "pgoutput", false);
    Command<?> slot = commands -> commands.slot(SLOT);
    Command<?> show = commands -> commands.show("wal_level");
    Command<?> history = commands -> commands.timelineHistory(2);
    byte[] nothing = concat(complete("X"), ready());
    byte[] twoRows =
        concat(rowDescription("a"), dataRow("1"), dataRow("2"), complete("SELECT 2"), ready());
    return Stream.of(
        arguments(identify, ready()),
        arguments(identify, nothing),
        arguments(identify, concat(complete("X"), complete("X"), ready())),
        arguments(identify, twoRows),
        arguments(identify, row("systemid timeline", "1", "1")),
        arguments(identify, row("systemid timeline xlogpos", null, "1", "0/1")),
        arguments(identify, row("systemid timeline xlogpos", "1", "one", "0/1")),
        arguments(identify, row("systemid timeline xlogpos", "1", "1", "here")),
        arguments(create, nothing),
        arguments(create, row("consistent_point snapshot_name", null, null)),
        arguments(create, row("consistent_point snapshot_name", "0-1", null)),
        arguments(create, row("consistent_point", "0/1")),
        arguments(slot, ready()),
        arguments(slot, twoRows),
        arguments(slot, row("slot_name", "drasi_slot")),
        arguments(
            slot,
            oneRow(
                SLOT_COLUMNS_10,
                "s",
                "p",
                "logical",
                "1",
                "d",
                "f",
                "t",
                "pid",
                null,
                null,
                "0/1",
                "0/1",
                "t")),
        arguments(
            slot,
            oneRow(
                SLOT_COLUMNS_10,
                "s",
                "p",
                "logical",
                "1",
                "d",
                "f",
                "t",
                "1",
                null,
                null,
                "0/1",
                "there",
                "t")),
        arguments(history, nothing),
        arguments(history, twoRows),
        arguments(history, row("filename", "00000002.history")),
        arguments(history, row("filename content", "00000002.history", null)),
        arguments(show, nothing),
        arguments(show, row("a b", "1", "2")),
        arguments(show, row("wal_level", (String) null)));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void refusesMalformedAnswers(Command<?> command, byte[] answer) {
    assertThatThrownBy(() -> run("17.2", answer, command)).isInstanceOf(ProtocolException.class);
  }
}
