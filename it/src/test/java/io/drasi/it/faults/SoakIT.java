package io.drasi.it.faults;

import io.drasi.embedded.postgres.EmbeddedPostgres;
import io.drasi.it.support.Servers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything at once for a long time: rows, definitions of tables, subtransactions and prepared
 * transactions are written, connections are harmed, the server is restarted and crashes, the source
 * is stopped, subscribers go and come back. Nothing is lost or doubled, and nothing grows.
 */
@Tag("soak")
class SoakIT {
  private static final Logger log = LoggerFactory.getLogger(SoakIT.class);
  private static final Duration SAMPLES_APART = Duration.ofSeconds(5);
  private static final Duration COMPARISONS_APART = Duration.ofSeconds(60);
  private static final Duration LENGTH = Duration.ofMinutes(Long.getLong("soak.minutes", 60));

  private final List<SoakSample> samples = new ArrayList<>();
  private final List<Summary.Case> cases = new ArrayList<>();

  @Test
  void nothingIsLostOrGrows() throws Exception {
    try (EmbeddedPostgres server = Servers.start(Servers.builder(Servers.newest()))) {
      var soak = Soak.begin(server, new Random(FaultPlan.seed()));
      long begun = System.nanoTime();
      long next = 0;
      long nextComparison = COMPARISONS_APART.toMillis();
      try {
        for (long at = 0; at < LENGTH.toMillis(); at = (System.nanoTime() - begun) / 1_000_000) {
          Soak.Event event = soak.disturb();
          cases.add(event.toCase());
          if (at >= nextComparison) {
            soak.compare();
            nextComparison = at + COMPARISONS_APART.toMillis();
            log.info("{} min: {}", at / 60_000, soak);
          }
          if (at >= next) {
            samples.add(SoakSample.take(Duration.ofMillis(at), soak.database()));
            next = at + SAMPLES_APART.toMillis();
          }
        }
        soak.compare();
      } catch (Throwable e) {
        throw new AssertionError(
            "the soak with -Dfaults.seed=%d failed: %s; %s"
                .formatted(FaultPlan.seed(), e.getMessage(), soak),
            e);
      } finally {
        SoakChart.write("soak", samples, Summary.folder());
      }
      cases.add(new Summary.Case("all", "comparisons", "in the end", true, soak.transactions(), 0));
      new Summary(
              "soak of %d minutes".formatted(LENGTH.toMinutes()),
              server.version(),
              cases,
              0,
              soak.doubled())
          .write();
      soak.end();
    }
    SoakSample.assertNothingGrows(samples);
  }
}
