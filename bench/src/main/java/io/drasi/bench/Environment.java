package io.drasi.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * Where and when something was measured.
 *
 * @param machine processors, memory and operating system
 * @param versions of what took part
 * @param jvm the Java of the contestants and its options
 * @param command what was typed
 * @param date the day, in UTC
 */
public record Environment(
    String machine, String versions, String jvm, String command, String date) {

  static Environment of(String server, String jvmOptions, String command) {
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return new Environment(
        "%d cores of %s, %d GB, %s %s"
            .formatted(
                Runtime.getRuntime().availableProcessors(),
                processor(),
                Math.round(system.getTotalMemorySize() / 1e9),
                System.getProperty("os.name"),
                System.getProperty("os.arch")),
        "PostgreSQL %s, Debezium %s, pgjdbc %s"
            .formatted(server, version(io.debezium.engine.DebeziumEngine.class), version(driver())),
        "%s %s, `%s`"
            .formatted(
                System.getProperty("java.vm.name"), Runtime.version().toString(), jvmOptions),
        command,
        LocalDate.now(ZoneOffset.UTC).toString());
  }

  private static Class<?> driver() {
    try {
      return DriverManager.getDriver("jdbc:postgresql://localhost/").getClass();
    } catch (SQLException e) {
      throw new IllegalStateException("the JDBC driver is missing", e);
    }
  }

  private static String version(Class<?> type) {
    String version = type.getPackage().getImplementationVersion();
    return version == null ? "of unknown version" : version;
  }

  private static String processor() {
    try {
      return Files.readAllLines(Path.of("/proc/cpuinfo"), StandardCharsets.ISO_8859_1).stream()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("an unknown processor");
    } catch (IOException e) {
      return "an unknown processor";
    }
  }
}
