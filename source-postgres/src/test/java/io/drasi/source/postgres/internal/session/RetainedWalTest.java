package io.drasi.source.postgres.internal.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.drasi.postgres.protocol.ConnectionConfig;
import io.drasi.postgres.protocol.ConnectionException;
import io.drasi.postgres.protocol.Connector;
import io.drasi.postgres.protocol.Session;
import io.drasi.postgres.protocol.SessionMode;
import io.drasi.postgres.protocol.SslMode;
import io.drasi.postgres.protocol.replication.SlotName;
import io.drasi.source.postgres.testing.Log;
import io.drasi.source.postgres.testing.ScriptedServer;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class RetainedWalTest {
  private final ScriptedServer server = new ScriptedServer();
  private volatile long kept;
  private volatile @Nullable String left;
  private Session session;
  private RetainedWal retained;

  @BeforeEach
  void connect() throws Exception {
    server.answer(
        "SELECT pg_catalog.pg_wal_lsn_diff",
        () -> ScriptedServer.rows("kept,left_over", Long.toString(kept), left));
    session =
        new Connector(List.of())
            .connect(
                ConnectionConfig.builder()
                    .withHost("127.0.0.1")
                    .withPort(server.port())
                    .withDatabase("shop")
                    .withUser("drasi")
                    .withSslMode(SslMode.DISABLE)
                    .build(),
                SessionMode.REPLICATION);
    retained = new RetainedWal("src", new SlotName("drasi_slot"));
  }

  @AfterEach
  void close() throws Exception {
    session.close();
    server.close();
  }

  /** Looks when the slot keeps so much; returns the warnings. */
  private List<String> look(long bytes, @Nullable Long leftBytes) throws IOException {
    kept = bytes;
    left = leftBytes == null ? null : leftBytes.toString();
    try (var log = new Log()) {
      retained.look(session, "nobody subscribes");
      return log.lines("WARN");
    }
  }

  private List<String> look(long bytes) throws IOException {
    return look(bytes, null);
  }

  private static long mebibytes(long count) {
    return count << 20;
  }

  @Test
  void warnsFromAQuarterOfAGibibyteOnAndWhenItHasDoubled() throws Exception {
    assertThat(look(0)).isEmpty();
    assertThat(look(mebibytes(256) - 1)).isEmpty();
    assertThat(look(mebibytes(300)))
        .singleElement()
        .asString()
        .endsWith(
            "src: the slot drasi_slot keeps 300 MiB of the server's write-ahead log, since nobody"
                + " subscribes");
    assertThat(look(mebibytes(300))).as("told").isEmpty();
    assertThat(look(mebibytes(600) - 1)).isEmpty();
    assertThat(look(mebibytes(600))).hasSize(1);
    assertThat(look(mebibytes(1199))).isEmpty();
    assertThat(look(mebibytes(1200))).hasSize(1);
  }

  @Test
  void warnsWhenLittleOfTheLimitIsLeftAndWhenThatHasHalved() throws Exception {
    assertThat(look(mebibytes(79), mebibytes(100 - 79))).isEmpty();
    assertThat(look(mebibytes(84), mebibytes(100 - 84)))
        .singleElement()
        .asString()
        .contains("keeps 84 MiB")
        .contains(", and is lost after another 16 MiB (max_slot_wal_keep_size), since");
    assertThat(look(mebibytes(91), mebibytes(100 - 91))).isEmpty();
    assertThat(look(mebibytes(92), mebibytes(100 - 92))).hasSize(1);
    assertThat(look(mebibytes(101), mebibytes(-1)))
        .singleElement()
        .asString()
        .contains("lost after another 0 MiB");
  }

  @Test
  void saysNothingWhereTheSlotIsGoneOrKeepsNothing() throws Exception {
    server.answer("SELECT pg_catalog.pg_wal_lsn_diff", () -> ScriptedServer.rows("kept,left_over"));
    assertThat(look(mebibytes(1000))).isEmpty();
    server.answer(
        "SELECT pg_catalog.pg_wal_lsn_diff",
        () -> ScriptedServer.rows("kept,left_over", null, null));
    assertThat(look(mebibytes(1000))).isEmpty();
  }

  @Test
  void noticesThatTheConnectionIsLost() throws Exception {
    server.close();
    assertThatExceptionOfType(ConnectionException.class).isThrownBy(() -> look(1));
  }
}
