package io.drasi.it.faults;

import static io.drasi.it.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.api.source.SourceState;
import io.drasi.embedded.postgres.EmbeddedPostgres;
import io.drasi.embedded.postgres.ShutdownMode;
import io.drasi.it.support.Folders;
import io.drasi.it.support.Servers;
import io.drasi.source.postgres.Streaming;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A server that is there, and cannot serve for a while: the source says what the server says, and
 * goes on when it can, with nothing missing.
 */
@Tag("faults")
@ParameterizedClass
@MethodSource("io.drasi.it.support.Servers#versions")
class UnreadyServerIT {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final List<Summary.Case> CASES = new ArrayList<>();
  private static long doubled;

  /** Within the data directory: while it is there, the server waits. */
  private static final String HOLD = "hold";

  private static final String RESTORE =
      "restore_command = 'while test -e %s; do sleep 0.1; done; exit 1'".formatted(HOLD);

  /** Less than a transaction needs on the server's disk. */
  private static final int DISK_MEBIBYTES = 4;

  private static final int ENOUGH_MEBIBYTES = 400;
  private static final int ROWS = 20_000;

  @Parameter String version;

  @RegisterExtension final CaseLog log = new CaseLog();

  private EmbeddedPostgres server;
  private Scene scene;

  @BeforeEach
  void begin() throws Exception {
    server =
        Servers.start(
            Servers.builder(version)
                .withSetting(
                    Servers.isAtLeast(13, version) ? "logical_decoding_work_mem" : "work_mem",
                    "64kB"));
    scene = Scene.on(server, "scene", (source, provider) -> source.withStreaming(Streaming.OFF));
  }

  @AfterEach
  void end(TestInfo test) {
    doubled += scene.doubled();
    log.toCase(version, test, scene.transactions()).ifPresent(CASES::add);
    scene.source().close();
    server.close();
  }

  @AfterAll
  static void report() throws Exception {
    new Summary("servers not ready", String.join(" and ", Servers.versions()), CASES, 0, doubled)
        .write();
    assertThat(doubled).as("transactions that came twice").isZero();
  }

  @Test
  void waitsWhileTheServerStarts() throws Exception {
    scene.load().round();
    server.stop(ShutdownMode.FAST);
    Path data = server.dataDirectory();
    Files.write(data.resolve("postgresql.auto.conf"), List.of(RESTORE), StandardOpenOption.APPEND);
    Path signal = Files.createFile(data.resolve("recovery.signal"));
    Folders.copyOwner(data, signal);
    Path hold = Files.createFile(data.resolve(HOLD));
    var start = new FutureTask<Void>(this::startServer);
    new Thread(start, "start").start();
    eventually(
        "the server says that it starts",
        LONG,
        () -> scene.await(SourceState.RECONNECTING).contains("SQLSTATE 57P03"));
    Files.delete(hold);
    start.get(LONG.toSeconds(), TimeUnit.SECONDS);
    scene.reconnectLoad();
    scene.writeAndCompare();
  }

  private Void startServer() throws IOException {
    server.start();
    return null;
  }

  @Test
  void goesOnOnceThereIsRoomOnTheServersDisk() throws Exception {
    scene.source().stop();
    server.stop(ShutdownMode.FAST);
    try (var disk =
        SmallDisk.inPlaceOf(server.dataDirectory().resolve("pg_replslot"), DISK_MEBIBYTES)) {
      server.start();
      scene.reconnectLoad();
      scene.source().start();
      scene.writeAndCompare();
      scene
          .database()
          .run(
              "INSERT INTO items SELECT i, 'many', i, repeat('z', 1000) FROM generate_series(%d, %d) i"
                  .formatted(100_001, 100_000 + ROWS));
      eventually(
          "the server says that its disk is full",
          LONG,
          () -> scene.await(SourceState.RECONNECTING).contains("SQLSTATE 53100"));
      disk.resize(ENOUGH_MEBIBYTES);
      scene.writeAndCompare();
      scene.source().stop();
      server.stop(ShutdownMode.IMMEDIATE);
    }
  }
}
