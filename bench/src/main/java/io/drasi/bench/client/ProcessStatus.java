package io.drasi.bench.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What Linux tells of a process; all is 0 on other systems. */
record ProcessStatus(Path folder) {
  /** The same on all machines that Java runs on: USER_HZ. */
  private static final double TICKS_PER_SECOND = 100;

  private static final double LEAST_TOLD_SECONDS = 0.1;

  /** Columns of {@code stat}, counted behind the process's name. */
  private static final int USER_TICKS = 11;

  private static final int SYSTEM_TICKS = 12;
  private static final int CHILDREN_USER_TICKS = 13;

  private static final int CHILDREN_SYSTEM_TICKS = 14;

  static ProcessStatus self() {
    return new ProcessStatus(Path.of("/proc/self"));
  }

  static ProcessStatus of(long pid) {
    return new ProcessStatus(Path.of("/proc", Long.toString(pid)));
  }

  /** The most memory that was in use; 0 when the process is gone. */
  long peakRssBytes() {
    return lines("status").stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .findFirst()
        .orElse(0);
  }

  /** What the threads that live took of the processors, by name, as a line of text. */
  String threads() {
    try (Stream<Path> tasks = Files.list(folder.resolve("task"))) {
      return tasks
          .map(ProcessStatus::new)
          .filter(task -> task.cpuSeconds() >= LEAST_TOLD_SECONDS)
          .map(task -> task.threadName() + "=" + task.cpuSeconds())
          .collect(Collectors.joining(", "));
    } catch (IOException e) {
      return "";
    }
  }

  private String threadName() {
    return lines("comm").stream().findFirst().orElse("?");
  }

  private double cpuSeconds() {
    return seconds(USER_TICKS, SYSTEM_TICKS);
  }

  /** What the children that have ended took of the processors. */
  double childrenCpuSeconds() {
    return seconds(CHILDREN_USER_TICKS, CHILDREN_SYSTEM_TICKS);
  }

  private double seconds(int user, int system) {
    return lines("stat").stream()
        .mapToDouble(
            line -> {
              List<String> fields = List.of(line.substring(line.lastIndexOf(')') + 2).split(" "));
              return (Long.parseLong(fields.get(user)) + Long.parseLong(fields.get(system)))
                  / TICKS_PER_SECOND;
            })
        .sum();
  }

  private List<String> lines(String file) {
    try {
      return Files.readAllLines(folder.resolve(file), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return List.of();
    }
  }
}
