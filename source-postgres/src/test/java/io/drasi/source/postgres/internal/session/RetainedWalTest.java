package io.drasi.source.postgres.internal.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.drasi.postgres.protocol.ConnectionConfig;
import io.drasi.postgres.protocol.ConnectionException;
import io.drasi.postgres.protocol.Connector;
import io.drasi.postgres.protocol.Session;
import io.drasi.postgres.protocol.SessionMode;
import io.drasi.postgres.protocol.SslMode;
import io.drasi.postgres.protocol.message.Lsn;
import io.drasi.postgres.protocol.replication.SlotName;
import io.drasi.source.postgres.testing.Log;
import io.drasi.source.postgres.testing.ScriptedServer;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class RetainedWalTest {
  private static final long OLDEST = 0x1_0000_0010L;

  private final ScriptedServer server = new ScriptedServer();
  private volatile long walEnd = OLDEST;
  private Session session;
  private RetainedWal retained;

  @BeforeEach
  void connect() throws Exception {
    server.answer(
        "IDENTIFY_SYSTEM",
        () ->
            ScriptedServer.rows(
                "systemid,timeline,xlogpos,dbname", "7", "1", new Lsn(walEnd).toString(), "shop"));
    server.setSlot(new Lsn(OLDEST).toString());
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
    retained = new RetainedWal("src", new SlotName("drasi_slot"), session);
  }

  @AfterEach
  void close() throws Exception {
    session.close();
    server.close();
  }

  /** Looks when the slot keeps so much; returns the warnings. */
  private List<String> look(long bytes) throws IOException {
    walEnd = OLDEST + bytes;
    try (var log = new Log()) {
      retained.look();
      return log.lines("WARN");
    }
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
        .contains("src: the slot drasi_slot keeps 300 MiB of the server's write-ahead log")
        .contains("deprovision()");
    assertThat(look(mebibytes(300))).as("told").isEmpty();
    assertThat(look(mebibytes(600) - 1)).isEmpty();
    assertThat(look(mebibytes(600))).hasSize(1);
    assertThat(look(mebibytes(1199))).isEmpty();
    assertThat(look(mebibytes(1200))).hasSize(1);
  }

  @Test
  void saysNothingWhereTheSlotIsGoneOrKeepsNothing() throws Exception {
    server.setSlot(null);
    assertThat(look(mebibytes(1000))).isEmpty();
    server.answer("SELECT s.*", () -> ScriptedServer.slot("pgoutput", "shop", null));
    assertThat(look(mebibytes(1000))).isEmpty();
  }

  @Test
  void noticesThatTheConnectionIsLost() throws Exception {
    server.close();
    assertThatExceptionOfType(ConnectionException.class).isThrownBy(retained::look);
  }
}
