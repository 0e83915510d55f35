package io.drasi.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.drasi.it.support.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the process has at a moment.
 *
 * @param at since the beginning
 * @param heapBytes used, after a collection of what is garbage
 * @param files open files and sockets, as Linux tells
 * @param lagBytes what the slot has not confirmed
 */
record SoakSample(Duration at, long heapBytes, int threads, long files, long lagBytes) {
  private static final Logger log = LoggerFactory.getLogger(SoakSample.class);
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  /** Takes a sample. */
  static SoakSample take(Duration at, TestDatabase database) throws IOException, SQLException {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return new SoakSample(
        at,
        runtime.totalMemory() - runtime.freeMemory(),
        Thread.activeCount(),
        openFiles(),
        Long.parseLong(
            database.ask(
                "SELECT coalesce(max(pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn)),"
                    + " 0)"
                    + "::bigint FROM pg_replication_slots WHERE slot_name = '%s'"
                        .formatted(database.slot()))));
  }

  private static long openFiles() throws IOException {
    if (!Files.isDirectory(DESCRIPTORS)) {
      return 0;
    }
    try (Stream<Path> all = Files.list(DESCRIPTORS)) {
      return all.count();
    }
  }

  /** There is no more of anything in the last third than in the first one, by the median. */
  static void assertNothingGrows(List<SoakSample> samples) {
    assertFlat(samples, "heap", SoakSample::heapBytes, 8 << 20);
    assertFlat(samples, "threads", SoakSample::threads, 5);
    assertFlat(samples, "files", SoakSample::files, 10);
  }

  private static void assertFlat(
      List<SoakSample> samples, String what, ToLongFunction<SoakSample> value, long tolerance) {
    int third = samples.size() / 3;
    long first = median(samples.subList(0, third), value);
    long last = median(samples.subList(samples.size() - third, samples.size()), value);
    log.info("{}: median {} in the first third, {} in the last", what, first, last);
    assertThat(last).as(what).isLessThanOrEqualTo(first + tolerance);
  }

  private static long median(List<SoakSample> some, ToLongFunction<SoakSample> value) {
    return some.stream().mapToLong(value).sorted().skip(some.size() / 2).findFirst().orElseThrow();
  }
}
