package io.drasi.bench;

import io.drasi.bench.client.Measurement;
import io.drasi.bench.report.Document;
import io.drasi.embedded.postgres.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command {@code ./drasi bench}. */
@Command(
    name = "drasi bench",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures the source beside its peers on a throw-away PostgreSQL, contestants in turns,"
          + " each in a process of its own.",
      "Results are kept in a file, workload by workload; --docs writes docs/performance.md from it."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  drasi bench                           everything, about an hour; then the document",
      "  drasi bench --workload small --rows 1000000 --rounds 5",
      "  drasi bench --smoke                   whether it works, in a minute: few rows, one round",
      "  drasi bench --jmh Row                 parts: codecs, framing, mapper, queue",
      "  drasi bench --docs                    the document, from what was measured before",
    })
public final class Bench implements Callable<Integer> {
  private static final int SMOKE_ROWS = 1_000;
  private static final List<String> SMOKE = List.of("small", "bootstrap-small", "latency-500");
  private static final int SMOKE_RATE = 200;

  @Option(
      names = "--workload",
      split = ",",
      description = "Which, instead of all: ${COMPLETION-CANDIDATES}.",
      completionCandidates = WorkloadNames.class)
  private List<String> workloads = new ArrayList<>();

  @Option(
      names = "--contestant",
      split = ",",
      description = "Who, instead of the workload's own: ${COMPLETION-CANDIDATES}.",
      completionCandidates = ContestantNames.class)
  private List<String> contestants = new ArrayList<>();

  @Option(names = "--rounds", description = "Rounds of each workload (default: ${DEFAULT-VALUE}).")
  private int rounds = 5;

  @Option(names = "--rows", description = "Rows, instead of the workload's own number.")
  private long rows;

  @Option(names = "--seconds", description = "How long latency is measured, at each rate.")
  private int seconds = 4;

  @Option(names = "--missing", description = "Only workloads that the results do not have yet.")
  private boolean missing;

  @Option(
      names = "--smoke",
      description = "Few rows, one round, some workloads; results and document apart.")
  private boolean smoke;

  @Option(names = "--docs", description = "Only write the document from the results.")
  private boolean docs;

  @Option(
      names = "--jmh",
      arity = "0..1",
      fallbackValue = ".*",
      paramLabel = "REGEX",
      description = "Instead of all that, run the JMH benchmarks of parts with such names.")
  private String jmh = "";

  @Option(names = "--results", description = "The file with the results.")
  private Path results = Path.of("bench/results.json");

  @Option(names = "--document", description = "The document, with its charts beside it.")
  private Path document = Path.of("docs/performance.md");

  @Option(
      names = "--jvm",
      description = "An option of every contestant's JVM (default: ${DEFAULT-VALUE}).")
  private List<String> jvm = new ArrayList<>(List.of("-Xmx512m"));

  @Option(names = "--jfr", description = "A folder for flight recordings of this source.")
  private String jfr = "";

  @Option(names = "--postgres-binaries", hidden = true)
  private Path binaries = Path.of("bench/target/app/postgres");

  private String command = "";

  Bench() {}

  /** Runs the command. */
  public static void main(String[] args) {
    var bench = new Bench();
    bench.command = "./drasi bench " + String.join(" ", args);
    System.exit(new CommandLine(bench).execute(args));
  }

  static final class WorkloadNames extends ArrayList<String> {
    private static final long serialVersionUID = 1;

    WorkloadNames() {
      super(Workloads.all().stream().map(Workload::name).toList());
    }
  }

  static final class ContestantNames extends ArrayList<String> {
    private static final long serialVersionUID = 1;

    ContestantNames() {
      super(Stream.of(Contestant.values()).map(Contestant::id).toList());
    }
  }

  @Override
  public Integer call() throws IOException, SQLException, InterruptedException {
    if (!jmh.isEmpty()) {
      Parts.run(jmh, rounds);
      return CommandLine.ExitCode.OK;
    }
    if (smoke) {
      rounds = 1;
      seconds = 1;
      results = Path.of("bench/target/smoke/results.json");
      document = Path.of("bench/target/smoke/performance.md");
      Files.deleteIfExists(results);
    }
    int failures = docs ? 0 : measure(Results.read(results));
    new Document(document).write(Results.read(results));
    say("%s is written from %s".formatted(document, results));
    if (failures > 0) {
      say("%d measurements failed; see bench/target/contestants.log".formatted(failures));
      return CommandLine.ExitCode.SOFTWARE;
    }
    return CommandLine.ExitCode.OK;
  }

  private int measure(Results all) throws IOException, SQLException, InterruptedException {
    List<Workload> wanted = wanted(all);
    try (EmbeddedPostgres server = server()) {
      say("PostgreSQL %s; %d workloads".formatted(server.version(), wanted.size()));
      var environment = Environment.of(server.version(), String.join(" ", jvm), command.strip());
      Path log = Path.of("bench/target/contestants.log");
      var runner =
          new Rounds(
              server,
              new Rounds.Settings(rounds, jvm, jfr, log, Duration.ofSeconds(seconds)),
              Bench::say);
      for (Workload workload : wanted) {
        Map<String, List<Measurement>> measured = runner.run(workload, contestants(workload));
        all.workloads()
            .put(
                workload.name(),
                new Results.Measured(
                    workload.title(),
                    workload.kind().name(),
                    workload.rows(),
                    environment,
                    measured));
        all.write(results);
      }
      return runner.failures();
    }
  }

  private List<Workload> wanted(Results all) {
    List<String> names = workloads.isEmpty() && smoke ? SMOKE : workloads;
    return (names.isEmpty() ? Workloads.all().stream() : names.stream().map(Workloads::of))
        .filter(workload -> !missing || !all.workloads().containsKey(workload.name()))
        .map(this::sized)
        .toList();
  }

  private Workload sized(Workload workload) {
    boolean isRate = workload.kind() == Workload.Kind.LATENCY;
    if (smoke) {
      return workload.withRows(isRate ? SMOKE_RATE : SMOKE_ROWS);
    }
    return rows > 0 && !isRate ? workload.withRows(rows) : workload;
  }

  private List<Contestant> contestants(Workload workload) {
    List<Contestant> wanted =
        contestants.isEmpty()
            ? workload.contestants()
            : contestants.stream().map(Contestant::of).toList();
    if (hasRecvLogical()) {
      return wanted;
    }
    if (wanted.contains(Contestant.PG_RECVLOGICAL)) {
      say("pg_recvlogical is not on the PATH, and the embedded server has none: it is left out");
    }
    return wanted.stream().filter(one -> one != Contestant.PG_RECVLOGICAL).toList();
  }

  private static boolean hasRecvLogical() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(java.io.File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "pg_recvlogical")));
  }

  private EmbeddedPostgres server() throws IOException {
    try (Stream<Path> files = Files.list(binaries)) {
      Path jar = files.findFirst().orElseThrow(() -> new IOException("no jar in " + binaries));
      return EmbeddedPostgres.builder(jar)
          .withUnpackedIn(binaries.resolveSibling("unpacked").toAbsolutePath())
          .withSetting("wal_level", "logical")
          .withSetting("max_wal_senders", "120")
          .withSetting("max_replication_slots", "120")
          .withSetting("max_connections", "300")
          .withSetting("shared_buffers", "512MB")
          .withSetting("max_wal_size", "16GB")
          .withSetting("checkpoint_timeout", "1h")
          .withSetting("autovacuum", "off")
          .withSetting("jit", "off")
          .start();
    }
  }

  private static void say(String line) {
    System.err.println(
        LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS) + " " + line);
  }
}
