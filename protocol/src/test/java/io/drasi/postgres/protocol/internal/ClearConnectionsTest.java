package io.drasi.postgres.protocol.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClearConnectionsTest {
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private final PrintStream before = System.err;

  @BeforeEach
  void listen() {
    System.setErr(new PrintStream(log, true, UTF_8));
  }

  @AfterEach
  void listenNoMore() {
    System.setErr(before);
  }

  @Test
  void warnsOnceOfEachServer() {
    var connections = new ClearConnections();
    connections.note("db1:5432", true, "the server has no TLS");
    connections.note("db1:5432", true, "the server has no TLS");
    connections.note("db2:5432", true, "the server has no TLS");

    assertThat(log.toString(UTF_8).lines())
        .hasSize(2)
        .allSatisfy(line -> assertThat(line).contains("WARN").contains("are not encrypted"))
        .anySatisfy(line -> assertThat(line).contains("db1:5432: the server has no TLS"))
        .anySatisfy(line -> assertThat(line).contains("db2:5432"));
  }

  @Test
  void doesNotWarnOfWhatStaysOnThisMachine() {
    new ClearConnections().note("localhost:5432", false, "the server has no TLS");

    assertThat(log.toString(UTF_8)).doesNotContain("WARN");
  }
}
