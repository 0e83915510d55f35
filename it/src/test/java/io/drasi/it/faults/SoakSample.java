package io.drasi.it.faults;

import io.drasi.it.support.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * What the process has at a moment.
 *
 * @param at since the beginning
 * @param heapBytes used, after a collection of what is garbage
 * @param files open files and sockets, as Linux tells
 * @param lagBytes what the slot has not confirmed
 */
record SoakSample(Duration at, long heapBytes, int threads, long files, long lagBytes) {
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
                "SELECT coalesce(max(pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn)), 0)"
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
}
