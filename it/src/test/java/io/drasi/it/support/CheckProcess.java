package io.drasi.it.support;

import io.drasi.api.source.Finding;
import io.drasi.source.postgres.PostgresSourceCheck;
import io.drasi.source.postgres.PostgresSourceConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A check of a source in a process of its own, which has an environment of its own. */
public final class CheckProcess {
  private CheckProcess() {}

  /** Prints what is found for a source with the options {@code name=value} that it is given. */
  public static void main(String[] arguments) {
    Map<String, String> options = new HashMap<>();
    for (String argument : arguments) {
      String[] parts = argument.split("=", 2);
      options.put(parts[0], parts[1]);
    }
    for (Finding finding : PostgresSourceCheck.run(PostgresSourceConfig.parse(options))) {
      System.out.printf("%s %s: %s%n", finding.level(), finding.item(), finding.message());
    }
  }

  /** A line for each finding: its level, its item, its message. */
  public static List<String> findings(Map<String, String> environment, Map<String, String> options)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                CheckProcess.class.getName()));
    options.forEach((name, value) -> command.add(name + "=" + value));
    var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(environment);
    Process process = builder.start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
        .lines()
        .toList();
  }
}
