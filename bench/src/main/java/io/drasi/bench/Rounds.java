package io.drasi.bench;

import io.drasi.bench.client.Measurement;
import io.drasi.bench.client.Task;
import io.drasi.embedded.postgres.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Measures a workload: every contestant once in each round, in turns. */
final class Rounds {
  private static final Duration PATIENCE = Duration.ofMinutes(20);

  private final EmbeddedPostgres server;
  private final Settings settings;
  private final Progress progress;
  private int failures;

  /**
   * How it is done.
   *
   * @param rounds how many rounds
   * @param jvmOptions of all contestants
   * @param jfr where this source's processes leave recordings; empty for none
   * @param log takes what contestants say about errors
   * @param latencySeconds how long rows are inserted and measured
   */
  record Settings(
      int rounds, List<String> jvmOptions, String jfr, Path log, Duration latencySeconds) {}

  /** Told how far it is. */
  interface Progress {
    void say(String line);
  }

  Rounds(EmbeddedPostgres server, Settings settings, Progress progress) {
    this.server = server;
    this.settings = settings;
    this.progress = progress;
  }

  /**
   * Measures; gives what each contestant measured, by its id. One that fails is left out of the
   * round, and told of.
   */
  Map<String, List<Measurement>> run(Workload workload, List<Contestant> contestants)
      throws SQLException, InterruptedException {
    Map<String, List<Measurement>> measured = new LinkedHashMap<>();
    contestants.forEach(contestant -> measured.put(contestant.id(), new ArrayList<>()));
    progress.say("%s: making %,d rows".formatted(workload.name(), workload.rows()));
    try (BenchDatabase database = BenchDatabase.create(server, workload)) {
      String end = workload.kind() == Workload.Kind.STREAM ? database.load(workload) : "";
      List<Contestant> order = new ArrayList<>(contestants);
      for (int round = 1; round <= settings.rounds(); round++) {
        for (Contestant contestant : order) {
          String what = what(workload, round, contestant);
          try {
            Measurement measurement = measure(workload, contestant, database, end);
            measured.computeIfAbsent(contestant.id(), id -> new ArrayList<>()).add(measurement);
            progress.say(what + figures(workload, measurement));
          } catch (IOException e) {
            failures++;
            progress.say(what + "FAILED: " + e.getMessage());
          }
        }
        Collections.rotate(order, 1);
      }
    }
    return measured;
  }

  /** How many measurements failed, and are in no result. */
  int failures() {
    return failures;
  }

  private String what(Workload workload, int round, Contestant contestant) {
    return "%s %d/%d %-20s"
        .formatted(workload.name(), round, settings.rounds(), contestant.title() + ":");
  }

  private static String figures(Workload workload, Measurement measured) {
    if (workload.kind() == Workload.Kind.LATENCY) {
      return measured.latencyMillis().toString();
    }
    return "%,12.0f rows/s, %6.2f CPU s, %,6d B allocated a row"
        .formatted(
            measured.rows() / measured.seconds(),
            measured.cpuSeconds(),
            measured.allocatedBytes() / Math.max(1, measured.rows()));
  }

  private Measurement measure(
      Workload workload, Contestant contestant, BenchDatabase database, String end)
      throws IOException, SQLException, InterruptedException {
    List<String> slots =
        IntStream.range(0, workload.sources()).mapToObj(i -> "bench_" + i).toList();
    for (String slot : slots) {
      switch (workload.kind()) {
        case STREAM -> database.copySlot(slot);
        case LATENCY -> {
          database.truncate(workload.tables().get(0));
          database.createSlot(slot);
        }
        case LOAD -> {}
      }
    }
    try {
      return measure(
          workload, contestant, database, task(workload, contestant, database, slots, end));
    } finally {
      for (String slot : slots) {
        database.dropSlot(slot);
      }
    }
  }

  private Measurement measure(
      Workload workload, Contestant contestant, BenchDatabase database, Task task)
      throws IOException, SQLException, InterruptedException {
    try (ClientProcess client =
        ClientProcess.start(task, jvmOptions(workload, contestant), PATIENCE, settings.log())) {
      client.awaitReady();
      long expected = workload.rows() * workload.sources();
      if (workload.kind() == Workload.Kind.LATENCY) {
        expected = insert(workload, database, task);
      }
      Measurement measurement = client.await();
      if (measurement.rows() != expected) {
        throw new IOException(
            "%s: %s has read %d rows of %d"
                .formatted(workload.name(), contestant.title(), measurement.rows(), expected));
      }
      return measurement;
    }
  }

  private long insert(Workload workload, BenchDatabase database, Task task)
      throws SQLException, InterruptedException {
    while (!database.isActive(task.slots().get(0))) {
      Thread.sleep(10);
    }
    long rows = new DueRows(database, workload.rows()).insert(settings.latencySeconds());
    database.insertMarker();
    return rows;
  }

  private List<String> jvmOptions(Workload workload, Contestant contestant) {
    List<String> options = new ArrayList<>(settings.jvmOptions());
    if (!settings.jfr().isEmpty() && contestant.id().startsWith("drasi")) {
      Path file = Path.of(settings.jfr(), workload.name() + "-" + contestant.id() + ".jfr");
      options.add("-Dbench.threads=true");
      options.add("-XX:StartFlightRecording=settings=profile,filename=" + file);
    }
    return options;
  }

  private Task task(
      Workload workload,
      Contestant contestant,
      BenchDatabase database,
      List<String> slots,
      String endLsn) {
    return new Task(
        contestant.kind(),
        contestant.variant(),
        server.host(),
        server.port(),
        database.name(),
        server.superuser(),
        server.superuserPassword(),
        slots,
        contestant == Contestant.DRASI_TEXT
            ? BenchDatabase.TEXT_PUBLICATION
            : BenchDatabase.PUBLICATION,
        workload.subscribers(),
        workload.kind() == Workload.Kind.LOAD ? workload.tables().get(0) : "",
        workload.rows(),
        endLsn,
        workload.kind() == Workload.Kind.LATENCY);
  }
}
