package io.drasi.it.oracle;

import static io.drasi.it.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.api.source.ManagedSource;
import io.drasi.bootstrap.postgres.PostgresBootstrapProvider;
import io.drasi.it.support.TcpProxy;
import io.drasi.it.support.TestDatabase;
import io.drasi.source.postgres.Streaming;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writers write, subscribers come and go, the source is stopped and started, and its connection is
 * cut. In the end every subscriber has what is in the tables. What happens is a matter of the seed;
 * when, within milliseconds, is not. With every other seed several connections bootstrap; with
 * every other pair of them a bootstrap is {@linkplain Hold held}.
 */
public final class OracleRound implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(OracleRound.class);
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration LONGER = Duration.ofMinutes(3);

  private final TestDatabase database;
  private final long seed;
  private final Random random;
  private final Path spillDir;
  private final TcpProxy proxy;
  private final ManagedSource source;
  private final Writers writers;
  private final List<RestlessSubscriber> subscribers = new ArrayList<>();

  private OracleRound(TestDatabase database, long seed, Streaming streaming) throws IOException {
    this.database = database;
    this.seed = seed;
    this.random = new Random(seed);
    this.spillDir = Files.createTempDirectory("oracle").toRealPath();
    this.proxy = TcpProxy.to(database.server().port());
    this.source =
        database
            .source("oracle")
            .withPort(proxy.port())
            .withStreaming(streaming)
            .withDispatchBufferCapacity(List.of(1, 20, 1000).get(random.nextInt(3)))
            .withMemoryLimitBytes(List.of(10_000L, 1L, 64L << 20).get(Math.floorMod(seed, 3)))
            .withSpillDir(spillDir)
            .withBootstrapProvider(provider())
            .build();
    this.writers = Writers.start(database, new Random(random.nextLong()), 4);
  }

  private PostgresBootstrapProvider provider() {
    return PostgresBootstrapProvider.builder()
        .withHost(database.server().host())
        .withPort(database.server().port())
        .withDatabase(database.name())
        .withUser(TestDatabase.ROLE)
        .withPassword(TestDatabase.PASSWORD)
        .withBatchSize(1 + random.nextInt(500))
        .withParallelism(seed % 2 == 0 ? 3 : 1)
        .build();
  }

  /** Starts the writers. The tables are there. */
  public static OracleRound begin(TestDatabase database, long seed) throws IOException {
    return begin(database, seed, Streaming.PARALLEL);
  }

  /**
   * Starts the writers. The tables are there.
   *
   * @param streaming what the source asks for
   */
  public static OracleRound begin(TestDatabase database, long seed, Streaming streaming)
      throws IOException {
    return new OracleRound(database, seed, streaming);
  }

  /** Plays until all subscribers stay, waits until they have everything, and compares. */
  public void play() throws Exception {
    for (int i = 2 + random.nextInt(3); i > 0; i--) {
      Set<String> labels = i == 1 ? Set.of("accounts", "notes") : OracleTables.ALL;
      invite(new StoredMemory("manual-" + i, labels, new Random(random.nextLong())));
    }
    invite(new VolatileMemory("auto-1"));
    boolean holds = seed % 4 <= 1;
    invite(new VolatileMemory("auto-2"), holds ? new Hold(writers, spillDir) : null);
    source.start();
    eventually("all subscribers stay", LONGER, this::disturbUntilAllStay);
    writers.end();
    compare();
    log.info("done: {}", this);
  }

  private void invite(Memory memory) {
    invite(memory, null);
  }

  private void invite(Memory memory, @Nullable Hold hold) {
    var itsRandom = new Random(random.nextLong());
    subscribers.add(RestlessSubscriber.start(source, memory, itsRandom, hold));
  }

  private boolean disturbUntilAllStay() throws Exception {
    TimeUnit.MILLISECONDS.sleep(200 + random.nextInt(800));
    int what = random.nextInt(4);
    if (what == 0) {
      proxy.cut();
    } else if (what == 1) {
      source.stop();
      TimeUnit.MILLISECONDS.sleep(random.nextInt(100));
      source.start();
    }
    return subscribers.stream().allMatch(RestlessSubscriber::isStaying);
  }

  private void compare() throws Exception {
    OracleTables.End end = OracleTables.writeLast(database);
    for (RestlessSubscriber subscriber : subscribers) {
      eventually("a subscriber has " + end, LONG, () -> subscriber.has(end));
    }
    for (RestlessSubscriber subscriber : subscribers) {
      assertThat(OracleTables.differences(database, subscriber.copy()))
          .as("differences; %s", subscriber)
          .isEmpty();
    }
  }

  /** What the source does, and how subscribers came and went. */
  @Override
  public String toString() {
    return "%s; %d sessions, %d transactions%n%s"
        .formatted(
            source.status(),
            source.metrics().sessions(),
            source.metrics().transactions(),
            subscribers.stream().map(Object::toString).collect(Collectors.joining("\n")));
  }

  @Override
  public void close() throws IOException {
    subscribers.forEach(RestlessSubscriber::close);
    writers.close();
    source.close();
    proxy.close();
    Files.delete(spillDir); // nothing is left in it
  }
}
