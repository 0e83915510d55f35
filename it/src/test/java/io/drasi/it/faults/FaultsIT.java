package io.drasi.it.faults;

import io.drasi.embedded.postgres.EmbeddedPostgres;
import io.drasi.it.support.SelfSigned;
import io.drasi.it.support.Servers;
import io.drasi.postgres.protocol.SslMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever happens to a connection, at whatever message: each subscriber has in the end what is in
 * the tables, has had no transaction twice, and nothing hangs or is left behind. The build plays a
 * sample; {@code -Pfaults} plays all there is.
 */
class FaultsIT {
  private static final int SAMPLE = 20;
  private static final int TRACKS = 4;
  private static final int SILENT_TRACKS = 30;

  @TempDir Path folder;

  private static EmbeddedPostgres.Builder server(String version) {
    EmbeddedPostgres.Builder builder = Servers.builder(version);
    if (Integer.parseInt(version) >= 18) { // before, there were as many as slots
      builder.withSetting("max_active_replication_origins", "100");
    }
    return builder
        .withSetting("max_connections", "300")
        .withSetting("max_wal_senders", "100")
        .withSetting("max_replication_slots", "100")
        .withSetting("max_prepared_transactions", "50");
  }

  @Test
  void aSampleOfFaultsIsSurvived() throws Exception {
    var run = new FaultRun(Servers.shared(Servers.newest()), SslMode.PREFER);
    List<Fault> faults = new ArrayList<>(FaultPlan.of(run.record()));
    faults.removeIf(Fault::isSilent);
    Collections.shuffle(faults, new Random(FaultPlan.seed()));
    run.play(faults.subList(0, Math.min(SAMPLE, faults.size())), TRACKS, 0);
    run.finish("sample of faults");
  }

  @Tag("faults")
  @ParameterizedTest
  @MethodSource("io.drasi.it.support.Servers#versions")
  void everyFaultAtEveryMessageIsSurvived(String version) throws Exception {
    try (var server = Servers.start(server(version))) {
      var run = new FaultRun(server, SslMode.PREFER);
      run.play(FaultPlan.of(run.record()), TRACKS, SILENT_TRACKS);
      run.finish("faults of connections");
    }
  }

  @Tag("faults")
  @Test
  void everyFaultOfAnEncryptedConnectionIsSurvived() throws Exception {
    var certificate = SelfSigned.create(folder);
    try (var server =
        Servers.start(
            server(Servers.newest())
                .withSetting("ssl", "on")
                .withFile("server.key", certificate.key().getBytes(StandardCharsets.US_ASCII))
                .withFile(
                    "server.crt", certificate.certificate().getBytes(StandardCharsets.US_ASCII)))) {
      var run = new FaultRun(server, SslMode.REQUIRE);
      run.play(FaultPlan.of(run.record(), Role.TLS, 3), TRACKS, SILENT_TRACKS);
      run.finish("faults of encrypted connections");
    }
  }
}
