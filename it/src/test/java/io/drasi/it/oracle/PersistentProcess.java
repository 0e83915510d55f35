package io.drasi.it.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.api.source.ManagedSource;
import io.drasi.bootstrap.postgres.PostgresBootstrapProvider;
import io.drasi.it.support.TestDatabase;
import io.drasi.source.postgres.PostgresReplicationSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A source and {@link PersistentSubscriber}s in a process of their own, made to be killed. */
public final class PersistentProcess implements AutoCloseable {
  /** It says so when a subscriber waits in the middle of its bootstrap. */
  public static final String HELD = "held in the bootstrap";

  private static final int SIGKILL = 128 + 9;

  private final Process process;
  private final Path output;

  private PersistentProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /**
   * What a process is to do.
   *
   * @param ids the subscribers; each has its file, {@code <id>.json}
   * @param heldAtBatch from this batch of its bootstrap on the last subscriber does nothing any
   *     more; 0 is never
   * @param stateDir whether the source has a {@code state_dir}
   * @param seed what is done at random
   */
  public record Plan(List<String> ids, int heldAtBatch, boolean stateDir, long seed) {
    private static Plan parse(List<String> printed) {
      return new Plan(
          List.of(printed.get(0).split(",")),
          Integer.parseInt(printed.get(1)),
          Boolean.parseBoolean(printed.get(2)),
          Long.parseLong(printed.get(3)));
    }

    private List<String> print() {
      return List.of(String.join(",", ids), "" + heldAtBatch, "" + stateDir, "" + seed);
    }
  }

  /**
   * Starts a process.
   *
   * @param folder where it has its files
   */
  public static PersistentProcess start(TestDatabase database, Path folder, Plan plan)
      throws IOException {
    return start(database, database.server().port(), folder, plan, List.of());
  }

  /**
   * Starts a process.
   *
   * @param port where it connects to
   * @param folder where it has its files
   * @param options for its JVM
   */
  public static PersistentProcess start(
      TestDatabase database, int port, Path folder, Plan plan, List<String> options)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
    command.addAll(options);
    command.add(PersistentProcess.class.getName());
    command.addAll(plan.print());
    command.add(folder.toString());
    command.add(database.server().host());
    command.add(Integer.toString(port));
    command.add(database.name());
    command.add(database.slot());
    Path output = Files.createTempFile(folder, "output", ".txt");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    return new PersistentProcess(process, output);
  }

  /** What it has printed so far. */
  public String output() throws IOException {
    return Files.readString(output);
  }

  /** It never ends by itself. */
  public void requireAlive() throws IOException {
    assertThat(process.isAlive()).as("the process goes on; %s", output()).isTrue();
  }

  /** Ends it as {@code kill -9} does. */
  public void kill() throws IOException, InterruptedException {
    requireAlive();
    assertThat(process.destroyForcibly().waitFor()).as(output()).isEqualTo(SIGKILL);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** Whether it has ended; as a kill ends it, or this throws. */
  public boolean wasKilled() throws IOException {
    if (process.isAlive()) {
      return false;
    }
    assertThat(process.exitValue()).as(output()).isEqualTo(SIGKILL);
    return true;
  }

  /** Ends it as {@code kill -9} does, if it has not ended. */
  public void killUnlessEnded() {
    process.destroyForcibly();
  }

  /** In the process, which ends with its parent, if not before. */
  public static void main(String[] arguments) throws Exception {
    CrashPoint.establish();
    Plan plan = Plan.parse(List.of(arguments).subList(0, 4));
    Path folder = Path.of(arguments[4]);
    var random = new Random(plan.seed());
    ManagedSource source = source(plan, folder, List.of(arguments).subList(5, 9));
    List<PersistentSubscriber> subscribers = new ArrayList<>();
    for (String id : plan.ids()) {
      boolean last = subscribers.size() == plan.ids().size() - 1;
      Path file = folder.resolve(id + ".json");
      var itsRandom = new Random(random.nextLong());
      int heldAtBatch = last ? plan.heldAtBatch() : 0;
      subscribers.add(new PersistentSubscriber(source, id, file, itsRandom, heldAtBatch));
    }
    subscribers.forEach(PersistentProcess::startToFollow);
    source.start();
    while (System.in.read() >= 0) {
      // the parent says nothing, until it is gone
    }
    Runtime.getRuntime().halt(0);
  }

  private static ManagedSource source(Plan plan, Path folder, List<String> server) {
    var provider =
        PostgresBootstrapProvider.builder()
            .withHost(server.get(0))
            .withPort(Integer.parseInt(server.get(1)))
            .withDatabase(server.get(2))
            .withUser(TestDatabase.ROLE)
            .withPassword(TestDatabase.PASSWORD)
            .withBatchSize(50)
            .build();
    var source =
        PostgresReplicationSource.builder("killed")
            .withHost(server.get(0))
            .withPort(Integer.parseInt(server.get(1)))
            .withDatabase(server.get(2))
            .withUser(TestDatabase.ROLE)
            .withPassword(TestDatabase.PASSWORD)
            .withSlotName(server.get(3))
            .withMemoryLimitBytes(Long.getLong("killed.memoryLimitBytes", 8L << 20))
            .withSpillDir(folder)
            .withBootstrapProvider(provider);
    return plan.stateDir() ? source.withStateDir(folder).build() : source.build();
  }

  private static void startToFollow(PersistentSubscriber subscriber) {
    new Thread(
            () -> {
              try {
                subscriber.follow();
              } catch (Throwable e) {
                e.printStackTrace();
                Runtime.getRuntime().halt(1);
              }
            })
        .start();
  }
}
